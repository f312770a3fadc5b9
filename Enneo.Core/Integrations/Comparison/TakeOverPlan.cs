using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>What one ticket takes over.</summary>
/// <param name="Status">Null where the helpdesk's word says nothing to us.</param>
/// <param name="AssigneeId">Null for nobody; of no meaning where <paramref name="KnowsAssignee"/> is false.</param>
/// <param name="Number">What it is called there.</param>
internal sealed record TakeOverWish(long TicketId, TicketStatus? Status, bool KnowsAssignee, long? AssigneeId, string Number)
{
    public TicketState On(TicketState state) => state with
    {
        Status = Status ?? state.Status,
        AssigneeId = KnowsAssignee ? AssigneeId : state.AssigneeId,
        SnoozedUntil = Status is TicketStatus.Closed ? null : state.SnoozedUntil,
    };
}

/// <summary>Which tickets take over what.</summary>
internal sealed class TakeOverPlan
{
    private const string NumberField = "ticketNumber";
    private const string HelpdeskField = "helpdesk";

    private readonly string _helpdesk;
    private readonly List<string> _unknownStatuses;
    private readonly List<string> _unknownPeople;

    private TakeOverPlan(string helpdesk, IReadOnlyList<TakeOverWish> wishes, List<string> unknownStatuses, List<string> unknownPeople) =>
        (_helpdesk, Wishes, _unknownStatuses, _unknownPeople) = (helpdesk, wishes, unknownStatuses, unknownPeople);

    public IReadOnlyList<TakeOverWish> Wishes { get; }

    /// <returns>Null where there is no list, or not for the actor.</returns>
    public static async Task<TakeOverPlan?> ReadAsync(EnneoDbContext db, long mailboxId, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (await reach.Of(db.Set<HelpdeskList>().AsNoTracking()).SingleOrDefaultAsync(l => l.MailboxId == mailboxId, cancellationToken) is not { } list)
        {
            return null;
        }

        var (mails, rows) = await LostMailAudit.ReadAsync(db, mailboxId, cancellationToken);
        var listed = rows.GroupBy(row => row.MessageId, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var counterparts = MailComparison.Counterparts(MailComparison.PairsOf(mails.Where(mail => listed.ContainsKey(mail.InternetMessageId)), listed));
        var states = rows.GroupBy(row => row.Ticket).ToDictionary(group => group.Key, group => group.MaxBy(row => row.At ?? DateTimeOffset.MinValue)!); // the newest says how it stands
        var people = await PeopleAsync(db, mailboxId, cancellationToken);
        var named = counterparts.Select(pair => states[pair.Value]).ToList();
        var tellsAssignees = rows.Exists(row => row.Assignee.Length > 0); // the column may be missing: then it says of nobody that nobody takes care
        return new TakeOverPlan(
            list.Name,
            [.. counterparts.OrderBy(pair => pair.Key).Select(pair => WishOf(pair.Key, states[pair.Value], tellsAssignees, people))],
            [.. named.Select(row => row.Status).Where(word => word.Length > 0 && HelpdeskWords.StatusOf(word) is null).Distinct(StringComparer.OrdinalIgnoreCase).Order()],
            [.. named.Select(row => row.Assignee).Where(address => address.Length > 0 && !people.ContainsKey(address)).Distinct(StringComparer.OrdinalIgnoreCase).Order()]);
    }

    public async Task<TakeOverSummary> SummaryAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var ids = Wishes.Select(wish => wish.TicketId).ToHashSet();
        var now = (await db.Tickets.AsNoTracking().Where(t => ids.Contains(t.Id)).ToListAsync(cancellationToken)).ToDictionary(t => t.Id, TicketState.Of);
        var facts = await db.Set<TicketFacts>().AsNoTracking().Where(f => ids.Contains(f.TicketId)).ToDictionaryAsync(f => f.TicketId, cancellationToken);
        var changes = Wishes.Where(wish => now.ContainsKey(wish.TicketId)).Select(wish => (Wish: wish, Before: now[wish.TicketId], After: wish.On(now[wish.TicketId]))).ToList();
        return new TakeOverSummary(
            changes.Count,
            changes.Count(change => change.Before.Status != change.After.Status),
            changes.Count(change => change.Before.AssigneeId != change.After.AssigneeId),
            changes.Count(change => Number(facts.GetValueOrDefault(change.Wish.TicketId) ?? new TicketFacts { TicketId = change.Wish.TicketId }, change.Wish.Number)),
            _unknownStatuses, _unknownPeople);
    }

    /// <returns>Whether it did not know that before.</returns>
    public bool Number(TicketFacts facts, string number)
    {
        var data = JsonNode.Parse(facts.AdditionalData)!.AsObject();
        if (data[NumberField]?.ToString() == number && data[HelpdeskField]?.ToString() == _helpdesk)
        {
            return false;
        }

        (data[NumberField], data[HelpdeskField]) = (number, _helpdesk);
        if (data.ToJsonString() is not { Length: <= TicketFacts.MaxData } merged)
        {
            return false;
        }

        facts.AdditionalData = merged;
        return true;
    }

    private static TakeOverWish WishOf(long ticketId, HelpdeskRow row, bool tellsAssignees, Dictionary<string, long> people) => new(
        ticketId, HelpdeskWords.StatusOf(row.Status), row.Assignee.Length == 0 ? tellsAssignees : people.ContainsKey(row.Assignee),
        row.Assignee.Length == 0 ? null : people.TryGetValue(row.Assignee, out var person) ? person : null, row.Ticket);

    /// <summary>Those who see the mailbox, by their addresses.</summary>
    private static async Task<Dictionary<string, long>> PeopleAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        Dictionary<string, long> people = new(StringComparer.OrdinalIgnoreCase);
        foreach (var person in await db.Users.Where(u => !u.IsService && u.DisabledAt == null && u.Email != null).Select(u => new { u.Id, u.Email }).ToListAsync(cancellationToken))
        {
            if ((await Reaches.OfAsync(db, person.Id, cancellationToken)).Covers(mailboxId))
            {
                people[person.Email!] = person.Id;
            }
        }

        return people;
    }
}
