namespace Enneo.Core.Search.Language;

/// <summary>Where a word is looked for.</summary>
public enum SearchField
{
    Anywhere,
    Subject,
    From,
    To,
    FileName,
}

/// <param name="Words">As typed: a word, or the words of a phrase.</param>
/// <param name="IsPrefix">Its last word may go on.</param>
public sealed record SearchTerm(SearchField Field, string Words, bool IsPrefix);

/// <summary>What a person wants to find. <see cref="QueryReader"/> makes it of what they typed.</summary>
public sealed record SearchQuery
{
    /// <summary>All of these, and of each at least one.</summary>
    public IReadOnlyList<IReadOnlyList<SearchTerm>> All { get; init; } = [];

    public IReadOnlyList<SearchTerm> None { get; init; } = [];

    /// <summary>Names or addresses, or parts of them; any of these.</summary>
    public IReadOnlyList<string> Mailboxes { get; init; } = [];

    public IReadOnlyList<string> OtherMailboxes { get; init; } = [];
    /// <summary>Names of tags, or parts of them; all of these.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> OtherTags { get; init; } = [];
    public bool? HasAttachments { get; init; }
    public bool? IsUnread { get; init; }
    public bool? IsClosed { get; init; }

    /// <summary>Received then or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Received earlier.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>What could not be taken as it was typed, in sentences; the rest of the query stands.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>There is nothing to look for.</summary>
    public bool IsEmpty => All.Count + None.Count + Mailboxes.Count + OtherMailboxes.Count + Tags.Count + OtherTags.Count == 0
        && (HasAttachments, IsUnread, IsClosed, After, Before) is (null, null, null, null, null);
}
