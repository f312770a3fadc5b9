using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>A ticket that was made of messages of another one on one side is made so on the other: its messages are known there, and are not doubled.</summary>
internal sealed class SplitFollowing(IDbContextFactory<EnneoDbContext> dbFactory, TicketLinks links, TicketRegrouping regrouping, SplitNotes notes)
{
    /// <summary>For a ticket of ours that the other system does not know as such.</summary>
    /// <returns>What it is called there from now, null where none of its messages is there; and when to look again.</returns>
    public async Task<(string? TicketId, DateTimeOffset? Again)> FollowOursAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, CancellationToken cancellationToken)
    {
        if (!acting.Gives(SyncedField.Conversations)
            || ours.Messages.FirstOrDefault(message => message is { Row.Direction: not MessageDirection.Internal, ExternalIds.Count: > 0 }) is not { } first
            || await system.WhereAsync(calls, first.ExternalIds[0], cancellationToken) is not { } where)
        {
            return default;
        }

        if (await links.OfTheirsAsync(acting, where, cancellationToken) is { } other && other != ours.Id)
        {
            return await WasAgreedAsync(acting, first.ExternalIds[0], where, cancellationToken)
                ? (await SplitThereAsync(acting, system, calls, ours, first, where, cancellationToken), null)
                : default; // both fetched it, and put it into different tickets
        }

        await links.LinkAsync(acting, ours.Id, where, cancellationToken); // it was split there before that was noted
        return (where, null);
    }

    /// <summary>For a ticket of theirs that we do not know.</summary>
    /// <returns>Ours, which was made of the same messages; null where they are not here, or it was no split.</returns>
    public async Task<long?> FollowTheirsAsync(ActingIntegration acting, IOtherSystem system, OtherCalls calls, OtherTicket theirs, CancellationToken cancellationToken)
    {
        if (!acting.Takes(SyncedField.Conversations) || await KnownAsync(acting, theirs, cancellationToken) is not { Count: > 0 } known)
        {
            return null;
        }

        var from = known.GroupBy(message => message.TicketId).MaxBy(same => same.Count())!;
        foreach (var name in await links.OfOursAsync(acting, from.Key, cancellationToken))
        {
            if (await system.ReadAsync(calls, name, cancellationToken) is { MergedInto: null } left && left.Messages.Any(message => message.Kind is not OtherMessageKind.Note)
                && !left.Messages.Any(message => theirs.Messages.Any(moved => moved.Id == message.Id)))
            {
                var split = await regrouping.SplitAsync(from.Key, [.. from.Select(message => message.MessageId)], acting.Actor, acting.Origin, cancellationToken);
                return split.Done?.TicketId;
            }
        }

        return null;
    }

    /// <returns>What the new ticket is called there; null where the other system makes none.</returns>
    private async Task<string?> SplitThereAsync(
        ActingIntegration acting, IOtherSystem system, OtherCalls calls, OurTicket ours, OurMessage first, string where, CancellationToken cancellationToken)
    {
        if (await system.ReadAsync(calls, where, cancellationToken) is not { } theirs)
        {
            return null;
        }

        var there = theirs.Messages.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
        var moved = ours.Messages.SelectMany(message => message.ExternalIds).Where(there.Contains).ToList();
        var ids = moved.OrderBy(id => id != first.ExternalIds[0]).ToList(); // a mail begins it
        if (ids.Count == 0)
        {
            return null;
        }

        try
        {
            if (await system.SplitAsync(calls, where, ids, acting.Integration.NameOfTicket(ours.Id), cancellationToken) is { } made)
            {
                await links.LinkAsync(acting, ours.Id, made, cancellationToken);
                return made;
            }
        }
        catch (OtherSystemException refused) when (refused.IsRefusal)
        {
            if (refused.Status is not (404 or 405))
            {
                return null; // it has nothing else in that ticket
            }
        }

        await notes.LeaveAsync(acting, system, calls, ours, theirs, moved.Count, cancellationToken);
        return null;
    }

    /// <summary>Both had the message in a ticket that both have: only then somebody took it out of it.</summary>
    private async Task<bool> WasAgreedAsync(ActingIntegration acting, string messageId, string ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<SyncedMessage>().AnyAsync(m => m.IntegrationId == acting.Integration.Id && m.ExternalId == messageId && m.AgreedIn == ticketId, cancellationToken);
    }

    /// <returns>Messages that both had in another ticket there.</returns>
    private async Task<IReadOnlyList<(long MessageId, long TicketId)>> KnownAsync(ActingIntegration acting, OtherTicket theirs, CancellationToken cancellationToken)
    {
        var ids = theirs.Messages.Select(message => message.Id).ToList();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var agreed = db.Set<SyncedMessage>().Where(m => m.IntegrationId == acting.Integration.Id && m.AgreedIn != null && m.AgreedIn != theirs.Id);
        var found = await db.Set<ExternalMessage>().Where(e => e.OwnerId == acting.OwnerId && ids.Contains(e.ExternalId) && agreed.Any(m => m.ExternalId == e.ExternalId))
            .Join(db.Messages, e => e.MessageId, m => m.Id, (_, m) => new { m.Id, m.TicketId }).ToListAsync(cancellationToken);
        return [.. found.Select(message => (message.Id, message.TicketId)).Distinct()];
    }
}
