using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>The mails that come in before the tests, by their subjects. Each is of a sender of its own.</summary>
internal static class MeaningMail
{
    /// <summary>Found by its header.</summary>
    public const string ByHeader = "order found by its header";

    /// <summary>Found by the model.</summary>
    public const string ByModel = "order found by the model";

    /// <summary>To compare with.</summary>
    public const string Clean = "order that is wanted";

    /// <summary>Of no subject for which something is done.</summary>
    public const string Plain = "hello to all";

    /// <summary>Found by the header: for tests that say what it is.</summary>
    public static readonly string[] Hidden = [.. Enumerable.Range(1, 12).Select(i => $"hidden order {i}")];

    /// <summary>Wanted: likewise.</summary>
    public static readonly string[] Shown = [.. Enumerable.Range(1, 8).Select(i => $"shown order {i}")];

    public static IReadOnlyDictionary<string, Func<MimeMessage>> All { get; } = new Dictionary<string, Func<MimeMessage>>
    {
        [ByHeader] = () => Flagged(ByHeader),
        [ByModel] = () => Obvious(ByModel, SenderOf(ByModel)),
        [Clean] = () => Wanted(Clean, SenderOf(Clean)),
        [Plain] = () => Wanted(Plain, SenderOf(Plain)),
    }
        .Concat(Hidden.Select(subject => KeyValuePair.Create(subject, () => Flagged(subject))))
        .Concat(Shown.Select(subject => KeyValuePair.Create(subject, () => Wanted(subject, SenderOf(subject)))))
        .ToDictionary();

    public static string SenderOf(string subject) => $"{subject.Replace(' ', '.')}@customer.example";

    public static MimeMessage Flagged(string subject) => Wanted(subject, SenderOf(subject)).With("X-Spam-Flag", "YES");

    /// <summary>What one of us wrote in another mail program.</summary>
    public static MimeMessage Ours(string from, string subject, string to)
    {
        var mail = Wanted(subject, from);
        mail.To.Clear();
        mail.To.Add(MailboxAddress.Parse(to));
        return mail;
    }
}
