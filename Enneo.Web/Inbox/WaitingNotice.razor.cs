using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What was changed in a conversation and is not so on the mail server: because it shall not be, or because the server refused.</summary>
public sealed partial class WaitingNotice(WaitingChanges waiting, WaitingChangeDecisions decisions, CurrentReach reach, BrowserTime time) : ComponentBase, IDisposable
{
    private const string Origin = "web";

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<WaitingChange> _changes = [];
    private TicketThread? _loaded;
    private bool _busy;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    private List<WaitingChange> OnlyHere => [.. _changes.Where(change => change.IsOnlyHere)];

    private IEnumerable<IGrouping<string, WaitingChange>> Refused => _changes.Where(change => !change.IsOnlyHere).GroupBy(change => change.Refusal ?? "");

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnParametersSetAsync()
    {
        if (_loaded == Thread)
        {
            return Task.CompletedTask;
        }

        _loaded = Thread;
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        var ticketId = Thread.Ticket.Id;
        try
        {
            var changes = await waiting.OfTicketAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _changes = ticketId == Thread.Ticket.Id ? changes : _changes;
        }
        catch (DbException)
        {
            _changes = []; // the conversation itself says what is wrong
        }
    }

    /// <summary>Such as "moved to Archive: Anna, 09:14".</summary>
    private string What(WaitingChange change)
    {
        var done = WaitingWords.Done(change);
        return Thread.Messages.FirstOrDefault(message => message.Id == change.MessageId) is { } message && Thread.Messages.Count > 1
            ? string.Format(CultureInfo.CurrentCulture, InboxText.DoneTo, done, message.FromName.Length > 0 ? message.FromName : message.FromAddress, time.ForThread(message.ReceivedAt))
            : done;
    }

    private Task TryAgainAsync(IEnumerable<WaitingChange> changes) =>
        DecideAsync(() => decisions.TryAgainAsync([.. changes.Select(change => change.Id)], Actor.User(Person.Id), Origin, _closed.Token));

    private Task UndoAsync(IEnumerable<WaitingChange> changes) =>
        DecideAsync(() => decisions.UndoAsync([.. changes.Select(change => change.Id)], Actor.User(Person.Id), Origin, _closed.Token));

    private async Task DecideAsync(Func<Task> decide)
    {
        _busy = true;
        try
        {
            await decide();
            await LoadAsync();
        }
        finally
        {
            _busy = false;
        }
    }
}
