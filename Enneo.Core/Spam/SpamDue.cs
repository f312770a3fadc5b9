using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Nobody waits for an answer to spam: when it was due is taken off a ticket that becomes spam, and comes back with it.
/// The log keeps it meanwhile. Within a transaction of the writer lane.
/// </summary>
internal sealed record SpamDue(DateTimeOffset? FirstResponseDueBy, DateTimeOffset? DueBy)
{
    private const string First = "firstResponseDueBy";
    private const string Whole = "dueBy";

    /// <summary>The field that marks the entry by which it was taken off.</summary>
    private const string Mark = "withheld";

    /// <param name="ticket">Tracked.</param>
    public static async Task WithholdAsync(EnneoDbContext db, Ticket ticket, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (ticket is { FirstResponseDueBy: null, DueBy: null })
        {
            return;
        }

        db.Activity.Add(Entry(ticket, ticket.FirstResponseDueBy, ticket.DueBy, actor, origin, clock));
        (ticket.FirstResponseDueBy, ticket.DueBy) = (null, null);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Keeps what somebody says of a ticket that is spam, until it is none any more.</summary>
    /// <param name="ticket">Tracked.</param>
    /// <param name="say">From what was kept before to what is kept now.</param>
    public static async Task KeepAsync(EnneoDbContext db, Ticket ticket, Func<SpamDue, SpamDue> say, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var before = await FindAsync(db, ticket.Id, cancellationToken) ?? new SpamDue(null, null);
        if (say(before) is var kept && kept != before)
        {
            db.Activity.Add(Entry(ticket, kept.FirstResponseDueBy, kept.DueBy, actor, origin, clock));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <returns>What was taken off when it became spam; null where nothing was, or where somebody has set it since.</returns>
    public static async Task<SpamDue?> FindAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken)
    {
        var last = await db.Activity
            .Where(e => e.TicketId == ticketId && e.Kind == ActivityKind.TicketDueChanged)
            .OrderByDescending(e => e.Sequence)
            .Select(e => e.Changes)
            .FirstOrDefaultAsync(cancellationToken);
        if (last is null)
        {
            return null;
        }

        using var changes = JsonDocument.Parse(last);
        return changes.RootElement.TryGetProperty(Mark, out _) ? new SpamDue(Old(changes.RootElement, First), Old(changes.RootElement, Whole)) : null;
    }

    /// <param name="ticket">Tracked.</param>
    public async Task GiveBackAsync(EnneoDbContext db, Ticket ticket, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        TicketEditing.Edit(db, ticket, state => state with { FirstResponseDueBy = FirstResponseDueBy, DueBy = DueBy }, actor, origin, clock);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static ActivityEntry Entry(Ticket ticket, DateTimeOffset? first, DateTimeOffset? whole, Actor actor, string origin, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.TicketDueChanged, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: [(First, first, null), (Whole, whole, null), (Mark, null, true)]);

    private static DateTimeOffset? Old(JsonElement changes, string field) =>
        changes.TryGetProperty(field, out var change) && change[0].ValueKind is not JsonValueKind.Null ? change[0].GetDateTimeOffset() : null;
}
