using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Net;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>That a mail can be unsubscribed from with one request.</summary>
/// <param name="Host">Whose server is asked.</param>
/// <param name="IsVouched">The sender's domain stands behind it; else asking may only tell a stranger that the mail was read.</param>
/// <param name="Before">What came of the last time; null where nobody asked yet.</param>
public sealed record UnsubscribeOffer(long MessageId, string Sender, string Host, bool IsVouched, UnsubscribeOutcome? Before, DateTimeOffset? AskedAt);

/// <summary>Asks the sender of mass mail, by the one request that its mail names (RFC 8058), to send no more. Only ever when a person says so.</summary>
public sealed class Unsubscribing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, GuardedHttp http, TimeProvider clock)
{
    private const string Form = "List-Unsubscribe=One-Click";

    /// <returns>What the newest mail of the ticket offers; null if it offers nothing.</returns>
    public async Task<UnsubscribeOffer?> FindOfferAsync(Reach reach, long ticketId, CancellationToken cancellationToken) =>
        await FindAsync(reach, ticketId, cancellationToken) is { } found
            ? new UnsubscribeOffer(found.MessageId, found.Sender, found.Link.Address.IdnHost, found.Link.IsVouched, found.Before?.Outcome, found.Before?.At)
            : null;

    /// <returns>Null where nothing is offered, or it is out of reach.</returns>
    public async Task<UnsubscribeOutcome?> RunAsync(long ticketId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await FindAsync(await ReachOfAsync(actor, cancellationToken), ticketId, cancellationToken) is not { } found)
        {
            return null;
        }

        var status = await http.PostFormAsync(found.Link.Address, Form, cancellationToken);
        var outcome = status is null ? UnsubscribeOutcome.NoAnswer
            : (int)status is >= 200 and < 300 ? UnsubscribeOutcome.Done
            : UnsubscribeOutcome.Refused;
        await lane.RunAsync((db, token) => KeepAsync(db, found, ticketId, outcome, actor, origin, token), cancellationToken);
        return outcome;
    }

    private async Task<Reach> ReachOfAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Reaches.OfAsync(db, actor, cancellationToken);
    }

    private async Task<Found?> FindAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var newest = await (
            from message in reach.Of(db.Messages)
            where message.TicketId == ticketId && message.Direction == MessageDirection.In
            join mailbox in db.Mailboxes on message.MailboxId equals mailbox.Id
            join source in db.Sources on message.SourceId equals source.Id
            orderby message.Id descending
            select new { message.Id, message.MailboxId, message.FromAddress, source, mailbox.Spam.AuthenticationServer }).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        if (newest is null
            || await StoredHeader.ReadAsync(store, newest.source, clock, cancellationToken) is not { } headers
            || OneClickLink.Of(headers, newest.AuthenticationServer, http.MayPost) is not { } link)
        {
            return null;
        }

        var sender = newest.FromAddress.ToLowerInvariant();
        var before = await db.Unsubscriptions.AsNoTracking().SingleOrDefaultAsync(u => u.MailboxId == newest.MailboxId && u.Sender == sender, cancellationToken);
        return new Found(newest.Id, newest.MailboxId, sender, link, before);
    }

    private async Task KeepAsync(EnneoDbContext db, Found found, long ticketId, UnsubscribeOutcome outcome, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await db.Unsubscriptions.SingleOrDefaultAsync(u => u.MailboxId == found.MailboxId && u.Sender == found.Sender, cancellationToken) is { } known)
        {
            (known.Outcome, known.At, known.UserId) = (outcome, clock.GetUtcNow(), actor.UserId);
        }
        else
        {
            db.Unsubscriptions.Add(new Unsubscription { MailboxId = found.MailboxId, Sender = found.Sender, Outcome = outcome, At = clock.GetUtcNow(), UserId = actor.UserId });
        }

        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.SenderUnsubscribed, actor, origin, clock, found.MailboxId, ticketId, found.MessageId, ("sender", null, found.Sender), ("outcome", null, outcome.ToString())));
        await db.SaveChangesAsync(cancellationToken);
    }

    private sealed record Found(long MessageId, long MailboxId, string Sender, OneClickLink Link, Unsubscription? Before);
}
