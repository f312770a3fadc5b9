using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>
/// People give and take tags, of any number of tickets. Each operation is one transaction and returns what it changed;
/// tickets that do not exist for the actor, or are so already, are passed over.
/// </summary>
public sealed class TicketTagging(WriterLane lane, TimeProvider clock)
{
    /// <summary>Tickets of mailboxes to which the tag does not apply are passed over too.</summary>
    public Task<IReadOnlyList<TagChange>> GiveAsync(
        IReadOnlyCollection<long> ticketIds, long tagId, Actor actor, string origin, CancellationToken cancellationToken) =>
        SetAsync(ticketIds, tagId, isGiven: true, actor, origin, cancellationToken);

    /// <summary>What a person takes off is not given again by itself.</summary>
    public Task<IReadOnlyList<TagChange>> TakeAsync(
        IReadOnlyCollection<long> ticketIds, long tagId, Actor actor, string origin, CancellationToken cancellationToken) =>
        SetAsync(ticketIds, tagId, isGiven: false, actor, origin, cancellationToken);

    /// <summary>Takes changes back, and the priority and due times that a tag had set, but for what was changed again meanwhile.</summary>
    /// <returns>Whether anything was.</returns>
    public Task<bool> UndoAsync(IReadOnlyList<TagChange> changes, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var undone = false;
            TagRows rows = new(db, actor, origin, clock);
            var reach = await Reaches.OfAsync(db, actor, token);
            foreach (var change in changes)
            {
                if (await reach.Of(db.Tickets).SingleOrDefaultAsync(t => t.Id == change.TicketId, token) is { } ticket
                    && await db.Tags.FindAsync([change.TagId], token) is { } tag
                    && TagStanding.Of(await db.TicketTags.FindAsync([ticket.Id, tag.Id], token)) == change.After)
                {
                    undone |= await rows.SetAsync(ticket, tag, change.Before, token) is not null;
                    await TagPromise.ForgetAsync(db, ticket, change, actor, origin, clock, token);
                }
            }

            await db.SaveChangesAsync(token);
            return undone;
        },
        cancellationToken);

    private Task<IReadOnlyList<TagChange>> SetAsync(
        IReadOnlyCollection<long> ticketIds, long tagId, bool isGiven, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync<IReadOnlyList<TagChange>>(
        async (db, token) =>
        {
            List<TagChange> changes = [];
            if (await db.Tags.FindAsync([tagId], token) is not { } tag)
            {
                return changes;
            }

            TagRows rows = new(db, actor, origin, clock);
            TagStanding wanted = new(TagSource.Person, actor.UserId, "{}", Now(), IsTakenOff: !isGiven);
            var reach = await Reaches.OfAsync(db, actor, token);
            foreach (var ticket in await reach.Of(db.Tickets).Where(t => ticketIds.Contains(t.Id)).ToListAsync(token))
            {
                var has = await db.TicketTags.AnyAsync(g => g.TicketId == ticket.Id && g.TagId == tagId && !g.IsTakenOff, token);
                if (has != isGiven && (!isGiven || tag.AppliesTo(ticket.MailboxId)) && await rows.SetAsync(ticket, tag, wanted, token) is { } change)
                {
                    changes.Add(change);
                }
            }

            await db.SaveChangesAsync(token);
            return changes;
        },
        cancellationToken);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()); // as it is stored
}
