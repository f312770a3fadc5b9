using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A ticket about which a person decided: what undoing needs.</summary>
/// <param name="Moved">What went to another folder because of it.</param>
/// <param name="Lessons">What was known before about its mails.</param>
/// <param name="Dropped">What of their processing was still to be done.</param>
public sealed record SpamDecision(
    long TicketId, SpamStatus? Before, SpamStatus? After, FilingResult? Moved, IReadOnlyList<FormerLesson> Lessons, IReadOnlyList<long> Dropped);

/// <summary>
/// What people say about spam stands above every stage. Each operation is one transaction and returns what it changed;
/// tickets that do not exist for the actor, or are so already, are passed over.
/// </summary>
public sealed class SpamDecisions(WriterLane lane, MessageFiling filing, TimeProvider clock)
{
    /// <summary>Spam: out of sight, out of all automatic work, and a lesson. Clean: back in sight, processed again without the model and without acting, and a lesson.</summary>
    public Task<IReadOnlyList<SpamDecision>> MarkAsync(
        IReadOnlyCollection<long> ticketIds, bool isSpam, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => MarkAsync(db, ticketIds, isSpam, actor, origin, token), cancellationToken);

    /// <summary>Takes decisions back, but for what somebody has decided again meanwhile.</summary>
    /// <returns>Whether anything was.</returns>
    public Task<bool> UndoAsync(IReadOnlyList<SpamDecision> decisions, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => UndoAsync(db, decisions, actor, origin, token), cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<bool> UndoAsync(EnneoDbContext db, IReadOnlyList<SpamDecision> decisions, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var made = decisions.ToDictionary(decision => decision.TicketId);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var tickets = await reach.Of(db.Tickets).Where(t => made.Keys.Contains(t.Id)).ToListAsync(cancellationToken);
        foreach (var ticket in tickets.Where(t => t.SpamStatus == made[t.Id].After))
        {
            var decision = made[ticket.Id];
            await MailProcessing.CancelAsync(db, [ticket.Id], clock.GetUtcNow(), cancellationToken);
            await new SpamTransition(db, filing, clock).ApplyAsync(ticket, decision.Before, actor, origin, (SpamWhy.Person, "undo"), cancellationToken);
            await filing.PutBackAsync(db, decision.Moved?.Moved ?? [], actor, origin, cancellationToken);
            await SpamLessons.RestoreAsync(db, ticket.MailboxId, decision.Lessons, actor, clock.GetUtcNow(), cancellationToken);
            await MailProcessing.ResumeAsync(db, decision.Dropped, cancellationToken);
        }

        return tickets.Exists(t => t.SpamStatus == made[t.Id].Before);
    }

    /// <returns>The tickets about which somebody has decided again since.</returns>
    internal static async Task<List<long>> OvertakenAsync(EnneoDbContext db, IReadOnlyList<SpamDecision> decisions, CancellationToken cancellationToken)
    {
        var made = decisions.ToDictionary(decision => decision.TicketId, decision => decision.After);
        var now = await db.Tickets.Where(t => made.Keys.Contains(t.Id)).Select(t => new { t.Id, t.SpamStatus }).ToListAsync(cancellationToken);
        return [.. now.Where(ticket => ticket.SpamStatus != made[ticket.Id]).Select(ticket => ticket.Id)];
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<IReadOnlyList<SpamDecision>> MarkAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, bool isSpam, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<SpamDecision> decisions = [];
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        foreach (var ticket in await reach.Of(db.Tickets).Where(t => ticketIds.Contains(t.Id)).ToListAsync(cancellationToken))
        {
            if (await DecideAsync(db, ticket, isSpam, actor, origin, (SpamWhy.Person, "list"), LessonSource.Person, cancellationToken) is { } decision)
            {
                decisions.Add(decision);
            }
        }

        return decisions;
    }

    /// <summary>Takes a person's verdict back, and what was learned by it; no stage judges anew. Within a transaction of the writer lane.</summary>
    /// <returns>False where no person had decided.</returns>
    internal async Task<bool> WithdrawAsync(EnneoDbContext db, Ticket ticket, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!ticket.SpamStatus.IsManual())
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await MailProcessing.CancelAsync(db, [ticket.Id], now, cancellationToken);
        if (ticket.SpamStatus is SpamStatus.ManualSpam && await db.Mailboxes.AnyAsync(m => m.Id == ticket.MailboxId && m.Spam.JunkMoves != JunkMoves.ByNobody, cancellationToken))
        {
            var inJunk = await db.Messages
                .Where(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In)
                .Where(m => db.MessageFolders.Any(p => p.MessageId == m.Id && db.Folders.Any(f => f.Id == p.FolderId && f.Role == FolderRole.Junk)))
                .Select(m => m.Id)
                .ToListAsync(cancellationToken);
            await filing.MoveAsync(db, inJunk, FolderRole.Inbox, actor, origin, cancellationToken);
            await db.Entry(ticket).ReloadAsync(cancellationToken);
        }

        await new SpamTransition(db, filing, clock).ApplyAsync(ticket, status: null, actor, origin, (SpamWhy.Person, "withdrawn"), cancellationToken);
        var taught = await db.SpamLessons
            .Where(l => l.Source == LessonSource.Person && db.Messages.Any(m => m.Id == l.MessageId && m.TicketId == ticket.Id))
            .Select(l => l.MessageId)
            .ToListAsync(cancellationToken);
        await SpamLessons.RestoreAsync(db, ticket.MailboxId, [.. taught.Select(id => new FormerLesson(id, null))], actor, now, cancellationToken);
        return true;
    }

    /// <summary>Somebody answers a ticket that is spam, which says that it is none. Within a transaction of the writer lane.</summary>
    internal async Task AnswerAsync(EnneoDbContext db, long ticketId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is { } ticket && ticket.SpamStatus.IsSpam())
        {
            await DecideAsync(db, ticket, isSpam: false, actor, origin, (SpamWhy.Person, "answer"), LessonSource.Answer, cancellationToken);
        }
    }

    /// <summary>The same, seen on the mail server: a person's word only where the mailbox takes what is seen there for one. Within a transaction of the writer lane.</summary>
    internal async Task FollowAnswerAsync(EnneoDbContext db, long ticketId, bool isPersons, string origin, CancellationToken cancellationToken)
    {
        if (isPersons)
        {
            await AnswerAsync(db, ticketId, Actor.MailServer, origin, cancellationToken);
        }
        else if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is { } ticket && ticket.SpamStatus.IsSpam() && !ticket.SpamStatus.IsManual())
        {
            await new SpamTransition(db, filing, clock).ReleaseAsync(ticket, Actor.MailServer, origin, (SpamWhy.NotAsked, nameof(NotAsked.Answered)), cancellationToken);
        }
    }

    /// <summary>Somebody moved its mail into or out of junk in another mail program. Within a transaction of the writer lane.</summary>
    internal Task FollowAsync(EnneoDbContext db, Ticket ticket, bool isSpam, string origin, CancellationToken cancellationToken) =>
        DecideAsync(db, ticket, isSpam, Actor.MailServer, origin, (SpamWhy.Person, "folder"), LessonSource.OtherClient, cancellationToken);

    private async Task<SpamDecision?> DecideAsync(
        EnneoDbContext db, Ticket ticket, bool isSpam, Actor actor, string origin, (string, object?) why, LessonSource source, CancellationToken cancellationToken)
    {
        var (before, after) = (ticket.SpamStatus, isSpam ? SpamStatus.ManualSpam : SpamStatus.ManualClean);
        if (before == after)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var moved = await new SpamTransition(db, filing, clock).ApplyAsync(ticket, after, actor, origin, why, cancellationToken);
        var lessons = await SpamLessons.TeachAsync(db, ticket.Id, isSpam, source, actor, now, cancellationToken);
        IReadOnlyList<long> dropped = isSpam || before.IsSpam() ? await MailProcessing.CancelAsync(db, [ticket.Id], now, cancellationToken) : []; // what has just come in goes its way
        if (!isSpam)
        {
            await new SpamTransition(db, filing, clock).ProcessAsync(ticket, cancellationToken);
        }

        return new SpamDecision(ticket.Id, before, after, moved, lessons, dropped);
    }
}
