namespace Enneo.Core.Integrations.Comparison;

public enum FindingKind
{
    /// <summary>The helpdesk never took it in.</summary>
    NeverImported,

    /// <summary>The helpdesk has it more than once.</summary>
    ImportedTwice,

    /// <summary>The helpdesk has it in another ticket than what it belongs to.</summary>
    ThreadedElsewhere,

    /// <summary>The helpdesk took it in late.</summary>
    Delayed,

    /// <summary>The helpdesk has it, and we have not.</summary>
    MissingHere,
}

/// <summary>A mail as it lies here.</summary>
public sealed record OwnMail(long Id, long TicketId, string InternetMessageId, DateTimeOffset ReceivedAt, bool IsIncoming, string From, string Subject);

/// <summary>A mail that the two do not agree on.</summary>
/// <param name="Own">Null where we have it not.</param>
/// <param name="Tickets">Numbers of the tickets there.</param>
/// <param name="Expected">The ticket there that it belongs to, where it lies in another.</param>
/// <param name="Delay">How late it came.</param>
public sealed record Finding(FindingKind Kind, string InternetMessageId, OwnMail? Own, IReadOnlyList<string> Tickets, string? Expected = null, TimeSpan? Delay = null);

/// <summary>What came of it.</summary>
/// <param name="Both">Mails, by Message-ID, that both have.</param>
/// <param name="Outside">Ours that came before the helpdesk's first, or after its list was made.</param>
/// <param name="Nameless">Ours without a Message-ID, of which nothing can be said.</param>
public sealed record ComparisonResult(IReadOnlyList<Finding> Findings, int Both, int Outside, int Nameless)
{
    /// <summary>When the helpdesk had its first mail: ours from before are none that it lost.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>What came later, it may well not have had when it made its list.</summary>
    public required DateTimeOffset Until { get; init; }

    public int Count(FindingKind kind) => Findings.Count(finding => finding.Kind == kind);
}

/// <summary>
/// Lays what a helpdesk has of a mailbox beside what we have of it, mail by mail, by their Message-IDs. Tickets belong to
/// each other that have most mails in common.
/// </summary>
public static class MailComparison
{
    /// <param name="listedAt">When the helpdesk made its list.</param>
    /// <param name="tolerance">What came no later than this came in time.</param>
    /// <param name="merged">Tickets of ours into which people merged others: several there may belong to one of these.</param>
    public static ComparisonResult Of(
        IReadOnlyCollection<OwnMail> mails, IReadOnlyCollection<HelpdeskRow> rows, DateTimeOffset listedAt, TimeSpan tolerance, IReadOnlySet<long>? merged = null)
    {
        var listed = rows.GroupBy(row => row.MessageId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var own = mails.Where(mail => mail.InternetMessageId.Length > 0)
            .GroupBy(mail => mail.InternetMessageId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.OrderBy(mail => !mail.IsIncoming).ThenBy(mail => mail.Id).First(), StringComparer.Ordinal);
        var both = own.Values.Where(mail => listed.ContainsKey(mail.InternetMessageId)).OrderBy(mail => mail.ReceivedAt).ThenBy(mail => mail.Id).ToList();
        var first = both.Select(mail => mail.ReceivedAt).Concat(rows.Where(row => row.At is not null).Select(row => row.At!.Value)).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var absent = own.Values.Where(mail => mail.IsIncoming && !listed.ContainsKey(mail.InternetMessageId)).ToList();
        var until = listedAt - tolerance;
        var lost = absent.Where(mail => mail.ReceivedAt >= first && mail.ReceivedAt <= until).OrderBy(mail => mail.ReceivedAt).ToList();

        IEnumerable<Finding> findings =
        [
            .. lost.Select(mail => new Finding(FindingKind.NeverImported, mail.InternetMessageId, mail, [])),
            .. both.Where(mail => listed[mail.InternetMessageId].Count > 1).Select(mail => new Finding(FindingKind.ImportedTwice, mail.InternetMessageId, mail, TicketsOf(listed[mail.InternetMessageId]))),
            .. Elsewhere(both, listed, merged ?? new HashSet<long>()),
            .. both.Select(mail => Late(mail, listed[mail.InternetMessageId], tolerance)).OfType<Finding>(),
            .. listed.Where(pair => !own.ContainsKey(pair.Key)).Select(pair => new Finding(FindingKind.MissingHere, pair.Key, null, TicketsOf(pair.Value))),
        ];
        return new ComparisonResult([.. findings], both.Count, absent.Count - lost.Count, mails.Count(mail => mail.InternetMessageId.Length == 0)) { From = first, Until = until };
    }

    /// <returns>By our ticket the one there that belongs to it, where each is the other's.</returns>
    internal static IReadOnlyDictionary<long, string> Counterparts(IReadOnlyList<(long TicketId, string Ticket)> pairs)
    {
        var theirs = Mostly(pairs, pair => pair.TicketId, pair => pair.Ticket);
        var ours = Mostly(pairs, pair => pair.Ticket, pair => pair.TicketId);
        return theirs.Where(pair => ours[pair.Value] == pair.Key).ToDictionary();
    }

    /// <summary>A mail lies right where it lies in the counterpart of its ticket; one that has none there has nothing to be compared with.</summary>
    private static IEnumerable<Finding> Elsewhere(List<OwnMail> both, Dictionary<string, List<HelpdeskRow>> listed, IReadOnlySet<long> merged)
    {
        var pairs = PairsOf(both, listed);
        var theirs = Mostly(pairs, pair => pair.TicketId, pair => pair.Ticket);
        var ours = Mostly(pairs, pair => pair.Ticket, pair => pair.TicketId);
        return
            from mail in both
            let tickets = TicketsOf(listed[mail.InternetMessageId])
            let expected = theirs[mail.TicketId]
            where !tickets.Contains(expected) || ours[expected] != mail.TicketId
            where !merged.Contains(mail.TicketId) || !tickets.Exists(ticket => ours.TryGetValue(ticket, out var belongs) && belongs == mail.TicketId)
            select new Finding(FindingKind.ThreadedElsewhere, mail.InternetMessageId, mail, tickets, tickets.Contains(expected) ? null : expected);
    }

    /// <returns>Each mail once, in the first ticket that has it.</returns>
    internal static List<(long TicketId, string Ticket)> PairsOf(IEnumerable<OwnMail> both, IReadOnlyDictionary<string, List<HelpdeskRow>> listed) =>
        [.. both.Select(mail => (mail.TicketId, listed[mail.InternetMessageId][0].Ticket))];

    /// <summary>Of equally many the one that came first.</summary>
    private static Dictionary<TKey, TValue> Mostly<T, TKey, TValue>(IEnumerable<T> pairs, Func<T, TKey> key, Func<T, TValue> value)
        where TKey : notnull
        where TValue : notnull =>
        pairs.GroupBy(key).ToDictionary(group => group.Key, group => group.GroupBy(value).MaxBy(same => same.Count())!.Key);

    private static Finding? Late(OwnMail mail, List<HelpdeskRow> rows, TimeSpan tolerance)
    {
        var delay = rows.Min(row => row.At) - mail.ReceivedAt;
        return mail.IsIncoming && delay > tolerance ? new Finding(FindingKind.Delayed, mail.InternetMessageId, mail, TicketsOf(rows), Delay: delay) : null;
    }

    private static List<string> TicketsOf(List<HelpdeskRow> rows) => [.. rows.Select(row => row.Ticket).Distinct()];
}
