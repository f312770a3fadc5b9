using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>A person says which of two values stands. For admins.</summary>
public sealed class ConflictDeciding(WriterLane lane, TicketNotices notices, TimeProvider clock)
{
    /// <returns>Whether there was such a conflict.</returns>
    public async Task<bool> RunAsync(long integrationId, string externalTicketId, SyncedField field, ConflictChoice choice, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var decided = await lane.RunAsync(
            async (db, token) =>
            {
                if (!(await Reaches.OfAsync(db, actor, token)).IsAll
                    || await db.Set<SyncedValue>().SingleOrDefaultAsync(v => v.IntegrationId == integrationId && v.ExternalTicketId == externalTicketId && v.Field == field && v.ConflictAt != null, token) is not { } value)
                {
                    return false;
                }

                value.Choice = choice;
                var name = await db.Set<Integration>().Where(i => i.Id == integrationId).Select(i => i.Name).SingleAsync(token);
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.IntegrationChanged, actor, origin, clock,
                    changes: [("integration", null, integrationId), ("name", null, name), ("conflict", null, $"{externalTicketId} {field} {choice}")]));
                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
        if (decided)
        {
            await notices.NoteAsync(integrationId, externalTicketId, clock.GetUtcNow(), cancellationToken);
        }

        return decided;
    }

    /// <summary>The same of a message that both sides changed, or that one side deleted.</summary>
    /// <param name="externalId">What the other system calls the message.</param>
    /// <returns>Whether there was such a difference.</returns>
    public async Task<bool> RunAsync(long integrationId, string externalId, ConflictChoice choice, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var ticket = await lane.RunAsync(
            async (db, token) =>
            {
                if (!(await Reaches.OfAsync(db, actor, token)).IsAll
                    || await db.Set<SyncedMessage>().SingleOrDefaultAsync(m => m.IntegrationId == integrationId && m.ExternalId == externalId && m.DifferentAt != null, token) is not { } message)
                {
                    return null;
                }

                message.Choice = choice;
                var name = await db.Set<Integration>().Where(i => i.Id == integrationId).Select(i => i.Name).SingleAsync(token);
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.IntegrationChanged, actor, origin, clock,
                    changes: [("integration", null, integrationId), ("name", null, name), ("conflict", null, $"{message.ExternalTicketId} {message.Difference} {choice}")]));
                await db.SaveChangesAsync(token);
                return message.ExternalTicketId;
            },
            cancellationToken);
        if (ticket is not null)
        {
            await notices.NoteAsync(integrationId, ticket, clock.GetUtcNow(), cancellationToken);
        }

        return ticket is not null;
    }
}
