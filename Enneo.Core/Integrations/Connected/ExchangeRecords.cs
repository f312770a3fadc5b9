using System.Globalization;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What both sides agree on, written down.</summary>
internal sealed class ExchangeRecords(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    /// <summary>Whether the other side knows all that the log says up to there.</summary>
    public async Task<bool> AreSettledAsync(long integrationId, IReadOnlyList<string> names, long sequence, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<SyncedTicket>().CountAsync(t => t.IntegrationId == integrationId && names.Contains(t.ExternalTicketId) && t.SettledSequence >= sequence, cancellationToken) == names.Count;
    }

    public async Task<IReadOnlyDictionary<SyncedField, SyncedValue>> AgreedAsync(long integrationId, string name, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<SyncedValue>().AsNoTracking().Where(v => v.IntegrationId == integrationId && v.ExternalTicketId == name).ToDictionaryAsync(v => v.Field, cancellationToken);
    }

    public async Task<OurNames> NamesAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tags = await db.Tags.Select(t => new { t.Id, t.Name }).ToListAsync(cancellationToken);
        var people = await db.Users.Where(u => u.Email != null && u.DisabledAt == null && !u.IsService).Select(u => new { u.Id, Email = u.Email! }).ToListAsync(cancellationToken);
        return new OurNames(
            tags.GroupBy(tag => tag.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(same => same.Key, same => same.First().Id, StringComparer.OrdinalIgnoreCase),
            people.GroupBy(person => person.Email, StringComparer.OrdinalIgnoreCase).ToDictionary(same => same.Key, same => same.First().Id, StringComparer.OrdinalIgnoreCase));
    }

    /// <param name="stuck">Which messages cannot cross, in words; null for none.</param>
    /// <param name="sequence">How far our log was read.</param>
    /// <param name="isAtRest">Nothing is left to be done.</param>
    public Task KeepAsync(ActingIntegration acting, string name, FieldPlan plan, string? stuck, long sequence, bool isAtRest, bool isTheirNews, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var integrationId = acting.Integration.Id;
            var rows = await db.Set<SyncedValue>().Where(v => v.IntegrationId == integrationId && v.ExternalTicketId == name).ToDictionaryAsync(v => v.Field, token);
            foreach (var value in plan.Values)
            {
                if (!rows.TryGetValue(value.Field, out var row))
                {
                    row = new SyncedValue { IntegrationId = integrationId, ExternalTicketId = name, Field = value.Field };
                    db.Add(row);
                }

                Apply(row, value);
            }

            if (isAtRest)
            {
                await SettleAsync(db, acting, name, plan.Problem is null || stuck is null ? plan.Problem ?? stuck : $"{plan.Problem} {stuck}", sequence, isTheirNews, token);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>The other side has the ticket no more, or does not show it to us: ours stays, and that is said.</summary>
    public Task KeepGoneAsync(ActingIntegration acting, string name, OurTicket ours, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await SettleAsync(db, acting, name, string.Format(CultureInfo.CurrentCulture, ConnectedText.TicketGone, ours.Subject), ours.Sequence, isTheirNews: true, token);
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private void Apply(SyncedValue row, AgreedValue value)
    {
        if (value.IsConflict)
        {
            (row.ConflictAt, row.ConflictOurs, row.ConflictTheirs) = (row.ConflictAt ?? clock.GetUtcNow(), value.Ours, value.Theirs);
            return;
        }

        (row.Ours, row.Theirs) = (value.Ours, value.Theirs);
        (row.ConflictAt, row.ConflictOurs, row.ConflictTheirs, row.Choice) = (null, null, null, null);
    }

    private async Task SettleAsync(EnneoDbContext db, ActingIntegration acting, string name, string? problem, long sequence, bool isTheirNews, CancellationToken cancellationToken)
    {
        var integrationId = acting.Integration.Id;
        var now = clock.GetUtcNow();
        if (await db.Set<SyncedTicket>().SingleOrDefaultAsync(t => t.IntegrationId == integrationId && t.ExternalTicketId == name, cancellationToken) is not { } ticket)
        {
            ticket = new SyncedTicket { IntegrationId = integrationId, ExternalTicketId = name };
            db.Add(ticket);
        }

        (ticket.SettledSequence, ticket.SettledAt, ticket.Problem) = (Math.Max(ticket.SettledSequence, sequence), now, problem);
        var integrations = db.Set<Integration>().Where(i => i.Id == integrationId);
        await (isTheirNews
            ? integrations.ExecuteUpdateAsync(set => set.SetProperty(i => i.LastInAt, now), cancellationToken)
            : integrations.ExecuteUpdateAsync(set => set.SetProperty(i => i.LastOutAt, now), cancellationToken));
    }
}
