using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>Makes a ticket of its own of some messages of one, for another system: once, where that gives it a name.</summary>
public sealed class MessageSplitting(IDbContextFactory<EnneoDbContext> dbFactory, TicketRegrouping regrouping, TimeProvider clock)
{
    /// <param name="externalTicketId">What that system calls the new ticket: the one that has this name is the one that was made. Null for none.</param>
    /// <returns>The new ticket; or why there is none.</returns>
    public async Task<(long? TicketId, RegroupingRefusal? Refusal)> RunAsync(
        Reach reach, long ticketId, IReadOnlyCollection<long> messageIds, string? externalTicketId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (externalTicketId is not null && await ExternalIds.FindTicketAsync(db, actor.UserId ?? 0, externalTicketId, cancellationToken) is { } made)
        {
            return await reach.Of(db.Tickets).AnyAsync(t => t.Id == made, cancellationToken) ? (made, null) : (null, RegroupingRefusal.Gone);
        }

        if (!await reach.Of(db.Tickets).AnyAsync(t => t.Id == ticketId, cancellationToken))
        {
            return (null, RegroupingRefusal.Gone);
        }

        try
        {
            var split = await regrouping.SplitAsync(
                ticketId, messageIds, actor, origin, cancellationToken, externalTicketId is null ? null : (writer, id, token) => NameAsync(writer, id, externalTicketId, actor, origin, token));
            return (split.Done?.TicketId, split.Refusal);
        }
        catch (TicketKnownException known)
        {
            return await reach.Of(db.Tickets).AnyAsync(t => t.Id == known.TicketId, cancellationToken) ? (known.TicketId, null) : (null, RegroupingRefusal.Gone);
        }
    }

    /// <exception cref="TicketKnownException">Another request with the same name was first.</exception>
    private async Task NameAsync(EnneoDbContext db, long ticketId, string externalTicketId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await ExternalIds.FindTicketAsync(db, actor.UserId ?? 0, externalTicketId, cancellationToken) is { } made)
        {
            throw new TicketKnownException(made);
        }

        await ExternalIds.SetAsync(db, await db.Tickets.SingleAsync(t => t.Id == ticketId, cancellationToken), externalTicketId, actor, origin, clock, cancellationToken);
    }
}
