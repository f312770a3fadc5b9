using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which ticket and message here is which there.</summary>
internal sealed class TicketLinks(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TicketRegrouping regrouping, SyncedMessages records, TimeProvider clock)
{
    /// <returns>What the other system calls a ticket of ours; several where tickets were merged here. The first is the one that messages go to.</returns>
    public async Task<IReadOnlyList<string>> OfOursAsync(ActingIntegration acting, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var names = await db.Set<ExternalTicket>().Where(e => e.OwnerId == acting.OwnerId && e.TicketId == ticketId).Select(e => e.ExternalId).ToListAsync(cancellationToken);
        return [.. names.OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)];
    }

    /// <returns>Null where it is none of ours yet.</returns>
    public async Task<long?> OfTheirsAsync(ActingIntegration acting, string externalId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await ExternalIds.FindTicketAsync(db, acting.OwnerId, externalId, cancellationToken);
    }

    /// <summary>Whether a ticket that was in both systems is gone here: it does not come again by itself.</summary>
    public async Task<bool> WasThereAsync(ActingIntegration acting, string externalId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<SyncedTicket>().AnyAsync(t => t.IntegrationId == acting.Integration.Id && t.ExternalTicketId == externalId, cancellationToken);
    }

    /// <returns>The ticket of ours that a name of ours means, also where it was merged; null if it is gone.</returns>
    public async Task<long?> NamedAsync(ActingIntegration acting, OtherTicket theirs, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var named = acting.Integration.TicketOf(theirs.OurName);
        if (named is null && theirs.Messages.Select(message => acting.Integration.MessageOf(message.OurName)).FirstOrDefault(id => id is not null) is { } messageId)
        {
            named = await db.Messages.Where(m => m.Id == messageId).Select(m => (long?)m.TicketId).SingleOrDefaultAsync(cancellationToken);
        }

        var ticketId = await db.TicketMerges.Where(m => m.TicketId == named).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(cancellationToken) ?? named;
        return await db.Tickets.AnyAsync(t => t.Id == ticketId && t.MailboxId == acting.Integration.MailboxId, cancellationToken) ? ticketId : null;
    }

    /// <returns>Other tickets, by what the other system calls them, in which messages lie here that it has in this one: it may have merged them.</returns>
    public async Task<IReadOnlyList<(long TicketId, string Name)>> StraysAsync(ActingIntegration acting, long ticketId, OtherTicket theirs, CancellationToken cancellationToken)
    {
        var ids = theirs.Messages.Select(message => message.Id).ToList();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tickets = db.Set<ExternalMessage>().Where(e => e.OwnerId == acting.OwnerId && ids.Contains(e.ExternalId)).Join(db.Messages, e => e.MessageId, m => m.Id, (_, m) => m.TicketId).Where(id => id != ticketId);
        var found = await db.Set<ExternalTicket>().Where(e => e.OwnerId == acting.OwnerId && tickets.Contains(e.TicketId)).Select(e => new { e.TicketId, e.ExternalId }).ToListAsync(cancellationToken);
        return [.. found.Select(one => (one.TicketId, one.ExternalId))];
    }

    /// <summary>A message of theirs has come here: also where it is erased here, it does not come again.</summary>
    /// <param name="left">What of it did not come, in words; null where all did.</param>
    public Task TookAsync(ActingIntegration acting, string externalTicketId, OtherMessage message, string? left, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Set<TakenMessage>().FindAsync([acting.Integration.Id, message.Id], token) is null)
            {
                db.Add(new TakenMessage { IntegrationId = acting.Integration.Id, ExternalId = message.Id });
            }

            if (await ExternalIds.FindMessageAsync(db, acting.OwnerId, message.Id, token) is { } id && await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, token) is { } row)
            {
                var seen = records.Seen(acting, externalTicketId, message, row);
                seen.Problem = left;
                await AddAsync(db, seen, token);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    public Task LinkAsync(ActingIntegration acting, long ticketId, string externalId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Set<ExternalTicket>().AnyAsync(e => e.OwnerId == acting.OwnerId && e.ExternalId == externalId && e.TicketId == ticketId, token)
                || !await db.Tickets.AnyAsync(t => t.Id == ticketId, token))
            {
                return;
            }

            await db.Set<ExternalTicket>().Where(e => e.OwnerId == acting.OwnerId && e.ExternalId == externalId).ExecuteDeleteAsync(token);
            db.Add(new ExternalTicket { OwnerId = acting.OwnerId, ExternalId = externalId, TicketId = ticketId });
            db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketFactsChanged, acting.Actor, acting.Origin, clock, acting.Integration.MailboxId, ticketId, changes: ("externalTicketId", null, null)));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <param name="agreed">What both have by it; null where that is yet to be compared.</param>
    /// <exception cref="OtherSystemException">Another message of ours is that one there: it is this ticket's trouble alone.</exception>
    public async Task LinkMessageAsync(ActingIntegration acting, long messageId, string externalId, SyncedMessage? agreed, CancellationToken cancellationToken)
    {
        try
        {
            await lane.RunAsync((db, token) => LinkMessageAsync(db, acting, messageId, externalId, agreed, token), cancellationToken);
        }
        catch (PatchRefusedException)
        {
            throw new OtherSystemException(409, ConnectedText.IsAnotherThere, null);
        }
    }

    private static async Task<int> LinkMessageAsync(EnneoDbContext db, ActingIntegration acting, long messageId, string externalId, SyncedMessage? agreed, CancellationToken token)
    {
        if (agreed is not null)
        {
            await AddAsync(db, agreed, token); // also where it was deleted here meanwhile: so that is known
        }

        if (await db.Messages.AnyAsync(m => m.Id == messageId, token))
        {
            await ExternalIds.AddMessageAsync(db, acting.OwnerId, messageId, externalId, token);
        }

        var name = acting.Integration.NameOfMessage(messageId);
        await db.Set<OpeningAttempt>().Where(a => a.IntegrationId == acting.Integration.Id && a.Name == name).ExecuteDeleteAsync(token); // it is known how that ended
        return await db.SaveChangesAsync(token);
    }

    private static async Task AddAsync(EnneoDbContext db, SyncedMessage message, CancellationToken cancellationToken)
    {
        if (await db.Set<SyncedMessage>().FindAsync([message.IntegrationId, message.ExternalId], cancellationToken) is null)
        {
            db.Add(message);
        }
    }

    /// <summary>What was merged there is merged here.</summary>
    /// <returns>The ticket that is left.</returns>
    public async Task<long> FollowMergeAsync(ActingIntegration acting, long ticketId, string from, string into, CancellationToken cancellationToken)
    {
        var other = await OfTheirsAsync(acting, into, cancellationToken);
        if (other is { } known && known != ticketId)
        {
            var merged = await regrouping.MergeAsync([ticketId, known], acting.Actor, acting.Origin, cancellationToken);
            ticketId = merged.Done?.TicketId ?? known;
        }

        await LinkAsync(acting, ticketId, into, cancellationToken);
        await lane.RunAsync((db, token) => db.Set<ExternalTicket>().Where(e => e.OwnerId == acting.OwnerId && e.ExternalId == from).ExecuteDeleteAsync(token), cancellationToken);
        return ticketId;
    }
}
