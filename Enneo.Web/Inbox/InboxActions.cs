using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Notes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Spam;

namespace Enneo.Web.Inbox;

/// <summary>
/// What people do with conversations: done at once, said in the toast, and taken back by it. What
/// fails says so and has changed nothing. One per circuit.
/// </summary>
public sealed class InboxActions(
    TicketEditing editing, TicketFiling filing, Archiving archiving, TicketRegrouping regrouping, TrashErasing erasing, SpamDecisions spam, JunkFiling junk, SpamSenders senders, DmarcExceptions exceptions,
    Unsubscribing unsubscribing, TicketTagging tagging, NoteWriting notes, Toast toast, BrowserTime time)
{
    private const string Origin = "web";

    /// <summary>After each action and each undo, on the circuit.</summary>
    public event Func<ActionDone, Task>? Done;

    /// <summary>Who acts; set by the page before anything is shown.</summary>
    public long PersonId { get; set; }

    /// <summary>Asked before each action, with the conversations that it is about.</summary>
    public Func<IReadOnlyCollection<long>, ReadingPlace?>? Place { get; set; }

    private Actor Me => Actor.User(PersonId);

    public Task SetStatusAsync(IReadOnlyCollection<long> ids, TicketStatus status) => EditAsync(
        ids,
        status switch
        {
            TicketStatus.Closed => InboxText.DoneClosed,
            TicketStatus.Pending => InboxText.DonePending,
            _ => InboxText.DoneOpened,
        },
        batch => editing.SetStatusAsync(batch, status, Me, Origin, CancellationToken.None));

    /// <param name="name">Whose it is then; null for nobody.</param>
    public Task AssignAsync(IReadOnlyCollection<long> ids, long? assigneeId, string? name) => EditAsync(
        ids,
        assigneeId == PersonId ? InboxText.DoneAssignedToMe : name is null ? InboxText.DoneUnassigned : Words(InboxText.DoneAssigned, name),
        batch => editing.AssignAsync(batch, assigneeId, Me, Origin, CancellationToken.None));

    public Task SetPriorityAsync(IReadOnlyCollection<long> ids, TicketPriority priority) => EditAsync(
        ids, Words(InboxText.DonePriority, PriorityMarks.Words(priority)), batch => editing.SetPriorityAsync(batch, priority, Me, Origin, CancellationToken.None));

    /// <summary>Says that a note was added, which can be taken back.</summary>
    public void NoteAdded(long ticketId, long messageId) => toast.Say(InboxText.DoneNote, () => RemoveNoteAsync(ticketId, messageId));

    public async Task RemoveNoteAsync(long ticketId, long messageId)
    {
        try
        {
            if (await notes.RemoveAsync(messageId, Me, Origin, CancellationToken.None) is { } removed)
            {
                toast.Say(InboxText.DoneNoteRemoved, () => RestoreNoteAsync(ticketId, removed));
            }
            else
            {
                toast.Say(InboxText.NoteNotRemoved);
            }

            await TellAsync(new ActionDone([ticketId]));
        }
        catch (DbException)
        {
            toast.Say(InboxText.NothingChanged);
        }
    }

    private async Task RestoreNoteAsync(long ticketId, RemovedNote removed)
    {
        try
        {
            toast.Say(await notes.RestoreAsync(removed, Me, Origin, CancellationToken.None) ? InboxText.Undone : InboxText.NotUndone);
            await TellAsync(new ActionDone([ticketId]));
        }
        catch (Exception exception) when (exception is DbException or CorruptSourceException)
        {
            toast.Say(InboxText.NotUndone);
        }
    }

    public Task SnoozeAsync(IReadOnlyCollection<long> ids, DateTimeOffset? until) => EditAsync(
        ids,
        until is { } at ? Words(InboxText.DoneSnoozed, time.Until(at)) : InboxText.DoneBroughtBack,
        batch => editing.SnoozeAsync(batch, until, Me, Origin, CancellationToken.None));

    public Task StarAsync(IReadOnlyCollection<long> ids, bool starred) => DoAsync(ids, starred ? InboxText.DoneStarred : InboxText.DoneUnstarred, async batch =>
    {
        var changed = await filing.StarAsync(batch, starred, Me, Origin, CancellationToken.None);
        return Outcome.Undoable(batch, () => filing.FlagAsync(changed, !starred, Me, Origin, CancellationToken.None));
    });

    public Task MarkAsync(IReadOnlyCollection<long> ids, bool seen) => DoAsync(ids, seen ? InboxText.DoneRead : InboxText.DoneUnread, async batch =>
    {
        var changed = await filing.MarkAsync(batch, seen, Me, Origin, CancellationToken.None);
        return Outcome.Undoable(batch, () => filing.MarkMessagesAsync(changed, !seen, Me, Origin, CancellationToken.None), closes: !seen);
    });

    /// <summary>Archived is closed as well, as a mail that is archived in another client closes its conversation.</summary>
    public Task ArchiveAsync(IReadOnlyCollection<long> ids) => DoAsync(ids, InboxText.DoneArchived, async batch =>
    {
        var archived = await archiving.RunAsync(batch, Me, Origin, CancellationToken.None);
        return Filed(batch, archived.Filed, archived.Closed.Count, () => archiving.UndoAsync(archived, Me, Origin, CancellationToken.None));
    });

    public Task TagAsync(IReadOnlyCollection<long> ids, TagListing tag, bool give) => DoAsync(ids, Words(give ? InboxText.DoneTagged : InboxText.DoneUntagged, tag.Name), async batch =>
    {
        var changes = give
            ? await tagging.GiveAsync(batch, tag.Id, Me, Origin, CancellationToken.None)
            : await tagging.TakeAsync(batch, tag.Id, Me, Origin, CancellationToken.None);
        return changes.Count == 0
            ? Outcome.Failed(InboxText.NothingTagged)
            : new(() => tagging.UndoAsync(changes, Me, Origin, CancellationToken.None), new(batch));
    });

    /// <summary>A person's word about spam, above every stage.</summary>
    public Task MarkSpamAsync(IReadOnlyCollection<long> ids, bool isSpam) => DoAsync(ids, isSpam ? InboxText.DoneJunk : InboxText.DoneNotJunk, async batch =>
    {
        var decisions = await spam.MarkAsync(batch, isSpam, Me, Origin, CancellationToken.None);
        return decisions.Count == 0
            ? Outcome.Failed(InboxText.NothingToMark)
            : new(() => spam.UndoAsync(decisions, Me, Origin, CancellationToken.None), new(batch, Closes: isSpam));
    });

    /// <summary>Trusts a sender in one mailbox from now on, and brings back what was hidden of them; or blocks them.</summary>
    public Task SetSenderAsync(long ticketId, long mailboxId, string address, bool isTrusted) => DoAsync([ticketId], Words(isTrusted ? SpamText.DoneTrusted : SpamText.DoneBlocked, address), async _ =>
    {
        var before = await senders.FindAsync(Reach.Of(mailboxId), address, mailboxId, CancellationToken.None);
        if (!await senders.SetAsync(address, mailboxId, isTrusted, Me, Origin, CancellationToken.None))
        {
            return Outcome.Failed(SpamWords.Of(await senders.FindProblemAsync(address, isTrusted, CancellationToken.None), address));
        }

        IReadOnlyList<long> concerned = isTrusted ? [ticketId, .. await senders.HiddenOfAsync(Reach.Of(mailboxId), address, mailboxId, CancellationToken.None)] : [ticketId];
        var decisions = await spam.MarkAsync([.. concerned.Distinct()], !isTrusted, Me, Origin, CancellationToken.None);
        return new(
            async () =>
            {
                if (before is { } known)
                {
                    return await spam.UndoAsync(decisions, Me, Origin, CancellationToken.None) | await senders.SetAsync(address, mailboxId, known, Me, Origin, CancellationToken.None);
                }

                var entry = (await senders.ListAsync(Reach.Of(mailboxId), CancellationToken.None)).FirstOrDefault(entry => entry.Sender.Equals(address, StringComparison.OrdinalIgnoreCase));
                return await spam.UndoAsync(decisions, Me, Origin, CancellationToken.None) | (entry is not null && await senders.RemoveAsync(entry.Id, Me, Origin, CancellationToken.None));
            },
            new([.. concerned], Closes: !isTrusted));
    });

    /// <summary>Not spam, and from now on neither is what comes the same way.</summary>
    public Task PinDmarcAsync(long ticketId, DmarcPin pin) => DoAsync([ticketId], Words(SpamText.DonePinned, pin.FromDomain, pin.Via), async batch =>
    {
        if (await exceptions.AddAsync(ticketId, pin, Me, Origin, CancellationToken.None) is not { } exceptionId)
        {
            return Outcome.Failed(InboxText.NothingToMark);
        }

        var decisions = await spam.MarkAsync(batch, isSpam: false, Me, Origin, CancellationToken.None);
        return new(
            async () => await spam.UndoAsync(decisions, Me, Origin, CancellationToken.None) | await exceptions.RemoveAsync(exceptionId, Me, Origin, CancellationToken.None),
            new(batch));
    });

    /// <summary>Asks the sender of a conversation's newest mail to send no more. There is no way back.</summary>
    public async Task UnsubscribeAsync(long ticketId, string sender)
    {
        toast.Progress(Words(SpamText.Unsubscribing, sender));
        toast.Say(await SaidOnUnsubscribingAsync(ticketId, sender));
        await TellAsync(new ActionDone([ticketId]));
    }

    /// <summary>Into the folder that each mailbox has for the trash, or back into the inbox.</summary>
    public Task MoveAsync(IReadOnlyCollection<long> ids, FolderRole role) => FileAsync(
        ids,
        role switch
        {
            FolderRole.Trash => InboxText.DoneTrash,
            _ => InboxText.DoneRestored,
        },
        batch => filing.MoveAsync(batch, role, Me, Origin, CancellationToken.None));

    /// <summary>Into a folder; into that for junk, or from there, it is a word about spam as well.</summary>
    public Task MoveAsync(IReadOnlyCollection<long> ids, FolderListing folder)
    {
        var isJunk = folder.Role is FolderRole.Junk;
        return DoAsync(ids, isJunk ? InboxText.DoneJunk : Words(InboxText.DoneMoved, FolderWords.Of(folder)), async batch =>
        {
            var done = await junk.MoveToFolderAsync(batch, folder.Id, Me, Origin, CancellationToken.None);
            return Filed(batch, done.Filed, done.Decisions.Count, () => junk.UndoAsync(done, Me, Origin, CancellationToken.None), isJunk);
        });
    }

    public Task MergeAsync(IReadOnlyCollection<long> ids) => RegroupAsync(ids, InboxText.DoneMerged, () => regrouping.MergeAsync(ids, Me, Origin, CancellationToken.None));

    public Task SplitAsync(long ticketId, long messageId, bool andLater) => RegroupAsync(
        [ticketId], InboxText.DoneSplit, () => regrouping.SplitAsync(messageId, andLater, Me, Origin, CancellationToken.None));

    public Task MoveMessageAsync(long ticketId, long messageId, long intoTicketId) => RegroupAsync(
        [ticketId, intoTicketId], InboxText.DoneMessageMoved, () => regrouping.MoveAsync(messageId, intoTicketId, Me, Origin, CancellationToken.None));

    /// <returns>How many messages would be erased; null when there are none, which the toast says.</returns>
    public async Task<int?> CountErasableAsync(ErasingScope scope)
    {
        try
        {
            if (await erasing.CountAsync(scope, Me, CancellationToken.None) is > 0 and var count)
            {
                return count;
            }

            toast.Say(InboxText.NothingToErase);
        }
        catch (DbException)
        {
            toast.Say(InboxText.NothingChanged);
        }

        return null;
    }

    /// <summary>For good: there is no way back. It was asked for by name and number.</summary>
    public async Task EraseAsync(ErasingScope scope)
    {
        try
        {
            var erased = await erasing.RunAsync(scope, Me, Origin, CancellationToken.None);
            toast.Say(erased == 1 ? InboxText.DoneErasedOne : Words(InboxText.DoneErased, erased));
        }
        catch (DbException)
        {
            toast.Say(InboxText.NothingChanged);
        }
    }

    private static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);

    private async Task<string> SaidOnUnsubscribingAsync(long ticketId, string sender)
    {
        try
        {
            return SpamWords.Of(await unsubscribing.RunAsync(ticketId, Me, Origin, CancellationToken.None), sender);
        }
        catch (DbException)
        {
            return InboxText.NothingChanged;
        }
    }

    private Task EditAsync(IReadOnlyCollection<long> ids, string words, Func<IReadOnlyCollection<long>, Task<IReadOnlyList<TicketChange>>> edit) => DoAsync(ids, words, async batch =>
    {
        var changes = await edit(batch);
        return Outcome.Undoable(batch, () => editing.UndoAsync(changes, Me, Origin, CancellationToken.None));
    });

    private Task FileAsync(IReadOnlyCollection<long> ids, string words, Func<IReadOnlyCollection<long>, Task<FilingResult>> file) => DoAsync(ids, words, async batch =>
    {
        var filed = await file(batch);
        return Filed(batch, filed, changed: 0, () => filing.UndoMoveAsync(filed, Me, Origin, CancellationToken.None));
    });

    /// <param name="changed">Conversations that were changed besides.</param>
    private static Outcome Filed(IReadOnlyCollection<long> ids, FilingResult filed, int changed, Func<Task> undo, bool closes = false) => filed.Moved.Count == 0 && changed == 0
        ? Outcome.Failed(filed.WithoutFolder.Count > 0 ? InboxText.NoSuchFolder : InboxText.NothingToMove)
        : Outcome.Undoable(ids, undo, filed.WithoutFolder.Count > 0 ? InboxText.SomeStayed : null, closes);

    /// <summary>As one: conversations are not regrouped by halves.</summary>
    private Task RegroupAsync(IReadOnlyCollection<long> ids, string words, Func<Task<RegroupingResult>> regroup) => DoAsync([ids.First()], words, async _ =>
    {
        var result = await regroup();
        return result.Done is { } done
            ? new(() => regrouping.UndoAsync(done, Me, Origin, CancellationToken.None), new([.. ids, done.TicketId, .. done.Former.Select(former => former.Id)], done.TicketId))
            : Outcome.Failed(result.Refusal switch
            {
                RegroupingRefusal.OtherMailbox => InboxText.OtherMailbox,
                RegroupingRefusal.Gone => InboxText.GoneMeanwhile,
                _ => InboxText.NothingToRegroup,
            });
    });

    private Task DoAsync(IReadOnlyCollection<long> ids, string words, Func<IReadOnlyCollection<long>, Task<Outcome>> act)
    {
        var place = Place?.Invoke(ids);
        return new ActionRun(toast, words, done => TellAsync(done with { Place = Interlocked.Exchange(ref place, null) })).RunAsync(ids, act); // its undo, which comes later, leads nowhere
    }

    private Task TellAsync(ActionDone done) => Done?.Invoke(done) ?? Task.CompletedTask;
}
