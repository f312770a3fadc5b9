using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Makes a ticket spam or clean, with all that follows from it at once. Who may do so is decided by whoever calls it.
/// Within a transaction of the writer lane.
/// </summary>
internal sealed class SpamTransition(EnneoDbContext db, MessageFiling filing, TimeProvider clock)
{
    /// <summary>So many of a conversation's mails are analysed when it turns out to be clean.</summary>
    private const int MostProcessed = 20;

    /// <param name="ticket">Tracked.</param>
    /// <param name="why">What is written into the log beside old and new status.</param>
    /// <returns>What was moved on the server because of it.</returns>
    public async Task<FilingResult?> ApplyAsync(
        Ticket ticket, SpamStatus? status, Actor actor, string origin, (string Field, object? Value) why, CancellationToken cancellationToken)
    {
        var before = ticket.SpamStatus;
        if (before == status)
        {
            return null;
        }

        ticket.SpamStatus = status;
        ticket.Version++;
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.TicketSpamChanged, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: [("spamStatus", before?.ToString(), status?.ToString()), (why.Field, null, why.Value)]));
        await db.SaveChangesAsync(cancellationToken);

        var moved = await MoveAsync(ticket, status, actor, origin, cancellationToken);
        await db.Entry(ticket).ReloadAsync(cancellationToken); // moving wrote past it
        if (before.IsSpam() != status.IsSpam())
        {
            await CountPeopleAsync(ticket, status.IsSpam(), cancellationToken);
            await (status.IsSpam() ? HideAsync(ticket, actor, origin, cancellationToken) : ShowAsync(ticket, actor, origin, cancellationToken));
        }
        else if (status is SpamStatus.ManualClean)
        {
            await TagAsync(ticket, isSpam: false, origin, cancellationToken); // mass mail that is not hidden bears them too
        }

        if (status.IsSpam())
        {
            await ReplyWithdrawal.RunAsync(db, ticket.Id, clock, cancellationToken);
        }

        using (TicketSummaries summaries = new(db))
        {
            summaries.Refresh(ticket.Id);
        }

        await db.Entry(ticket).ReloadAsync(cancellationToken);
        return moved;
    }

    /// <summary>Makes it clean without a person's word, and has its mails processed as after "Not spam": they passed over every step when they came.</summary>
    /// <param name="ticket">Tracked.</param>
    public async Task ReleaseAsync(Ticket ticket, Actor actor, string origin, (string Field, object? Value) why, CancellationToken cancellationToken)
    {
        var wasSpam = ticket.SpamStatus.IsSpam();
        await ApplyAsync(ticket, SpamStatus.AutoClean, actor, origin, why, cancellationToken);
        if (wasSpam)
        {
            await ProcessAsync(ticket, cancellationToken);
        }
    }

    /// <summary>Has what came processed, but for history and for what is on its way already.</summary>
    public async Task ProcessAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        var newest = await db.Messages
            .Where(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && m.SourceId != null && m.Unreadable == null && !m.IsHistory)
            .Where(m => !db.ProcessingRuns.Any(r => r.MessageId == m.Id && r.FinishedAt == null))
            .OrderByDescending(m => m.Id)
            .Take(MostProcessed)
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        newest.Reverse();
        MailProcessing.Enqueue(db, ticket.MailboxId, newest, ProcessingCause.CalledClean, clock);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task HideAsync(Ticket ticket, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await TagAsync(ticket, isSpam: true, origin, cancellationToken);
        await SpamDue.WithholdAsync(db, ticket, actor, origin, clock, cancellationToken);
    }

    private async Task ShowAsync(Ticket ticket, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var due = await SpamDue.FindAsync(db, ticket.Id, cancellationToken);
        await TagAsync(ticket, isSpam: false, origin, cancellationToken);
        if (due is not null)
        {
            await due.GiveBackAsync(db, ticket, actor, origin, clock, cancellationToken);
        }

        await KeepPromisesAsync(ticket, await SpamSinceAsync(ticket, cancellationToken), actor, origin, cancellationToken);
    }

    /// <returns>When it became what it was until now; the beginning of time where it came in so.</returns>
    private async Task<DateTimeOffset> SpamSinceAsync(Ticket ticket, CancellationToken cancellationToken)
    {
        var earlier = await db.Activity
            .Where(e => e.TicketId == ticket.Id && e.Kind == ActivityKind.TicketSpamChanged)
            .OrderByDescending(e => e.Sequence)
            .Skip(1) // the one by which it is none any more
            .Select(e => new { e.Changes, e.At })
            .ToListAsync(cancellationToken);
        return earlier.Find(change => !WasSpam(change.Changes))?.At ?? DateTimeOffset.MinValue;
    }

    private static bool WasSpam(string changes)
    {
        using var fields = JsonDocument.Parse(changes);
        return fields.RootElement.TryGetProperty("spamStatus", out var pair) && Enum.TryParse<SpamStatus>(pair[0].GetString(), out var before) && ((SpamStatus?)before).IsSpam();
    }

    /// <summary>What people tagged it with while nobody waited for an answer to it promises from now on what it would have promised.</summary>
    private async Task KeepPromisesAsync(Ticket ticket, DateTimeOffset since, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var given = await db.Tags
            .Where(t => db.TicketTags.Any(g => g.TicketId == ticket.Id && g.TagId == t.Id && !g.IsTakenOff && g.Source == TagSource.Person && g.At >= since))
            .ToListAsync(cancellationToken);
        foreach (var tag in given)
        {
            await TagPromise.KeepAsync(db, ticket, tag, actor, origin, clock, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task TagAsync(Ticket ticket, bool isSpam, string origin, CancellationToken cancellationToken)
    {
        AutomaticTags tags = new(clock);
        if (isSpam)
        {
            await tags.BecomeSpamAsync(db, ticket, origin, cancellationToken);
        }
        else
        {
            await tags.BecomeCleanAsync(db, ticket, origin, cancellationToken);
        }
    }

    /// <summary>On the server too, where the mailbox wants that.</summary>
    private async Task<FilingResult?> MoveAsync(Ticket ticket, SpamStatus? status, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var moves = await db.Mailboxes.Where(m => m.Id == ticket.MailboxId).Select(m => m.Spam.JunkMoves).SingleAsync(cancellationToken);
        if (actor.Kind is ActorKind.MailServer || moves is JunkMoves.ByNobody || (moves is JunkMoves.ByPeople && !status.IsManual()))
        {
            return null;
        }

        var isSpam = status.IsSpam();
        var received = await db.Messages
            .Where(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In)
            .Where(m => db.MessageFolders.Any(p => p.MessageId == m.Id && db.Folders.Any(f => f.Id == p.FolderId
                && (isSpam ? f.Role != FolderRole.Junk && f.Role != FolderRole.Trash : f.Role == FolderRole.Junk))))
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        return await filing.MoveAsync(db, received, isSpam ? FolderRole.Junk : FolderRole.Inbox, actor, origin, cancellationToken);
    }

    /// <summary>Who sends spam is no contact; who does not is one.</summary>
    private async Task CountPeopleAsync(Ticket ticket, bool isSpam, CancellationToken cancellationToken)
    {
        var own = (await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == ticket.MailboxId, cancellationToken)).OwnAddresses.ToHashSet(StringComparer.Ordinal);
        var received = await db.Messages.AsNoTracking()
            .Where(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && m.Automatic == AutomaticKind.None)
            .Select(m => new { m.FromName, m.FromAddress, m.ReceivedAt })
            .ToListAsync(cancellationToken);
        using Contacts.ContactIndex contacts = new(db, ticket.MailboxId, own);
        foreach (var mail in received)
        {
            if (isSpam)
            {
                contacts.RemoveReceived(mail.FromAddress);
            }
            else
            {
                contacts.AddReceived(new ParsedMessage { FromName = mail.FromName, FromAddress = mail.FromAddress }, mail.ReceivedAt);
            }
        }
    }
}
