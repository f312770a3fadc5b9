using System.Linq.Expressions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>A place in the list: what comes after it is older.</summary>
public sealed record TicketCursor(DateTimeOffset ListedAt, long Id);

/// <summary>One row of the list.</summary>
public sealed record TicketSummary(
    long Id,
    long MailboxId,
    string Subject,
    TicketStatus Status,
    string People,
    string Snippet,
    int MessageCount,
    int UnreadCount,
    bool HasAttachments,
    DateTimeOffset LastMessageAt,
    TicketPlace Place = TicketPlace.Desk,
    long? AssigneeId = null,
    DateTimeOffset? SnoozedUntil = null,
    bool IsStarred = false,
    bool WasSent = false,
    SpamStatus? SpamStatus = null)
{
    /// <summary>When its newest message came or when it woke, whichever is later: by it lists are ordered.</summary>
    public DateTimeOffset ListedAt { get; init; } = LastMessageAt;

    public TicketPriority Priority { get; init; } = TicketPriority.Medium;

    /// <summary>When somebody should have answered at the latest.</summary>
    public DateTimeOffset? FirstResponseDueBy { get; init; }

    /// <summary>When it should be closed at the latest.</summary>
    public DateTimeOffset? DueBy { get; init; }

    /// <summary>What it waits for next; null where nothing presses, as when it is closed.</summary>
    public DateTimeOffset? NextDue => Status is TicketStatus.Closed || SpamStatus.IsSpam() ? null : WasSent ? DueBy : FirstResponseDueBy ?? DueBy;

    public TicketCursor Cursor => new(ListedAt, Id);
}

/// <summary>Open tickets of one mailbox, but for the last: what is snoozed is none of the others.</summary>
/// <param name="Mine">Of the person who asks.</param>
public sealed record MailboxCounts(long MailboxId, int Open, int Unread, int Mine, int Unassigned, int Snoozed);

/// <summary>How much there is in each list.</summary>
/// <param name="HasAny">Whether there is any ticket at all.</param>
public sealed record TicketCounts(IReadOnlyList<MailboxCounts> Mailboxes, int Starred, int Junk, bool HasAny)
{
    public static readonly TicketCounts None = new([], 0, 0, false);
}

/// <summary>A ticket with its messages, oldest first.</summary>
public sealed record TicketThread(TicketSummary Ticket, string MailboxName, string MailboxAddress, TicketSummary? LinkedTicket, IReadOnlyList<ThreadMessage> Messages)
{
    /// <summary>Tickets that were folded into it.</summary>
    public IReadOnlyList<long> FoldedIn { get; init; } = [];
}

/// <summary>A message within its thread, without its body.</summary>
public sealed record ThreadMessage(
    long Id,
    MessageDirection Direction,
    string FromName,
    string FromAddress,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    DateTimeOffset ReceivedAt,
    bool IsSeen,
    bool IsFlagged,
    string Snippet,
    bool HasAttachments,
    AutomaticKind Automatic,
    ThreadRule ThreadRule,
    string ThreadDetail,
    string? Unreadable,
    bool OnServer)
{
    public string InternetMessageId { get; init; } = "";

    /// <summary>Who of us wrote it, where it is a note.</summary>
    public long? AuthorId { get; init; }

    /// <summary>Without brackets; empty if it answers nothing.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>One of us wrote it for the others: no customer ever sees it.</summary>
    public bool IsNote => Direction is MessageDirection.Internal;

    /// <summary>A program wrote it about another message: it is told in a line beneath that one.</summary>
    public bool IsEvent => Automatic is AutomaticKind.Bounce or AutomaticKind.AutoReply;
}

/// <summary>The reads of lists and threads.</summary>
public sealed class TicketQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <summary>How far back the words of a ticket are looked for; what lies further back is found by search.</summary>
    private const int MaxSought = 2000;

    private static readonly Expression<Func<Ticket, TicketSummary>> s_summary = t => new TicketSummary(
        t.Id, t.MailboxId, t.Subject, t.Status, t.People, t.Snippet, t.MessageCount, t.UnreadCount, t.HasAttachments, t.LastMessageAt,
        t.Place, t.AssigneeId, t.SnoozedUntil, t.IsStarred, t.LastSentAt != null, t.SpamStatus)
    {
        ListedAt = t.ListedAt,
        Priority = t.Priority,
        FirstResponseDueBy = t.FirstResponseDueBy,
        DueBy = t.DueBy,
    };

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<TicketSummary>> ListAsync(Reach reach, TicketFilter filter, TicketCursor? after, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await TicketLists.Page(db, reach, filter, tickets => Newest(after is var (listedAt, id)
                ? tickets.Where(t => t.ListedAt <= listedAt && (t.ListedAt < listedAt || t.Id < id)) // an index leads to the first of the two
                : tickets).Take(limit))
            .Select(s_summary)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The nearest tickets that are newer than a place in the list, newest first: what "3 new" stands for, and paging back up.</summary>
    public async Task<IReadOnlyList<TicketSummary>> ListNewerAsync(Reach reach, TicketFilter filter, TicketCursor before, int limit, CancellationToken cancellationToken)
    {
        var (listedAt, id) = before;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var newer = await TicketLists.Page(db, reach, filter, tickets => tickets
                .Where(t => t.ListedAt >= listedAt && (t.ListedAt > listedAt || t.Id > id))
                .OrderBy(t => t.ListedAt).ThenBy(t => t.Id)
                .Take(limit))
            .Select(s_summary)
            .ToListAsync(cancellationToken);
        newer.Reverse();
        return newer;
    }

    /// <summary>How many tickets a list has.</summary>
    public async Task<int> CountAsync(Reach reach, TicketFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await TicketLists.Of(db, reach, filter).CountAsync(cancellationToken);
    }

    /// <returns>All tickets of a list as it is now, in no order.</returns>
    public async Task<IReadOnlyList<long>> IdsAsync(Reach reach, TicketFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await TicketLists.Of(db, reach, filter).Select(t => t.Id).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<TicketSummary>> FindAsync(Reach reach, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.Tickets).Where(t => ids.Contains(t.Id)).Select(s_summary).ToListAsync(cancellationToken);
    }

    /// <returns>Those of them that a list shows.</returns>
    public async Task<IReadOnlyList<TicketSummary>> FindAsync(Reach reach, TicketFilter filter, IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await TicketLists.Of(db, reach, filter).Where(t => ids.Contains(t.Id)).Select(s_summary).ToListAsync(cancellationToken);
    }

    /// <summary>The newest tickets of a mailbox whose subject or people have the words, or all of them for none.</summary>
    public async Task<IReadOnlyList<TicketSummary>> FindByWordsAsync(Reach reach, long mailboxId, string words, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var recent = Newest(reach.Of(db.Tickets).Where(t => t.MailboxId == mailboxId)).Take(MaxSought);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pattern = $"%{word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
            recent = recent.Where(t => EF.Functions.Like(t.Subject, pattern, @"\") || EF.Functions.Like(t.People, pattern, @"\"));
        }

        return await Newest(recent).Take(limit).Select(s_summary).ToListAsync(cancellationToken);
    }

    /// <param name="personId">Whose tickets are counted as theirs.</param>
    public async Task<TicketCounts> CountsAsync(Reach reach, long? personId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var all = reach.Of(db.Tickets);
        var mailboxes = await all
            .Where(t => t.Status != TicketStatus.Closed && t.Place == TicketPlace.Desk) // in the words of its index
            .GroupBy(t => t.MailboxId)
            .Select(g => new MailboxCounts(
                g.Key,
                g.Count(t => t.SnoozedUntil == null),
                g.Count(t => t.SnoozedUntil == null && t.UnreadCount > 0),
                g.Count(t => t.SnoozedUntil == null && t.AssigneeId != null && t.AssigneeId == personId),
                g.Count(t => t.SnoozedUntil == null && t.AssigneeId == null),
                g.Count(t => t.SnoozedUntil != null)))
            .ToListAsync(cancellationToken);
        return new TicketCounts(
            mailboxes,
            await all.CountAsync(t => t.IsStarred && t.Place == TicketPlace.Desk, cancellationToken),
            await all.CountAsync(t => t.Place == TicketPlace.Junk, cancellationToken),
            mailboxes.Count > 0 || await all.AnyAsync(cancellationToken));
    }

    /// <returns>The ticket into which it was folded; null if it was not.</returns>
    public async Task<long?> FindSurvivorAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var seen = reach.Of(db.Tickets);
        return await db.TicketMerges.Where(m => m.TicketId == ticketId && seen.Any(t => t.Id == m.IntoId)).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>The ticket of a message; null if there is no such message.</returns>
    public async Task<long?> FindTicketIdAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.Messages).Where(m => m.Id == messageId).Select(m => (long?)m.TicketId).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>Null if there is no such ticket.</returns>
    public async Task<TicketThread?> FindThreadAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var ticket = await reach.Of(db.Tickets).Where(t => t.Id == ticketId).Select(s_summary).SingleOrDefaultAsync(cancellationToken);
        if (ticket is null)
        {
            return null;
        }

        var mailbox = await db.Mailboxes.Where(m => m.Id == ticket.MailboxId).Select(m => new { m.Name, m.Address }).SingleAsync(cancellationToken);
        var linked = await db.Tickets
            .Where(own => own.Id == ticketId)
            .Join(reach.Of(db.Tickets), own => own.LinkedTicketId, t => t.Id, (own, t) => t)
            .Select(s_summary)
            .SingleOrDefaultAsync(cancellationToken);
        var messages = await db.Messages
            .Where(m => m.TicketId == ticketId)
            .OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id)
            .Select(m => new ThreadMessage(
                m.Id, m.Direction, m.FromName, m.FromAddress, m.To, m.Cc, m.ReceivedAt, m.IsSeen, m.IsFlagged, m.Snippet, m.HasAttachments,
                m.Automatic, m.ThreadRule, m.ThreadDetail, m.Unreadable, m.OnServer)
            {
                InternetMessageId = m.InternetMessageId,
                InReplyTo = m.InReplyTo,
                AuthorId = m.AuthorId,
            })
            .ToListAsync(cancellationToken);
        var foldedIn = await db.TicketMerges.Where(m => m.IntoId == ticketId).Select(m => m.TicketId).ToListAsync(cancellationToken);
        return new TicketThread(ticket, mailbox.Name, mailbox.Address, linked, ThreadEvents.Placed(messages)) { FoldedIn = foldedIn };
    }

    private static IOrderedQueryable<Ticket> Newest(IQueryable<Ticket> tickets) => tickets.OrderByDescending(t => t.ListedAt).ThenByDescending(t => t.Id);
}
