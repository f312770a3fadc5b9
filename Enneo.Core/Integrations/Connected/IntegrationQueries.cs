using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>An integration as it is shown; its credential never is.</summary>
/// <param name="LastInAt">When something was taken from there last.</param>
/// <param name="LastOutAt">When something of ours was known there last.</param>
public sealed record IntegrationView(long Id, IntegrationInput Settings, long? HookId, long? WebhookId, DateTimeOffset? LastInAt, DateTimeOffset? LastOutAt)
{
    /// <summary>So much of ours waits to be known there, since the oldest of it happened.</summary>
    public int WaitingOut { get; init; }
    public DateTimeOffset? WaitingOutSince { get; init; }

    /// <summary>So many tickets wait to be read from there, since the oldest of it was told.</summary>
    public int WaitingIn { get; init; }
    public DateTimeOffset? WaitingInSince { get; init; }

    /// <summary>So much of ours is refused there.</summary>
    public int Refused { get; init; }
    public int Conflicts { get; init; }

    /// <summary>So many messages were deleted on one side alone, and nobody has said what shall be.</summary>
    public int DeletedOnOneSide { get; init; }

    /// <summary>The webhook that we made there, by its id there; null where a person made it.</summary>
    public string? TheirWebhookId { get; init; }

    /// <summary>Tickets in both systems.</summary>
    public int Tickets { get; init; }

    /// <summary>Tickets of which not all can be exchanged, at most <see cref="IntegrationQueries.MostShown"/>.</summary>
    public IReadOnlyList<StuckTicket> Stuck { get; init; } = [];

    /// <summary>So many there are in all.</summary>
    public int StuckCount { get; init; }
}

/// <summary>A ticket of which not all can be exchanged.</summary>
/// <param name="TicketId">Null where it is not here yet.</param>
/// <param name="ExternalTicketId">What the other system calls it; null where it is not there yet, or both is known by ours.</param>
/// <param name="Problem">Why, in words.</param>
/// <param name="NextAt">When it is tried again; null for not before something happens in it.</param>
public sealed record StuckTicket(long? TicketId, string? ExternalTicketId, string Problem, DateTimeOffset? NextAt);

/// <summary>A field that both sides changed to different values.</summary>
/// <param name="Choice">Decided, and about to be done.</param>
public sealed record ConflictView(string ExternalTicketId, long? TicketId, string Subject, SyncedField Field, string? Ours, string? Theirs, DateTimeOffset At, ConflictChoice? Choice);

/// <summary>A message that both sides changed, or that one of them deleted.</summary>
/// <param name="ExternalId">What the other system calls it.</param>
/// <param name="Ours">The beginning of it; null where it is gone here.</param>
/// <param name="Theirs">The same of theirs.</param>
/// <param name="Problem">Why it was not made the same, in words.</param>
public sealed record MessageDifferenceView(string ExternalId, long? TicketId, string Subject, MessageDifference Difference, string? Ours, string? Theirs, DateTimeOffset At, ConflictChoice? Choice, string? Problem);

/// <summary>The reads of integrations and of how they are doing. For admins; nobody else is told anything.</summary>
public sealed class IntegrationQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public const int MostShown = 100;

    /// <returns>Oldest first.</returns>
    public async Task<IReadOnlyList<IntegrationView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll)
        {
            return [];
        }

        List<IntegrationView> views = [];
        foreach (var integration in await db.Set<Integration>().AsNoTracking().OrderBy(i => i.Id).ToListAsync(cancellationToken))
        {
            views.Add(await ViewAsync(db, integration, cancellationToken));
        }

        return views;
    }

    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<ConflictView>> ConflictsAsync(long integrationId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll)
        {
            return [];
        }

        var rows = await (
            from value in db.Set<SyncedValue>().AsNoTracking()
            where value.IntegrationId == integrationId && value.ConflictAt != null
            orderby value.ConflictAt descending
            let owner = db.Set<Integration>().Where(i => i.Id == integrationId).Join(db.ApiKeys, i => i.KeyId, k => k.Id, (_, k) => k.UserId).FirstOrDefault()
            let ticketId = db.Set<ExternalTicket>().Where(e => e.OwnerId == owner && e.ExternalId == value.ExternalTicketId).Select(e => (long?)e.TicketId).FirstOrDefault()
            select new { Value = value, TicketId = ticketId, Subject = db.Tickets.Where(t => t.Id == ticketId).Select(t => t.Subject).FirstOrDefault() }).Take(MostShown).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ConflictView(
            row.Value.ExternalTicketId, row.TicketId, row.Subject ?? "", row.Value.Field, row.Value.ConflictOurs, row.Value.ConflictTheirs, row.Value.ConflictAt!.Value, row.Value.Choice))];
    }

    /// <returns>Messages, the newest difference first.</returns>
    public async Task<IReadOnlyList<MessageDifferenceView>> DifferencesAsync(long integrationId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll)
        {
            return [];
        }

        var rows = await (
            from message in db.Set<SyncedMessage>().AsNoTracking()
            where message.IntegrationId == integrationId && message.DifferentAt != null
            orderby message.DifferentAt descending
            let owner = db.Set<Integration>().Where(i => i.Id == integrationId).Join(db.ApiKeys, i => i.KeyId, k => k.Id, (_, k) => k.UserId).FirstOrDefault()
            let ticketId = db.Set<ExternalTicket>().Where(e => e.OwnerId == owner && e.ExternalId == message.ExternalTicketId).Select(e => (long?)e.TicketId).FirstOrDefault()
            where ticketId != null // else it was erased here with its ticket: there is nothing left to decide
            select new { Message = message, TicketId = ticketId, Subject = db.Tickets.Where(t => t.Id == ticketId).Select(t => t.Subject).FirstOrDefault() }).Take(MostShown).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new MessageDifferenceView(
            row.Message.ExternalId, row.TicketId, row.Subject ?? "", row.Message.Difference!.Value, row.Message.OursShown, row.Message.TheirsShown, row.Message.DifferentAt!.Value, row.Message.Choice, row.Message.Problem))];
    }

    private static async Task<IntegrationView> ViewAsync(EnneoDbContext db, Integration integration, CancellationToken cancellationToken)
    {
        var id = integration.Id;
        var deliveries = db.Set<WebhookDelivery>().Where(d => d.WebhookId == integration.WebhookId);
        var waiting = deliveries.Where(d => d.State == WebhookDeliveryState.Waiting);
        var news = db.Set<TicketNews>().Where(n => n.IntegrationId == id);
        var owner = await db.ApiKeys.Where(k => k.Id == integration.KeyId).Select(k => k.UserId).FirstOrDefaultAsync(cancellationToken);
        var (stuck, stuckCount) = await StuckTickets.OfAsync(db, integration, owner, MostShown, cancellationToken);
        return new IntegrationView(id, IntegrationInput.Of(integration), integration.HookId, integration.WebhookId, integration.LastInAt, integration.LastOutAt)
        {
            WaitingOut = await waiting.CountAsync(cancellationToken),
            WaitingOutSince = await waiting.MinAsync(d => (DateTimeOffset?)d.OccurredAt, cancellationToken),
            WaitingIn = await news.CountAsync(cancellationToken),
            WaitingInSince = await news.MinAsync(n => (DateTimeOffset?)n.NotedAt, cancellationToken),
            Refused = await deliveries.CountAsync(d => d.State == WebhookDeliveryState.Parked, cancellationToken),
            Conflicts = await db.Set<SyncedValue>().CountAsync(v => v.IntegrationId == id && v.ConflictAt != null, cancellationToken)
                + await db.Set<SyncedMessage>().CountAsync(m => m.IntegrationId == id && m.DifferentAt != null && m.Difference == MessageDifference.Changed && db.Set<ExternalTicket>().Any(e => e.OwnerId == owner && e.ExternalId == m.ExternalTicketId), cancellationToken),
            DeletedOnOneSide = await db.Set<SyncedMessage>().CountAsync(m => m.IntegrationId == id && m.DifferentAt != null && m.Difference != MessageDifference.Changed && db.Set<ExternalTicket>().Any(e => e.OwnerId == owner && e.ExternalId == m.ExternalTicketId), cancellationToken),
            TheirWebhookId = integration.TheirWebhookId,
            Tickets = await db.Set<SyncedTicket>().CountAsync(t => t.IntegrationId == id, cancellationToken),
            Stuck = stuck,
            StuckCount = stuckCount,
        };
    }
}
