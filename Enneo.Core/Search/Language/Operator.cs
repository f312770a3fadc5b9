namespace Enneo.Core.Search.Language;

/// <summary>A word that, before a colon, says what the word behind it means.</summary>
public enum Operator
{
    From,
    To,
    Subject,
    FileName,
    Has,
    Is,
    Mailbox,
    Tag,
    Before,
    After,
}

public static class Operators
{
    /// <summary>As they are typed, in the order in which they are offered.</summary>
    public static IReadOnlyList<(string Name, Operator Operator)> All { get; } =
    [
        ("from", Operator.From),
        ("to", Operator.To),
        ("subject", Operator.Subject),
        ("has", Operator.Has),
        ("filename", Operator.FileName),
        ("is", Operator.Is),
        ("mailbox", Operator.Mailbox),
        ("tag", Operator.Tag),
        ("before", Operator.Before),
        ("after", Operator.After),
    ];

    /// <summary>What may follow <c>is:</c>.</summary>
    public static IReadOnlyList<string> States { get; } = ["unread", "read", "open", "closed"];

    public const string Attachment = "attachment";

    public static Operator? Find(string name) => All.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Name: not null } found
        ? found.Operator
        : null;
}
