using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Hours;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>What a tag promises of the tickets that get it: a priority, and when they are answered. It only ever tightens.</summary>
internal static class TagPromise
{
    /// <summary>Within a transaction of the writer lane.</summary>
    /// <returns>Null where all of it was so already.</returns>
    public static async Task<TicketChange?> KeepAsync(EnneoDbContext db, Ticket ticket, Tag tag, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var due = await DueAsync(db, ticket, tag, cancellationToken);
        return TicketEditing.Edit(
            db,
            ticket,
            state => state with
            {
                Priority = tag.Priority is { } least && least > state.Priority ? least : state.Priority,
                FirstResponseDueBy = Earlier(state.FirstResponseDueBy, ticket.LastSentAt is null ? due : null),
                DueBy = Earlier(state.DueBy, due),
            },
            actor, origin, clock);
    }

    /// <summary>
    /// Takes back what a tag changed that is taken back itself, but for what was changed again meanwhile; what the
    /// ticket's other tags promise stays. Within a transaction of the writer lane.
    /// </summary>
    public static async Task ForgetAsync(EnneoDbContext db, Ticket ticket, TagChange change, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (change.Promised is not { } promised || TicketEditing.Edit(db, ticket, state => state.Without(promised), actor, origin, clock) is null)
        {
            return;
        }

        var others = await db.Tags.Where(t => t.Id != change.TagId && db.TicketTags.Any(g => g.TicketId == ticket.Id && g.TagId == t.Id && !g.IsTakenOff)).ToListAsync(cancellationToken);
        foreach (var tag in others)
        {
            await KeepAsync(db, ticket, tag, actor, origin, clock, cancellationToken);
        }
    }

    /// <summary>By the hours of business as they are now. Nobody waits for an answer to spam.</summary>
    private static async Task<DateTimeOffset?> DueAsync(EnneoDbContext db, Ticket ticket, Tag tag, CancellationToken cancellationToken) =>
        tag.SlaHours is { } hours && !ticket.SpamStatus.IsSpam() && await WaitingSinceAsync(db, ticket, cancellationToken) is { } since
            ? (await BusinessHours.ReadAsync(db, cancellationToken)).Add(since, hours)
            : null;

    /// <summary>Since when somebody waits for an answer: history waits for nobody.</summary>
    private static Task<DateTimeOffset?> WaitingSinceAsync(EnneoDbContext db, Ticket ticket, CancellationToken cancellationToken) => db.Messages
        .Where(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && !m.IsHistory && m.Automatic != AutomaticKind.AutoReply && m.Automatic != AutomaticKind.Bounce)
        .Where(m => ticket.LastSentAt == null || m.ReceivedAt > ticket.LastSentAt)
        .MinAsync(m => (DateTimeOffset?)m.ReceivedAt, cancellationToken);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}
