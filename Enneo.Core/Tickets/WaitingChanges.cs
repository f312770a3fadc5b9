using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>Something that was changed here and that the mail server does not know.</summary>
/// <param name="Subject">Of its message.</param>
/// <param name="Folder">Where to, for <see cref="ServerChangeKind.Move"/>.</param>
/// <param name="Refusal">In words, what the server said to it; null when it was not asked.</param>
/// <param name="IsOnlyHere">Its mailbox is in shadow mode: the server is not to know.</param>
public sealed record WaitingChange(
    long Id, long MessageId, long TicketId, string Subject, ServerChangeKind Kind, bool Value, string? Folder, string? Refusal, bool IsOnlyHere);

/// <summary>What waits in a mailbox, and how much of each kind.</summary>
public sealed record WaitingInMailbox(IReadOnlyDictionary<ServerChangeKind, int> Changes, IReadOnlyList<WaitingChange> First)
{
    public int Count => Changes.Values.Sum();
}

/// <summary>The reads of what waits to be told to mail servers.</summary>
public sealed class WaitingChanges(IDbContextFactory<EnneoDbContext> dbFactory)
{
    private const int Shown = 20;

    /// <returns>What stays here in shadow mode, and what the server refused; what is merely on its way is not among it.</returns>
    public async Task<IReadOnlyList<WaitingChange>> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var ofTicket = reach.Of(db.ServerChanges)
            .Where(c => db.Messages.Any(m => m.Id == c.MessageId && m.TicketId == ticketId))
            .Where(c => c.Refusal != null || db.Mailboxes.Any(m => m.Id == c.MailboxId && m.IsShadow));
        return await Read(db, ofTicket).ToListAsync(cancellationToken);
    }

    /// <returns>All that waits in a mailbox, the first ones named: those that were refused, then the oldest.</returns>
    public async Task<WaitingInMailbox> OfMailboxAsync(Reach reach, long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var waiting = reach.Of(db.ServerChanges).Where(c => c.MailboxId == mailboxId);
        var counts = await waiting.GroupBy(c => c.Kind).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return new WaitingInMailbox(counts, await Read(db, waiting.OrderBy(c => c.Refusal == null).ThenBy(c => c.Id).Take(Shown)).ToListAsync(cancellationToken));
    }

    private static IQueryable<WaitingChange> Read(EnneoDbContext db, IQueryable<ServerChange> changes) =>
        from change in changes
        join message in db.Messages on change.MessageId equals message.Id
        join mailbox in db.Mailboxes on change.MailboxId equals mailbox.Id
        orderby change.Refusal == null, change.Id
        select new WaitingChange(
            change.Id, message.Id, message.TicketId, message.Subject, change.Kind, change.Value,
            db.Folders.Where(f => f.Id == change.ToFolderId).Select(f => f.FullName).FirstOrDefault(), change.Refusal, mailbox.IsShadow);
}
