using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>
/// People decide what belongs together: tickets are merged and split, messages go over to another
/// ticket. What they decided is not undone by threading: later mail finds a message where it is now.
/// </summary>
public sealed class TicketRegrouping(WriterLane lane, TimeProvider clock)
{
    /// <summary>Folds tickets of one mailbox into the oldest of them.</summary>
    public Task<RegroupingResult> MergeAsync(IReadOnlyCollection<long> ticketIds, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var tickets = await reach.Of(db.Tickets.AsNoTracking()).Where(t => ticketIds.Contains(t.Id)).OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).ToListAsync(token);
            return tickets switch
            {
                { Count: < 2 } => RegroupingResult.Refused(tickets.Count < ticketIds.Distinct().Count() ? RegroupingRefusal.Gone : RegroupingRefusal.NothingToDo),
                _ when tickets.Exists(t => t.MailboxId != tickets[0].MailboxId) => RegroupingResult.Refused(RegroupingRefusal.OtherMailbox),
                _ => await FoldAsync(db, tickets, actor, origin, token),
            };
        },
        cancellationToken);

    /// <summary>Makes a message a ticket of its own.</summary>
    /// <param name="andLater">With all that came after it.</param>
    public Task<RegroupingResult> SplitAsync(long messageId, bool andLater, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var message = await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId, token);
            if (message is not { Direction: not MessageDirection.Internal })
            {
                return RegroupingResult.Refused(message is null ? RegroupingRefusal.Gone : RegroupingRefusal.NothingToDo);
            }

            var all = await db.Messages.Where(m => m.TicketId == message.TicketId).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).Select(m => m.Id).ToListAsync(token);
            return await SplitAsync(db, message, andLater ? all[all.IndexOf(messageId)..] : [messageId], actor, origin, token);
        },
        cancellationToken);

    /// <summary>Makes some messages of a ticket a ticket of their own.</summary>
    /// <param name="messageIds">With one mail at least; those that lie in other tickets stay there.</param>
    /// <param name="alongside">What is written in the same transaction once the new ticket is there: both are, or neither is.</param>
    public Task<RegroupingResult> SplitAsync(
        long ticketId, IReadOnlyCollection<long> messageIds, Actor actor, string origin, CancellationToken cancellationToken, Func<EnneoDbContext, long, CancellationToken, Task>? alongside = null) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var moved = await reach.Of(db.Messages.AsNoTracking()).Where(m => m.TicketId == ticketId && messageIds.Contains(m.Id)).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).ToListAsync(token);
            if (moved.Find(m => m.Direction is not MessageDirection.Internal) is not { } first)
            {
                return RegroupingResult.Refused(moved.Count == 0 ? RegroupingRefusal.Gone : RegroupingRefusal.NothingToDo);
            }

            var split = await SplitAsync(db, first, moved.ConvertAll(m => m.Id), actor, origin, token);
            if (split.Done is { } done && alongside is not null)
            {
                await alongside(db, done.TicketId, token);
            }

            return split;
        },
        cancellationToken);

    /// <summary>Takes a message over to another ticket of its mailbox. With its only message a ticket is folded into the other.</summary>
    public Task<RegroupingResult> MoveAsync(long messageId, long intoTicketId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var from = await reach.Of(db.Tickets.AsNoTracking()).SingleOrDefaultAsync(t => db.Messages.Any(m => m.Id == messageId && m.TicketId == t.Id), token);
            var into = await reach.Of(db.Tickets.AsNoTracking()).SingleOrDefaultAsync(t => t.Id == intoTicketId, token);
            if (from is null || into is null)
            {
                return RegroupingResult.Refused(RegroupingRefusal.Gone);
            }

            if (from.Id == into.Id || from.MailboxId != into.MailboxId)
            {
                return RegroupingResult.Refused(from.Id == into.Id ? RegroupingRefusal.NothingToDo : RegroupingRefusal.OtherMailbox);
            }

            var (source, target) = (await FormerTicket.ReadAsync(db, from, token), await FormerTicket.ReadAsync(db, into, token));
            if (!await HasMailBesideAsync(db, from.Id, [messageId], token))
            {
                return await FoldAsync(db, [into, from], actor, origin, token);
            }

            await MessageTransfer.MoveAsync(db, [messageId], from.Id, into.Id, token);
            await KeepApartAsync(db, from.Id, token);
            await KeepApartAsync(db, into.Id, token);
            db.Activity.Add(EntryOf(ActivityKind.MessagesLeft, from.MailboxId, from.Id, from.Id, into.Id, actor, origin));
            db.Activity.Add(EntryOf(ActivityKind.MessagesJoined, into.MailboxId, into.Id, from.Id, into.Id, actor, origin));
            await FinishAsync(db, [from.Id, into.Id], token);
            return new(new Regrouping(into.Id, [source, target]));
        },
        cancellationToken);

    /// <summary>Puts every message that is still in one of the tickets back into the one it was in; mail that came since stays where it came.</summary>
    /// <returns>False if nothing could be put back, since the messages went on to other tickets.</returns>
    public Task<bool> UndoAsync(Regrouping done, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => new RegroupingUndo(db, clock, done, actor, origin).RunAsync(token), cancellationToken);

    internal static ActivityEntry JudgedEntryOf(Ticket ticket, SpamStatus? before, Actor actor, string origin, TimeProvider clock) => ActivityEntry.Of(
        ActivityKind.TicketSpamChanged, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: ("spamStatus", before?.ToString(), ticket.SpamStatus?.ToString()));

    internal static async Task FinishAsync(EnneoDbContext db, IEnumerable<long> ticketIds, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        foreach (var ticketId in ticketIds)
        {
            summaries.Refresh(ticketId);
        }
    }

    private async Task<RegroupingResult> SplitAsync(EnneoDbContext db, Message message, List<long> moved, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!await HasMailBesideAsync(db, message.TicketId, moved, cancellationToken))
        {
            return RegroupingResult.Refused(RegroupingRefusal.NothingToDo);
        }

        var from = await db.Tickets.AsNoTracking().SingleAsync(t => t.Id == message.TicketId, cancellationToken);
        var former = await FormerTicket.ReadAsync(db, from, cancellationToken);
        Ticket created = new()
        {
            MailboxId = from.MailboxId,
            Subject = message.Subject,
            Status = from.Status,
            SpamStatus = from.SpamStatus,
            Priority = from.Priority,
            AssigneeId = from.AssigneeId,
            CreatedAt = message.ReceivedAt,
            LastMessageAt = message.ReceivedAt,
            People = "",
            Snippet = "",
            IsKeptApart = true,
        };
        db.Tickets.Add(created);
        await db.SaveChangesAsync(cancellationToken);
        await MessageTransfer.MoveAsync(db, moved, from.Id, created.Id, cancellationToken);
        await KeepApartAsync(db, from.Id, cancellationToken);
        db.Activity.Add(EntryOf(ActivityKind.TicketSplit, from.MailboxId, from.Id, from.Id, created.Id, actor, origin));
        db.Activity.Add(EntryOf(ActivityKind.TicketCreated, from.MailboxId, created.Id, from.Id, created.Id, actor, origin, message.Id));
        await FinishAsync(db, [from.Id, created.Id], cancellationToken);
        return new(new Regrouping(created.Id, [former], CreatedId: created.Id));
    }

    private async Task<RegroupingResult> FoldAsync(EnneoDbContext db, List<Ticket> tickets, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<FormerTicket> former = [];
        foreach (var ticket in tickets)
        {
            former.Add(await FormerTicket.ReadAsync(db, ticket, cancellationToken));
        }

        var into = tickets[0];
        foreach (var from in tickets.Skip(1))
        {
            TicketMerging.Fold(db, into.Id, from.Id);
            db.Activity.Add(EntryOf(ActivityKind.TicketsMerged, into.MailboxId, into.Id, from.Id, into.Id, actor, origin));
        }

        var survivor = await db.Tickets.SingleAsync(t => t.Id == into.Id, cancellationToken);
        var isSpam = (await db.Tickets.Where(t => t.Id == into.Id).Select(t => t.SpamStatus).SingleAsync(cancellationToken)).IsSpam(); // as folding settled it
        var (before, after) = (TicketState.Of(into), StateOf(tickets, isSpam));
        survivor.IsKeptApart = tickets.Exists(t => t.IsKeptApart);
        after.ApplyTo(survivor);
        db.Activity.AddRange(TicketEditing.EntriesOf(survivor, before, after, actor, origin, clock));
        if (survivor.SpamStatus != into.SpamStatus)
        {
            db.Activity.Add(JudgedEntryOf(survivor, into.SpamStatus, actor, origin, clock));
        }

        await FinishAsync(db, [into.Id], cancellationToken);
        return new(new Regrouping(into.Id, former, new TicketChange(into.Id, before, after)) { SpamStatus = survivor.SpamStatus });
    }

    /// <summary>Open if any was; cared for by whoever cared for the first; out of sight only if all were; as urgent as the most urgent, due when the first was, and not at all as spam.</summary>
    private static TicketState StateOf(List<Ticket> tickets, bool isSpam) => new(
        tickets.Min(t => t.Status),
        tickets.Select(t => t.AssigneeId).FirstOrDefault(id => id is not null),
        tickets.TrueForAll(t => t.SnoozedUntil is not null) ? tickets.Min(t => t.SnoozedUntil) : null,
        tickets.Max(t => t.WokenAt))
    {
        Priority = tickets.Max(t => t.Priority),
        FirstResponseDueBy = isSpam ? null : tickets.Min(t => t.FirstResponseDueBy),
        DueBy = isSpam ? null : tickets.Min(t => t.DueBy),
    };

    /// <summary>Notes alone make no ticket.</summary>
    private static Task<bool> HasMailBesideAsync(EnneoDbContext db, long ticketId, IReadOnlyCollection<long> messageIds, CancellationToken cancellationToken) =>
        db.Messages.AnyAsync(m => m.TicketId == ticketId && m.Direction != MessageDirection.Internal && !messageIds.Contains(m.Id), cancellationToken);

    private static Task KeepApartAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) =>
        db.Tickets.Where(t => t.Id == ticketId).ExecuteUpdateAsync(set => set.SetProperty(t => t.IsKeptApart, true), cancellationToken);

    private ActivityEntry EntryOf(ActivityKind kind, long mailboxId, long ticketId, long old, long now, Actor actor, string origin, long? messageId = null) =>
        ActivityEntry.Of(kind, actor, origin, clock, mailboxId, ticketId, messageId, changes: ("ticket", old, now));
}
