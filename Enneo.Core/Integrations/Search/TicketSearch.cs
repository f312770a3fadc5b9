using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Search;

/// <summary>A ticket as lists show it to programs: without bodies.</summary>
public sealed record TicketRow(
    long Id, long MailboxId, string Subject, TicketStatus Status, TicketPlace Place, SpamStatus? SpamStatus, long? AssigneeId, string People, string Snippet,
    int MessageCount, int UnreadCount, bool HasAttachments, DateTimeOffset CreatedAt, DateTimeOffset LastMessageAt, DateTimeOffset? SnoozedUntil)
{
    public IReadOnlyList<long> TagIds { get; init; } = [];

    /// <summary>What the system that asks calls it.</summary>
    public string? ExternalId { get; init; }

    public TicketPriority Priority { get; init; }
    public AiSupportLevel SupportLevel { get; init; }
    public DateTimeOffset? FirstResponseDueBy { get; init; }
    public DateTimeOffset? DueBy { get; init; }

    /// <summary>What other systems know of it.</summary>
    public TicketFacts? Facts { get; init; }
}

/// <summary>Finds tickets by conditions.</summary>
public sealed class TicketSearch(IDbContextFactory<EnneoDbContext> dbFactory, SearchQueries texts, TimeProvider clock)
{
    public const int MaxLimit = 500;
    public const int MaxConditions = 50;

    /// <summary>Full text finds the newest so many conversations.</summary>
    internal int MaxFound { get; init; } = 1000;

    private const int MaxText = 1000;

    /// <param name="ownerId">In whose name is asked: their external ids are meant.</param>
    public async Task<TicketSearchResult> FindAsync(Reach reach, TicketCriteria criteria, long ownerId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (TicketOrder.Find(criteria.OrderBy) is not { } order)
        {
            return TicketSearchResult.Refused("orderByField", Say(IntegrationText.OrderUnknown, TicketOrder.Names));
        }

        var mark = criteria.Cursor is { } cursor ? TicketMark.Read(cursor) : null;
        if (criteria.Cursor is not null && (mark is null || mark.Order != (criteria.OrderBy ?? TicketOrder.Default) || mark.Ascending != criteria.Ascending))
        {
            return TicketSearchResult.Refused("cursor", IntegrationText.CursorUnknown);
        }

        var (tickets, isPartial, refusal) = await FilterAsync(db, reach, criteria, ownerId, cancellationToken);
        if (tickets is null)
        {
            return refusal!;
        }

        var total = await tickets.CountAsync(cancellationToken);
        if (mark is not null)
        {
            if (order.Behind(tickets, mark) is not { } behind)
            {
                return TicketSearchResult.Refused("cursor", IntegrationText.CursorUnknown);
            }

            tickets = behind;
        }

        var page = await PageAsync(db, order.Order(tickets, criteria.Ascending).Skip(mark is null ? criteria.Offset : 0).Take(criteria.Limit), ownerId, cancellationToken);
        return new TicketSearchResult(page, total, new Dictionary<string, string[]>())
        {
            TotalIsAtLeast = isPartial,
            Next = page.Count < criteria.Limit ? null : new TicketMark(criteria.OrderBy ?? TicketOrder.Default, criteria.Ascending, order.KeyOf(page[^1]), page[^1].Id).ToCursor(),
        };
    }

    /// <summary>The ticket that waits longest for an answer, or the one before or behind another in that order: open, in nobody's way, not snoozed.</summary>
    /// <param name="ticketId">Null for the whole order.</param>
    /// <returns>With one ticket, or none.</returns>
    public async Task<TicketSearchResult> FindNextAsync(
        Reach reach, IReadOnlyList<TicketCondition> conditions, bool backwards, long? ticketId, long ownerId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var (tickets, _, refusal) = await FilterAsync(db, reach, new TicketCriteria(conditions, true, null, true, 0, 1), ownerId, cancellationToken);
        if (tickets is null)
        {
            return refusal!;
        }

        tickets = tickets.Where(t => t.Status == TicketStatus.Open && t.SnoozedUntil == null);
        var order = TicketOrder.Find(null)!;
        if (ticketId is { } from)
        {
            var at = await reach.Of(db.Tickets.AsNoTracking()).Where(t => t.Id == from).Select(t => (DateTimeOffset?)t.LastMessageAt).SingleOrDefaultAsync(cancellationToken);
            if (at is not { } place)
            {
                return TicketSearchResult.Refused("ticketId", IntegrationText.NoSuchTicket);
            }

            tickets = order.Behind(tickets, new TicketMark(TicketOrder.Default, !backwards, place.ToString("O", CultureInfo.InvariantCulture), from))!;
        }

        return new TicketSearchResult(await PageAsync(db, order.Order(tickets, !backwards).Take(1), ownerId, cancellationToken), 0, new Dictionary<string, string[]>());
    }

    private async Task<(IQueryable<Ticket>? Tickets, bool IsPartial, TicketSearchResult? Refusal)> FilterAsync(EnneoDbContext db, Reach reach, TicketCriteria criteria, long ownerId, CancellationToken cancellationToken)
    {
        var tickets = reach.Of(db.Tickets.AsNoTracking());
        if (criteria.WithoutSpam)
        {
            tickets = tickets.Where(t => t.Place == TicketPlace.Desk && t.SpamStatus != SpamStatus.AutoSpam && t.SpamStatus != SpamStatus.AutoProgrammatic && t.SpamStatus != SpamStatus.ManualSpam);
        }

        var isPartial = false;
        foreach (var (index, condition) in criteria.Conditions.Index())
        {
            var read = await ReadAsync(db, reach, condition, ownerId, cancellationToken);
            if (read.Holds is not { } holds)
            {
                return (null, false, TicketSearchResult.Refused(string.Create(CultureInfo.InvariantCulture, $"filters[{index}].{read.At}"), read.Problem!));
            }

            isPartial |= read.IsPartial;
            tickets = tickets.Where(holds);
            tickets = read.Implied is { } implied ? tickets.Where(implied) : tickets;
        }

        return (tickets, isPartial, null);
    }

    private async Task<ReadCondition> ReadAsync(EnneoDbContext db, Reach reach, TicketCondition condition, long ownerId, CancellationToken cancellationToken)
    {
        var key = condition.Key.StartsWith("t.", StringComparison.Ordinal) ? condition.Key[2..] : condition.Key;
        return key == TicketFields.Text
            ? await ReadTextAsync(reach, condition, cancellationToken)
            : TicketFields.Find(key, db, ownerId)?.Read(condition) ?? ReadCondition.Wrong("key", Say(IntegrationText.KeyUnknown, TicketFields.Names));
    }

    private async Task<ReadCondition> ReadTextAsync(Reach reach, TicketCondition condition, CancellationToken cancellationToken)
    {
        if ((condition.Comparator ?? "=") is not "=")
        {
            return ReadCondition.Wrong("comparator", string.Format(CultureInfo.InvariantCulture, IntegrationText.ComparatorUnknown, TicketFields.Text, "="));
        }

        if (condition.Value is not { ValueKind: JsonValueKind.String } json || json.GetString() is not { Length: > 0 and <= MaxText } words)
        {
            return ReadCondition.Wrong("value", string.Format(CultureInfo.InvariantCulture, IntegrationText.ValueWrong, TicketFields.Text, "text"));
        }

        var (ids, isPartial) = await FindTextAsync(reach, words, cancellationToken);
        return new(t => ids.Contains(t.Id)) { IsPartial = isPartial };
    }

    private async Task<(List<long> Ids, bool IsPartial)> FindTextAsync(Reach reach, string words, CancellationToken cancellationToken)
    {
        var query = QueryReader.Read(words, clock.GetUtcNow(), TimeZoneInfo.Utc);
        List<long> found = [];
        SearchCursor? after = null;
        do
        {
            var page = await texts.FindAsync(reach, new SearchRequest(query, After: after), cancellationToken);
            found.AddRange(page.Hits.Select(hit => hit.TicketId));
            after = page.Next;
        }
        while (after is not null && found.Count < MaxFound);

        return (found, after is not null);
    }

    /// <summary>Rows with what belongs to them in other tables, in the order of the query.</summary>
    internal static async Task<IReadOnlyList<TicketRow>> PageAsync(EnneoDbContext db, IQueryable<Ticket> page, long ownerId, CancellationToken cancellationToken)
    {
        var rows = await page.Select(s_row).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        var tags = (await db.TicketTags.AsNoTracking().Where(g => ids.Contains(g.TicketId) && !g.IsTakenOff).OrderBy(g => g.TagId).Select(g => new { g.TicketId, g.TagId }).ToListAsync(cancellationToken))
            .ToLookup(tag => tag.TicketId, tag => tag.TagId);
        var names = (await db.Set<ExternalTicket>().AsNoTracking().Where(e => ids.Contains(e.TicketId) && e.OwnerId == ownerId).ToListAsync(cancellationToken))
            .ToLookup(external => external.TicketId, external => external.ExternalId);
        var facts = await db.Set<TicketFacts>().AsNoTracking().Where(f => ids.Contains(f.TicketId)).ToDictionaryAsync(f => f.TicketId, cancellationToken);
        return [.. rows.Select(row => row with
        {
            TagIds = [.. tags[row.Id]],
            ExternalId = names[row.Id].Order(StringComparer.Ordinal).FirstOrDefault(),
            Facts = facts.GetValueOrDefault(row.Id),
        })];
    }

    private static readonly Expression<Func<Ticket, TicketRow>> s_row = t => new TicketRow(
        t.Id, t.MailboxId, t.Subject, t.Status, t.Place, t.SpamStatus, t.AssigneeId, t.People, t.Snippet,
        t.MessageCount, t.UnreadCount, t.HasAttachments, t.CreatedAt, t.LastMessageAt, t.SnoozedUntil)
    {
        Priority = t.Priority,
        SupportLevel = t.AiSupportLevel,
        FirstResponseDueBy = t.FirstResponseDueBy,
        DueBy = t.DueBy,
    };

    private static string Say(string text, IEnumerable<string> allowed) => string.Format(CultureInfo.InvariantCulture, text, string.Join(", ", allowed));
}
