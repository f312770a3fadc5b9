using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A conversation: its messages, oldest first, and the answer being written.</summary>
public sealed partial class ThreadView(
    TicketQueries queries, CurrentReach reach, ActivityQueries activity, ReadState readState, Drafts drafts, NoteChanging changing, Outbox outbox, InboxActions actions, InboxScript script, BrowserTime time, NavigationManager navigation)
    : ComponentBase, IDisposable
{
    private const string Origin = "web";

    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<long> _open = [];
    private ElementReference _scroller;
    private Composer? _composer;
    private TicketThread? _thread;
    private IReadOnlyList<OutgoingStatus> _outgoing = [];
    private ThreadHistory _history = ThreadHistory.None;
    private ThreadAnswer _answer = null!;
    private long _loadedTicketId;
    private long? _sought;
    private long? _loadedMessageId;
    private bool _failed;
    private bool _missing;
    private bool _reveal;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public long TicketId { get; set; }

    /// <summary>The list that it was opened from.</summary>
    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    private string Back => (View with { TicketId = null }).Url;

    private string Subject => _thread!.Ticket.Subject is { Length: > 0 } subject ? subject : InboxText.NoSubject;

    private string Status => _thread!.Ticket.Status switch
    {
        TicketStatus.Open => InboxText.Open,
        TicketStatus.Pending => InboxText.Pending,
        _ => InboxText.Closed,
    };

    /// <summary>Such as "Support · Open · assigned to Anna · snoozed until Mon 08:00".</summary>
    private string Standing => string.Join(" · ", ((string?[])
    [
        _thread!.MailboxName,
        Status,
        Directory.NameOf(_thread.Ticket.AssigneeId) is { } name ? string.Format(CultureInfo.CurrentCulture, InboxText.AssignedTo, name) : null,
        _thread.Ticket.SnoozedUntil is { } until ? string.Format(CultureInfo.CurrentCulture, InboxText.SnoozedUntil, time.Until(until)) : null,
        _thread.Ticket.Place switch { TicketPlace.Junk => InboxText.InJunk, TicketPlace.Trash => InboxText.InTrash, _ => null },
    ]).OfType<string>());

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <summary>Reads the conversation again if it is among what changed.</summary>
    public async Task ApplyAsync(InboxChanges changes)
    {
        if ((changes.Tickets.Contains(TicketId) || changes.Access) && !_failed)
        {
            await RefreshAsync();
        }
    }

    /// <summary>Reads the conversation again.</summary>
    public async Task RefreshAsync()
    {
        await ReadAsync();
        await _answer.LetGoAsync();
        await FollowAsync();
        StateHasChanged();
    }

    protected override void OnInitialized() => _answer = new(drafts, outbox, changing, Person.Id, _closed.Token);

    protected override async Task OnParametersSetAsync()
    {
        var isSought = _loadedMessageId != View.MessageId;
        _loadedMessageId = View.MessageId;
        if (_loadedTicketId != TicketId)
        {
            _loadedTicketId = TicketId;
            await LoadAsync();
        }
        else if (isSought)
        {
            OpenSought();
            _reveal = true;
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_reveal && _thread is not null)
        {
            _reveal = false;
            await script.RevealAsync(_scroller);
            _sought = null; // once; an answer is shown where it stands
        }
    }

    /// <summary>A search led to one of its messages.</summary>
    private void OpenSought()
    {
        if (_thread?.Messages.FirstOrDefault(message => message.Id == View.MessageId) is { Id: var id })
        {
            _open.Add(id);
            _sought = id;
        }
    }

    private static string Sender(ThreadMessage message) => message.FromName.Length > 0 ? message.FromName : message.FromAddress;

    private async Task LoadAsync()
    {
        (_failed, _missing, _thread) = (false, false, null);
        _answer.Forget();
        _open.Clear();
        try
        {
            await ReadAsync();
            OpenSought();
            await FollowAsync();
            if (!_missing)
            {
                await _answer.ResumeAsync(TicketId);
            }

            _reveal = true;
        }
        catch (DbException)
        {
            _failed = true;
        }
    }

    private async Task ReadAsync()
    {
        var ticketId = TicketId;
        var seen = await reach.NowAsync(_closed.Token);
        var thread = await queries.FindThreadAsync(seen, ticketId, _closed.Token);
        var outgoing = await outbox.ForTicketAsync(seen, ticketId, _closed.Token);
        var happened = thread is null ? [] : await activity.HistoryAsync(seen, [ticketId, .. thread.FoldedIn], _closed.Token);
        if (ticketId != TicketId)
        {
            return; // another conversation was opened meanwhile
        }

        var known = _thread?.Messages.Select(message => message.Id).ToHashSet() ?? [];
        (_thread, _outgoing, _missing) = (thread, outgoing, thread is null);
        _history = new ThreadHistory(happened, thread?.Messages ?? []);
        var fresh = thread?.Messages.Where(message => !known.Contains(message.Id)).ToList() ?? [];
        _open.UnionWith(fresh.Where(message => message is { IsSeen: false, Direction: MessageDirection.In, IsEvent: false }).Select(message => message.Id));
        var newest = thread?.Messages.LastOrDefault(message => !message.IsEvent) ?? thread?.Messages[^1];
        if (newest is not null && fresh.Contains(newest))
        {
            _open.Add(newest.Id);
        }
    }

    /// <summary>A conversation that was folded into another one is read there; old links lead to it too.</summary>
    private async Task FollowAsync()
    {
        if (_missing && await queries.FindSurvivorAsync(await reach.NowAsync(_closed.Token), TicketId, _closed.Token) is { } survivor)
        {
            navigation.NavigateTo((View with { TicketId = survivor }).Url, replace: true);
        }
    }

    private OutgoingStatus? OutgoingOf(ThreadMessage message) => _outgoing.FirstOrDefault(outgoing => outgoing.MessageId == message.Id);

    private void Toggle(long messageId)
    {
        if (!_open.Remove(messageId))
        {
            _open.Add(messageId);
        }
    }

    /// <summary>Said by a message that was in view for two seconds, or by its reader.</summary>
    private async Task MarkSeenAsync(long messageId)
    {
        if (_thread?.Messages.FirstOrDefault(message => message.Id == messageId) is { IsSeen: false, Direction: MessageDirection.In })
        {
            await readState.MarkAsync([messageId], true, Actor.User(Person.Id), Origin, _closed.Token);
        }
    }

    /// <summary>Answers or forwards what came in last; else what was written last.</summary>
    private Task ReplyAsync(DraftMode mode) => _thread is { Messages: [.., var newest] messages }
        ? _answer.StartAsync((messages.LastOrDefault(message => message is { Direction: MessageDirection.In, IsEvent: false }) ?? messages.LastOrDefault(message => !message.IsNote) ?? newest).Id, mode)
        : Task.CompletedTask;

    private Task NoteAsync() => _thread is { Messages: [.., var newest] } ? _answer.StartNoteAsync(newest.Id) : Task.CompletedTask;

    /// <summary>Puts a text into the answer, which is begun by it where there is none.</summary>
    private async Task UseAsync(string text)
    {
        if (_answer.Draft is not null && _composer is not null)
        {
            await _composer.InsertAsync(text);
        }
        else if (_thread?.Messages.LastOrDefault(message => message is { Direction: MessageDirection.In, IsEvent: false }) is { } asked)
        {
            await _answer.StartWithAsync(asked.Id, text);
        }
    }

    /// <summary>Begins something else to write, or shows it, once what is shown is saved.</summary>
    private async Task BeginAsync(Func<Task> begin)
    {
        if (_answer.Draft is null || _composer is null || await _composer.KeepAsync())
        {
            await begin();
        }
    }

    private async Task OnDiscardedAsync()
    {
        _answer.Discarded();
        await _answer.ResumeAsync(TicketId);
    }

    private async Task OnNotedAsync(long messageId)
    {
        if (_answer.Draft is { Mode: DraftMode.Note })
        {
            actions.NoteAdded(TicketId, messageId);
        }

        _answer.Sent();
        await ReadAsync();
        await _answer.ResumeAsync(TicketId);
        _reveal = true;
    }

    private async Task OnSentAsync(OutgoingStatus outgoing)
    {
        _answer.Sent();
        await ReadAsync();
        await _answer.ResumeAsync(TicketId);
        _reveal = true;
    }

    private async Task UndoAsync(OutgoingStatus outgoing) => await ContinueAsync(await _answer.TakeBackAsync(outgoing));

    private async Task EditAsync(OutgoingStatus outgoing) => await ContinueAsync(await _answer.EditAsync(outgoing));

    /// <summary>Opens a mail that is a draft again; with a new message its conversation has gone.</summary>
    private async Task ContinueAsync(DraftView? draft)
    {
        if (draft is { TicketId: null })
        {
            navigation.NavigateTo((View with { TicketId = null, DraftId = draft.Id }).Url);
            return;
        }

        await ReadAsync();
        _answer.Show(draft);
    }

    private async Task SendAgainAsync(OutgoingStatus outgoing)
    {
        await outbox.SendUncertainAgainAsync(outgoing.Id, Person.Id, _closed.Token);
        await ReadAsync();
    }

    private async Task ConfirmAsync(OutgoingStatus outgoing)
    {
        await outbox.ConfirmUncertainAsync(outgoing.Id, Person.Id, _closed.Token);
        await ReadAsync();
    }
}
