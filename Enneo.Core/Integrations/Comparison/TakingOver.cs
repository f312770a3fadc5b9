using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>What taking over would change, or has changed.</summary>
/// <param name="Tickets">Of ours that have a counterpart there.</param>
/// <param name="Statuses">Of these so many get another status.</param>
/// <param name="Assignees">So many another assignee.</param>
/// <param name="Numbers">So many learn their number there.</param>
/// <param name="UnknownStatuses">Words that say nothing to us, each once.</param>
/// <param name="UnknownPeople">Addresses of nobody who sees the mailbox, each once.</param>
public sealed record TakeOverSummary(int Tickets, int Statuses, int Assignees, int Numbers, IReadOnlyList<string> UnknownStatuses, IReadOnlyList<string> UnknownPeople);

/// <summary>
/// Takes over status, assignee and number of the tickets of another helpdesk, found by the Message-IDs of their mails.
/// It is no news: nothing is sent, told or done because of it, no mail moves, and what a person said of spam stands.
/// Each ticket's history says what it was before, by which it is taken back.
/// </summary>
public sealed class TakingOver(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const int Batch = 200;

    /// <returns>Null where there is no list, or not for the actor.</returns>
    public async Task<TakeOverSummary?> SummaryAsync(long mailboxId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await TakeOverPlan.ReadAsync(db, mailboxId, actor, cancellationToken) is { } plan ? await plan.SummaryAsync(db, cancellationToken) : null;
    }

    /// <summary>As the summary said, if nothing has changed since.</summary>
    /// <returns>What was changed; null where there is no list, or not for the actor.</returns>
    public async Task<TakeOverSummary?> RunAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var reading = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await TakeOverPlan.ReadAsync(reading, mailboxId, actor, cancellationToken) is not { } plan)
        {
            return null;
        }

        var summary = await plan.SummaryAsync(reading, cancellationToken);
        await lane.RunAsync((db, token) => BeginAsync(db, mailboxId, summary, actor, origin, token), cancellationToken);
        foreach (var batch in plan.Wishes.Chunk(Batch))
        {
            await lane.RunBulkAsync((db, token) => ApplyAsync(db, plan, batch, actor, origin, token), cancellationToken);
        }

        return summary;
    }

    /// <summary>Gives the tickets back what they had, but for what was changed again since. Their numbers stay: they are true.</summary>
    /// <returns>How many were changed; null where nothing was taken over, or not for the actor.</returns>
    public Task<int?> UndoAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync<int?>(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (await reach.Of(db.Set<HelpdeskList>()).SingleOrDefaultAsync(l => l.MailboxId == mailboxId, token) is not { TakenOverAfter: { } after } list)
            {
                return null;
            }

            var entries = await db.Activity.AsNoTracking()
                .Where(e => e.Sequence > after && e.MailboxId == mailboxId && e.Kind == ActivityKind.TicketTakenOver).OrderByDescending(e => e.Sequence).ToListAsync(token);
            var undone = 0;
            foreach (var entry in entries)
            {
                undone += await TakeBackAsync(db, entry, actor, origin, token) ? 1 : 0;
            }

            (list.TakenOverAfter, list.TakenOverAt) = (null, null);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.HelpdeskGivenBack, actor, origin, clock, mailboxId, changes: [("helpdesk", null, list.Name), ("tickets", null, undone)]));
            await db.SaveChangesAsync(token);
            return undone;
        },
        cancellationToken);

    private async Task BeginAsync(EnneoDbContext db, long mailboxId, TakeOverSummary summary, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var list = await db.Set<HelpdeskList>().SingleAsync(l => l.MailboxId == mailboxId, cancellationToken);
        list.TakenOverAfter ??= await db.Activity.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
        list.TakenOverAt = clock.GetUtcNow();
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.HelpdeskTakenOver, actor, origin, clock, mailboxId,
            changes: [("helpdesk", null, list.Name), ("tickets", null, summary.Tickets), ("statuses", null, summary.Statuses), ("assignees", null, summary.Assignees)]));
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task ApplyAsync(EnneoDbContext db, TakeOverPlan plan, IReadOnlyList<TakeOverWish> wishes, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var ids = wishes.Select(wish => wish.TicketId).ToList();
        var tickets = await db.Tickets.Where(t => ids.Contains(t.Id)).ToDictionaryAsync(t => t.Id, cancellationToken);
        var facts = await db.Set<TicketFacts>().Where(f => ids.Contains(f.TicketId)).ToDictionaryAsync(f => f.TicketId, cancellationToken);
        foreach (var wish in wishes.Where(wish => tickets.ContainsKey(wish.TicketId)))
        {
            var ticket = tickets[wish.TicketId];
            var before = TicketState.Of(ticket);
            var after = wish.On(before);
            if (!facts.TryGetValue(ticket.Id, out var fact))
            {
                db.Add(fact = new TicketFacts { TicketId = ticket.Id });
            }

            var isNumbered = plan.Number(fact, wish.Number);
            if (before == after && !isNumbered)
            {
                continue;
            }

            if (before != after)
            {
                after.ApplyTo(ticket);
            }

            db.Activity.Add(EntryOf(ticket, before, after, isNumbered ? wish.Number : null, actor, origin));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<bool> TakeBackAsync(EnneoDbContext db, ActivityEntry entry, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await db.Tickets.FindAsync([entry.TicketId], cancellationToken) is not { } ticket)
        {
            return false;
        }

        using var changes = JsonDocument.Parse(entry.Changes);
        var now = TicketState.Of(ticket);
        var (before, after) = (now, now);
        if (changes.RootElement.TryGetProperty("status", out var status))
        {
            (before, after) = (before with { Status = Enum.Parse<TicketStatus>(status[0].GetString()!) }, after with { Status = Enum.Parse<TicketStatus>(status[1].GetString()!) });
        }

        if (changes.RootElement.TryGetProperty("assignee", out var assignee))
        {
            (before, after) = (before with { AssigneeId = IdOf(assignee[0]) }, after with { AssigneeId = IdOf(assignee[1]) });
        }

        var back = now.Without(new TicketChange(ticket.Id, before, after));
        if (back == now)
        {
            return false;
        }

        back.ApplyTo(ticket);
        db.Activity.Add(EntryOf(ticket, now, back, null, actor, origin));
        return true;
    }

    private ActivityEntry EntryOf(Ticket ticket, TicketState before, TicketState after, string? number, Actor actor, string origin)
    {
        List<(string Field, object? Old, object? New)> changes = [];
        if (before.Status != after.Status)
        {
            changes.Add(("status", before.Status.ToString(), after.Status.ToString()));
        }

        if (before.AssigneeId != after.AssigneeId)
        {
            changes.Add(("assignee", before.AssigneeId, after.AssigneeId));
        }

        if (number is not null)
        {
            changes.Add(("number", null, number));
        }

        return ActivityEntry.Of(ActivityKind.TicketTakenOver, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: [.. changes]);
    }

    private static long? IdOf(JsonElement json) => json.ValueKind is JsonValueKind.Number ? json.GetInt64() : null;
}
