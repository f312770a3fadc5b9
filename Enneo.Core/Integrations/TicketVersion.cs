using System.Globalization;
using Enneo.Core.Analysis;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>
/// By what one sees that a ticket is still as it was read, without reading it. Every change of a ticket is in the log, but
/// history that comes in; that changes how many messages there are.
/// </summary>
/// <param name="Sequence">Of the newest entry about the ticket.</param>
/// <param name="House">Of the newest entry that is about no ticket: mailboxes, tags and people are shown with tickets.</param>
/// <param name="Language">What was read of its first mail; nobody did it, so that it stands in no log.</param>
/// <param name="Sentiment">The same of its newest.</param>
/// <param name="Outgoing">Another one whenever a mail of it that leaves is another step on.</param>
internal sealed record TicketVersion(
    long MailboxId, uint Version, int MessageCount, int UnreadCount, long Sequence, string? Language, Sentiment? Sentiment, long House = 0, long Outgoing = 0)
{
    /// <summary>A strong <c>ETag</c> (RFC 9110, section 8.8.3).</summary>
    public string TagOf(long ticketId) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{ticketId}-{Version}-{Sequence}-{MessageCount}-{UnreadCount}{Read(Language)}{Read(Sentiment?.ToString())}\"");

    private static string Read(string? what) => what is null ? "" : "-" + what;
}

/// <summary>Asks for the version of a ticket: at every call of those who look again and again, so its query is made once.</summary>
internal sealed class TicketVersions
{
    private readonly Func<EnneoDbContext, long, CancellationToken, Task<TicketVersion?>> _find = EF.CompileAsyncQuery(
        (EnneoDbContext db, long ticketId, CancellationToken cancellationToken) => db.Tickets
            .Where(t => t.Id == ticketId)
            .Select(t => new TicketVersion(
                t.MailboxId, t.Version, t.MessageCount, t.UnreadCount,
                db.Activity.Where(e => e.TicketId == t.Id).Max(e => (long?)e.Sequence) ?? 0,
                db.Messages.Where(m => m.TicketId == t.Id).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).Select(m => m.Language).FirstOrDefault(),
                db.Messages.Where(m => m.TicketId == t.Id).Join(db.MailAnalyses, m => m.Id, a => a.MessageId, (m, a) => a).Where(a => a.Sentiment != null).OrderByDescending(a => a.MessageId).Select(a => a.Sentiment).FirstOrDefault(),
                db.Activity.Where(e => e.TicketId == null).Max(e => (long?)e.Sequence) ?? 0,
                db.Outbox.Where(o => o.TicketId == t.Id).Sum(o => (long)o.Version + 1)))
            .SingleOrDefault());

    /// <returns>Null if there is no such ticket.</returns>
    public Task<TicketVersion?> FindAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) => _find(db, ticketId, cancellationToken);

    /// <summary>The same but for what is around it, asked now and then: a query that was made for contexts that read is of no use to the writer lane's.</summary>
    /// <returns>Null if there is no such ticket.</returns>
    public static async Task<string?> FindTagAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken)
    {
        var version = await db.Tickets
            .Where(t => t.Id == ticketId)
            .Select(t => new TicketVersion(
                t.MailboxId, t.Version, t.MessageCount, t.UnreadCount,
                db.Activity.Where(e => e.TicketId == t.Id).Max(e => (long?)e.Sequence) ?? 0,
                db.Messages.Where(m => m.TicketId == t.Id).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).Select(m => m.Language).FirstOrDefault(),
                db.Messages.Where(m => m.TicketId == t.Id).Join(db.MailAnalyses, m => m.Id, a => a.MessageId, (m, a) => a).Where(a => a.Sentiment != null).OrderByDescending(a => a.MessageId).Select(a => a.Sentiment).FirstOrDefault(),
                0, 0))
            .SingleOrDefaultAsync(cancellationToken);
        return version?.TagOf(ticketId);
    }
}
