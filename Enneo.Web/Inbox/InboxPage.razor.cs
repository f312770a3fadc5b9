using System.Data.Common;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox.Search;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>The client of an agent: mailboxes, their conversations, and the one that is open. Its state is its address.</summary>
public sealed partial class InboxPage(
    TicketQueries tickets,
    MailboxQueries mailboxes,
    TagQueries tags,
    CurrentReach reach,
    Accounts accounts,
    ActorNames actors,
    SpamSenders senders,
    Drafts drafts,
    InboxActions actions,
    Toast toast,
    NavigationManager navigation,
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
    private SearchResults? _found;
    private ThreadView? _thread;
    private LiveChanges? _changes;
    private InboxPerson? _person;
    private IReadOnlyList<MailboxListing>? _mailboxes;
    private TicketCounts _counts = TicketCounts.None;
    private InboxDirectory _directory = InboxDirectory.Empty;
    private IReadOnlyDictionary<long, int> _tagCounts = new Dictionary<long, int>();
    private int _draftCount;
    private bool _peopleChanged;
    private bool _ready;

    [SupplyParameterFromQuery(Name = "mailbox")]
    public long? MailboxId { get; set; }

    /// <summary>The name of a list, <c>drafts</c> among them, or else what is open.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? ListName { get; set; }

    [SupplyParameterFromQuery(Name = "folder")]
    public long? FolderId { get; set; }

    [SupplyParameterFromQuery(Name = "tag")]
    public long? TagId { get; set; }

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

    private InboxView View => new(MailboxId, InboxView.Named(ListName, FolderId, TagId), TicketId, Pane == "mailboxes", FolderId)
    {
        Search = string.IsNullOrWhiteSpace(Search) ? null : Search,
        BestFirst = Sort == "best",
        MessageId = MessageId,
        DraftId = DraftId,
        TagId = FolderId is null ? TagId : null,
        Drafts = InboxView.NamesDrafts(ListName),
    };

    private string Panes => View.ShowsMailboxes ? "shows-side" : TicketId is null && DraftId is null ? "shows-list" : "shows-thread";

    private string Title => _counts.Mailboxes.Sum(count => count.Unread) is > 0 and var unread ? $"({unread}) Enneo" : "Enneo";

    public void Dispose()
    {
        actions.Done -= OnDoneAsync;
        _changes?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _person = InboxPerson.From((await authentication.GetAuthenticationStateAsync()).User);
        actions.PersonId = _person?.Id ?? 0;
        actions.Done += OnDoneAsync;
        actions.Place = PlaceAmong;
        if (RendererInfo.IsInteractive) // without a circuit there is nobody to tell
        {
            _changes = new LiveChanges(feed, clock, _person?.Id ?? 0, await reach.NowAsync(_closed.Token), OnChangesAsync);
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
            var seen = await reach.NowAsync(_closed.Token);
            _mailboxes = await mailboxes.ListAsync(seen, _closed.Token);
            _counts = await tickets.CountsAsync(seen, _person?.Id, _closed.Token);
            _draftCount = _person is { Id: var author } ? await drafts.CountAsync(author, _closed.Token) : 0;
            var folders = await mailboxes.FoldersAsync(seen, _closed.Token);
            var people = _directory.People.Count == 0 || _peopleChanged ? await accounts.ListAsync(_closed.Token) : _directory.People;
            _peopleChanged = false;
            var programs = await actors.ProgramsAsync(_closed.Token);
            var own = await senders.OwnDomainsAsync(_closed.Token);
            var labels = await tags.ListAsync(_closed.Token);
            _tagCounts = labels.Count == 0 ? new Dictionary<long, int>() : await tags.CountsAsync(seen, _closed.Token);
            if (people != _directory.People || !folders.SequenceEqual(_directory.Folders) || !labels.SequenceEqual(_directory.Tags) || programs.Count != _directory.Programs.Count || !own.SetEquals(_directory.OwnDomains))
            {
                _directory = new InboxDirectory(people, folders) { Tags = labels, Programs = programs, OwnDomains = own }; // one that is new makes all that knows it render
            }
        }
        catch (DbException)
        {
            _mailboxes ??= []; // the list says that it could not be read, and offers to try again
        }
    }

    private bool IsTab(TicketView view) => View.View == view && !View.Drafts && !View.ShowsMailboxes;

    private ReadingPlace? PlaceAmong(IReadOnlyCollection<long> ticketIds) =>
        TicketId is { } open && ticketIds.Contains(open) && _list?.Shows(open) is true ? new(open, _list.After(open, ticketIds)) : null;

    /// <summary>What this screen did shows at once; when the open conversation leaves the list by it, the next one opens.</summary>
    private async Task OnDoneAsync(ActionDone done)
    {
        var open = TicketId is { } id && done.TicketIds.Contains(id) ? TicketId : null;
        var place = done.Place ?? PlaceAmong(done.TicketIds);
        if (_list is not null)
        {
            await _list.ApplyOwnAsync(done.TicketIds);
        }

        if (open is null)
        {
            // Another one is being read, or none.
        }
        else if (done.GoTo is { } target)
        {
            navigation.NavigateTo((View with { TicketId = target }).Url);
        }
        else if (done.Closes)
        {
            navigation.NavigateTo(View.List.Url);
        }
        else if (place?.TicketId == open && _list?.Shows(open.Value) is false)
        {
            navigation.NavigateTo((View with { TicketId = place.Next }).Url);
        }
        else if (_thread is not null)
        {
            await _thread.RefreshAsync();
        }

        await ReadMailboxesAsync();
        StateHasChanged();
    }

    // On a thread of its own: hop onto the circuit, and let its error boundary show what goes wrong.
    private Task OnChangesAsync(InboxChanges changes) => InvokeAsync(async () =>
    {
        try
        {
            if (changes.Access || changes.People)
            {
                _changes!.Reach = await reach.NowAsync(_closed.Token);
                _peopleChanged = true;
            }

            foreach (var entry in changes.Untold)
            {
                toast.Add(HistoryWords.Untold(entry));
            }

            if (_list is not null && !View.Drafts) // what is not shown any more has gone
            {
                await _list.ApplyAsync(changes);
            }

            if (_drafts is not null && View.Drafts)
            {
                await _drafts.ApplyAsync(changes);
            }

            if (_found is not null && View.Search is not null)
            {
                await _found.ApplyAsync(changes);
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
