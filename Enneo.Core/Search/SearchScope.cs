using Enneo.Core.Identity;

namespace Enneo.Core.Search;

/// <summary>Whose mail is searched: part of what the index is asked for, so that a mail out of reach is never even counted.</summary>
/// <param name="MailboxIds">Null for all; none means that nothing is found.</param>
internal sealed record SearchScope(IReadOnlyCollection<long>? MailboxIds, bool? HasAttachments)
{
    /// <summary>Of which mailboxes, as the index is asked for it; null for all.</summary>
    public string? OfMailboxes => MailboxIds is null ? null : Of([.. MailboxIds.Select(SearchDocument.InMailbox).DefaultIfEmpty("none")]);

    /// <param name="mailboxIds">Null for all within reach.</param>
    /// <returns>Null for all there are.</returns>
    public static IReadOnlyCollection<long>? Within(Reach reach, IReadOnlyCollection<long>? mailboxIds) =>
        mailboxIds is null ? reach.MailboxIds : [.. mailboxIds.Where(reach.Covers)];

    /// <param name="needsOne">Nothing else is asked for.</param>
    public IEnumerable<string> Clauses(bool needsOne)
    {
        if (OfMailboxes is { } mailboxes)
        {
            yield return mailboxes;
        }
        else if (needsOne)
        {
            yield return Of(SearchDocument.AnyMail);
        }

        if (HasAttachments is true)
        {
            yield return Of(SearchDocument.WithAttachment);
        }
    }

    public IEnumerable<string> Exclusions() => HasAttachments is false ? [Of(SearchDocument.WithAttachment)] : [];

    private static string Of(params IReadOnlyCollection<string> words) =>
        $"{SearchMatch.Columns.Scope} : ({string.Join(" OR ", words.Select(SearchMatch.Quote))})";
}
