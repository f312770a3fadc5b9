using System.Data.Common;
using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox.Search;

/// <summary>The conversations that a search finds, a page at a time.</summary>
public sealed partial class SearchResults(SearchQueries queries, CurrentReach reach, InboxScript script, BrowserTime time, TimeProvider clock) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly List<SearchHit> _found = [];
    private ElementReference _rows;
    private List<SearchHit>? _hits;
    private IReadOnlyList<string> _notes = [];
    private (string? Search, bool BestFirst, long? MailboxId) _shown;
    private SearchQuery _query = new();
    private SearchCursor? _next;
    private SearchCount? _count;
    private DateTimeOffset? _lookedBackTo;
    private bool _failed;
    private bool _loadingMore;
    private bool _toTop;

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public IReadOnlyList<MailboxListing>? Mailboxes { get; set; }

    private string CountWords => (_count, _hits) switch
    {
        (null, _) or (_, null) or ({ IsMore: true, Known: 0 }, _) => "",
        ({ IsMore: true, Known: var known }, _) when View.BestFirst => Format(SearchWords.BestOf, known),
        ({ IsMore: true, Known: var known }, _) => Format(SearchWords.MoreThan, known),
        ({ Known: 0 }, _) => SearchWords.NothingFound,
        ({ Known: 1 }, _) => SearchWords.OneMail,
        ({ Known: var known }, _) => Format(SearchWords.Mails, known),
    };

    private string WithinWords => Format(SearchWords.Within, Mailboxes?.FirstOrDefault(mailbox => mailbox.Id == View.MailboxId)?.Name ?? InboxText.Mailbox);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <summary>Searches again when somebody may see other mailboxes than before.</summary>
    public async Task ApplyAsync(InboxChanges changes)
    {
        if (changes.Access)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (View.Search, View.BestFirst, View.MailboxId))
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_toTop)
        {
            _toTop = false;
            await script.ScrollToTopAsync(_rows);
        }
    }

    /// <summary>What was found before stays until there is something to take its place.</summary>
    private async Task LoadAsync()
    {
        var wanted = (View.Search, View.BestFirst, View.MailboxId);
        (_shown, _next) = (wanted, null); // what follows what was found before is nothing to go on with
        _query = QueryReader.Read(View.Search ?? "", clock.GetUtcNow(), time.Zone);
        try
        {
            var page = await FindAsync(null);
            if (wanted == _shown) // else something else is looked for by now
            {
                _found.Clear();
                (_failed, _count, _notes, _toTop) = (false, page.Count, page.Notes, _hits is not null);
                Show(page);
            }
        }
        catch (DbException)
        {
            (_failed, _hits, _count, _notes) = (true, null, null, []);
        }
    }

    private async Task LoadMoreAsync()
    {
        if (_loadingMore || _next is not { } next)
        {
            return;
        }

        _loadingMore = true;
        try
        {
            var page = await FindAsync(next);
            if (next == _next) // else something else is looked for by now
            {
                Show(page);
            }
        }
        catch (DbException)
        {
            _failed = true;
        }
        finally
        {
            _loadingMore = false;
        }
    }

    private async Task<SearchPage> FindAsync(SearchCursor? after) => await queries.FindAsync(
        await reach.NowAsync(_closed.Token),
        new(_query, View.MailboxId is { } id ? [id] : null, View.BestFirst ? SearchOrder.Best : SearchOrder.Newest, after), _closed.Token);

    private void Show(SearchPage page)
    {
        _found.AddRange(page.Hits);
        (_hits, _next, _lookedBackTo) = (_found, page.Next, page.LookedBackTo);
    }

    private string LookedBackWords(DateTimeOffset until) => Format(SearchWords.LookedBack, time.Heading(time.Day(until)));

    private string? MailboxName(SearchHit hit) => View.MailboxId is null && Mailboxes is { Count: > 1 }
        ? Mailboxes.FirstOrDefault(mailbox => mailbox.Id == hit.MailboxId)?.Name
        : null;

    private static string Format(string words, object value) => string.Format(CultureInfo.CurrentCulture, words, value);
}
