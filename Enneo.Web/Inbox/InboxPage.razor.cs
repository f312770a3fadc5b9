using System.Data.Common;
using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>The client of an agent: mailboxes, their conversations, and the one that is open. Its state is its address.</summary>
public sealed partial class InboxPage(
    TicketQueries tickets,
    MailboxQueries mailboxes,
    LiveFeed feed,
    InboxScript script,
    BrowserTime time,
    IJSRuntime js,
    AuthenticationStateProvider authentication,
    TimeProvider clock) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private ElementReference _root;
    private TicketList? _list;
    private DraftList? _drafts;
    private ThreadView? _thread;
    private LiveChanges? _changes;
    private InboxPerson? _person;
    private IReadOnlyList<MailboxListing>? _mailboxes;
    private IReadOnlyList<MailboxCounts> _counts = [];
    private bool _ready;

    [SupplyParameterFromQuery(Name = "mailbox")]
    public long? MailboxId { get; set; }

    /// <summary><c>closed</c>, <c>drafts</c>, or else what is open.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "ticket")]
    public long? TicketId { get; set; }

    /// <summary>The new message that is written.</summary>
    [SupplyParameterFromQuery(Name = "draft")]
    public long? DraftId { get; set; }

    /// <summary><c>mailboxes</c> where these lie over the list.</summary>
    [SupplyParameterFromQuery(Name = "pane")]
    public string? Pane { get; set; }

    /// <summary>What is searched for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    /// <summary><c>best</c>, or else the newest first.</summary>
    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "message")]
    public long? MessageId { get; set; }

    private InboxView View => new(
        MailboxId, Status == "closed", TicketId, Pane == "mailboxes", string.IsNullOrWhiteSpace(Search) ? null : Search, Sort == "best", MessageId)
    {
        DraftId = DraftId,
        Drafts = Status == "drafts",
    };

    private string Panes => View.ShowsMailboxes ? "shows-side" : TicketId is null && DraftId is null ? "shows-list" : "shows-thread";

    private bool HasNothing => _counts.Where(count => MailboxId is null || count.MailboxId == MailboxId).Sum(count => count.Open + count.Closed) == 0;

    private string Title => _counts.Sum(count => count.Unread) is > 0 and var unread ? $"({unread}) Enneo" : "Enneo";

    public void Dispose()
    {
        _changes?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _person = InboxPerson.From((await authentication.GetAuthenticationStateAsync()).User);
        if (RendererInfo.IsInteractive) // without a circuit there is nobody to tell
        {
            _changes = new LiveChanges(feed, clock, OnChangesAsync);
        }

        await ReadMailboxesAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Task.WhenAll(script.StartAsync(_root), time.AskAsync(js, _closed.Token));
            _ready = true;
            StateHasChanged();
        }
    }

    private async Task ReadMailboxesAsync()
    {
        try
        {
            _mailboxes = await mailboxes.ListAsync(_closed.Token);
            _counts = await tickets.CountsAsync(_closed.Token);
        }
        catch (DbException)
        {
            _mailboxes ??= []; // the list says that it could not be read, and offers to try again
        }
    }

    // On a thread of its own: hop onto the circuit, and let its error boundary show what goes wrong.
    private Task OnChangesAsync(InboxChanges changes) => InvokeAsync(async () =>
    {
        try
        {
            if (_list is not null && !View.Drafts) // what is not shown any more has gone
            {
                await _list.ApplyAsync(changes);
            }

            if (_drafts is not null && View.Drafts)
            {
                await _drafts.ApplyAsync(changes);
            }

            if (_thread is not null && TicketId is not null && DraftId is null)
            {
                await _thread.ApplyAsync(changes);
            }

            await ReadMailboxesAsync();
            StateHasChanged();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _closed.IsCancellationRequested)
        {
            // The page has gone.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    });
}
