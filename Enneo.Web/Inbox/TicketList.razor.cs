using System.Data.Common;
using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Identity;
using Enneo.Web.Spam;
using Enneo.Web.Tags;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>The conversations of a mailbox, or of all: a window into the list that follows what happens.</summary>
public sealed partial class TicketList(TicketQueries queries, TagQueries tagQueries, SpamQueries spamQueries, CurrentReach reach, InboxScript script, BrowserTime time) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly TicketSelection _selection = new();
    private readonly ShownTags _tags = new(tagQueries);
    private readonly ShownReasons _reasons = new(spamQueries);
    private readonly TicketPages _pages = new(queries, reach);
    private readonly List<InboxChanges> _meanwhile = [];
    private ElementReference _rows;
    private TicketWindow? _window;
    private TicketFilter? _asked;
    private bool _failed;
    private bool _loadingMore;
    private bool _reveal;
    private int _whole;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    /// <summary>Who is reading.</summary>
    [Parameter]
    public long? PersonId { get; set; }

    /// <summary>Null while they are being read.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<MailboxListing>? Mailboxes { get; set; }

    /// <summary>Whether no mail came yet, open or closed.</summary>
    [Parameter]
    public bool HasNothing { get; set; }

    [Parameter]
    public bool IsAdmin { get; set; }

    private MailboxListing? Mailbox => Mailboxes?.FirstOrDefault(mailbox => mailbox.Id == View.MailboxId);

    private TicketFilter Filter => View.FilterOf(PersonId);

    /// <summary>Null where the list is no trash.</summary>
    private ErasingScope? TrashShown => ErasingScope.Of(Filter, Directory.Folder(View.FolderId)?.Role ?? FolderRole.None);

    private string Title => ListTitle.Of(View, Mailbox, Directory);

    private List<long> ShownIds => [.. _window?.Rows.Select(ticket => ticket.Id) ?? []];

    private List<TicketSummary> Picked => [.. _window?.Rows.Where(ticket => _selection.Contains(ticket.Id)) ?? []];

    private string PickedWords => string.Format(CultureInfo.CurrentCulture, _selection.IsWhole ? InboxText.PickedWhole : InboxText.PickedCount, _selection.Count);

    /// <summary>All that is loaded is picked, and there is more.</summary>
    private bool OffersWhole => !_selection.IsWhole && _window is { Rows.Count: > 0 } window && (window.HasNewer || window.HasOlder) && window.Rows.All(ticket => _selection.Contains(ticket.Id));

    private string WholeWords => string.Format(CultureInfo.CurrentCulture, InboxText.PickWhole, _whole);

    private string? Trouble => Mailbox is { State: MailboxState.SignInAgain or MailboxState.Error, Message: { } message } ? message : null;

    private string? Progress => InboxProgress.Words(View.MailboxId is null ? Mailboxes ?? [] : Mailbox is { } one ? [one] : []);

    private string WaitingWords => string.Format(CultureInfo.CurrentCulture, InboxText.NewCount, _window!.NewCount);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    public bool Shows(long ticketId) => _window?.Rows.Any(ticket => ticket.Id == ticketId) is true;

    /// <returns>The conversation to go on with: the next one below, else above; null when none is left.</returns>
    public long? After(long ticketId, IReadOnlyCollection<long> leaving)
    {
        var shown = ShownIds;
        var from = shown.IndexOf(ticketId);
        return from < 0
            ? null
            : shown.Skip(from + 1).Concat(shown.Take(from).Reverse()).Where(id => !leaving.Contains(id)).Select(id => (long?)id).FirstOrDefault();
    }

    /// <summary>Shows at once what the person in front of it did.</summary>
    public async Task ApplyOwnAsync(IReadOnlyCollection<long> ticketIds)
    {
        if (_window is { } window)
        {
            await ApplyAsync(window, ticketIds, mayMove: true);
            StateHasChanged();
        }
    }

    /// <summary>Reads again what changed, and only that; where the list is being read, once it has been.</summary>
    public async Task ApplyAsync(InboxChanges changes)
    {
        if (changes.Tickets.Count == 0 && !changes.History)
        {
            return;
        }

        if (_window is not { } window)
        {
            _meanwhile.Add(changes);
            return;
        }

        if (changes.Access)
        {
            await LoadAsync();
            StateHasChanged();
            return;
        }

        if (changes.History)
        {
            await ApplyHistoryAsync(window, await MayMoveAsync(window));
        }

        if (changes.Tickets.Count > 0)
        {
            await ApplyAsync(window, changes.Tickets, await MayMoveAsync(window));
        }

        StateHasChanged();
    }

    /// <summary>Where more changed than is ever shown, what is shown is read again.</summary>
    private async Task ApplyAsync(TicketWindow window, IReadOnlyCollection<long> changed, bool mayMove)
    {
        if (changed.Count > TicketWindow.MaxRows)
        {
            await ApplyHistoryAsync(window, mayMove);
            changed = [.. ShownIds.Intersect(changed)];
        }

        var found = await queries.FindAsync(await reach.NowAsync(_closed.Token), window.Filter, changed, _closed.Token);
        window.Apply(changed, found, mayMove);
        await _pages.RefillAsync(window, _closed.Token);
        await ReadBesideAsync(window);
        _selection.Keep(ShownIds, changed.Except(found.Select(ticket => ticket.Id)));
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_asked != Filter)
        {
            await LoadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_reveal)
        {
            _reveal = false;
            await script.RevealAsync(_rows);
        }
    }

    private async Task LoadAsync()
    {
        _failed = false;
        _window = null;
        _meanwhile.Clear();
        _selection.Clear();
        var asked = _asked = Filter;
        try
        {
            var window = await _pages.ReadAsync(asked, View.TicketId, _closed.Token);
            await ReadBesideAsync(window);
            if (ReferenceEquals(asked, _asked)) // somebody may have gone on to another list meanwhile, and come back
            {
                _window = window;
                _reveal = true;
                foreach (var changes in _meanwhile.ToList()) // which may have come too late for what was read
                {
                    await ApplyAsync(changes);
                }
            }
        }
        catch (DbException)
        {
            _failed |= ReferenceEquals(asked, _asked);
        }
    }

    /// <summary>What stands in the rows beside what they are: tags, and among spam why they lie there.</summary>
    private async Task ReadBesideAsync(TicketWindow? window)
    {
        var seen = await reach.NowAsync(_closed.Token);
        List<long> ids = [.. window?.Rows.Select(ticket => ticket.Id) ?? []];
        await _tags.ReadAsync(seen, ids, _closed.Token);
        await _reasons.ReadAsync(seen, window?.Filter, ids, _closed.Token);
    }

    private Task LoadOlderAsync() => LoadMoreAsync(window => _pages.AddOlderAsync(window, _closed.Token));

    private Task LoadNewerAsync() => LoadMoreAsync(window => _pages.AddNewerAsync(window, _closed.Token));

    private async Task LoadMoreAsync(Func<TicketWindow, Task> load)
    {
        if (_loadingMore || _window is not { } window)
        {
            return;
        }

        _loadingMore = true;
        try
        {
            await load(window);
            await ReadBesideAsync(window);
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

    private async Task ReleaseAsync()
    {
        if (_window is { HasNewer: true } apart)
        {
            await _pages.ReadNewestAsync(apart, _closed.Token);
        }
        else if (_window is { } window)
        {
            window.Release();
            await _pages.RefillAsync(window, _closed.Token);
        }

        await ReadBesideAsync(_window);
        await script.ScrollToTopAsync(_rows);
    }

    /// <summary>A batch of history is somewhere in the list: what is shown of it is read again, what lies below is paged in.</summary>
    private async Task ApplyHistoryAsync(TicketWindow window, bool mayMove)
    {
        if (window.HasNewer || !mayMove)
        {
            window.ExpectOlder();
            return;
        }

        var count = Math.Clamp(window.Rows.Count, TicketWindow.PageSize, TicketWindow.MaxRows);
        var rows = await queries.ListAsync(await reach.NowAsync(_closed.Token), window.Filter, null, count, _closed.Token);
        window.Show(rows, hasNewer: false, hasOlder: rows.Count == count);
        await ReadBesideAsync(window);
    }

    private async Task<bool> MayMoveAsync(TicketWindow window) => window.Rows.Count == 0 || await script.MayMoveAsync(_rows);

    private Task PickAsync(long ticketId, bool extend)
    {
        _selection.Toggle(ticketId, extend, ShownIds);
        return CountWholeAsync();
    }

    private Task SelectAllAsync()
    {
        _selection.ToggleAll(ShownIds);
        return CountWholeAsync();
    }

    private async Task CountWholeAsync()
    {
        if (OffersWhole)
        {
            _whole = await queries.CountAsync(await reach.NowAsync(_closed.Token), Filter, _closed.Token);
        }
    }

    private async Task PickWholeAsync() => _selection.PickWhole(await queries.IdsAsync(await reach.NowAsync(_closed.Token), Filter, _closed.Token));

    private string? MailboxName(TicketSummary ticket) =>
        View.MailboxId is null && Mailboxes is { Count: > 1 }
            ? Mailboxes.FirstOrDefault(mailbox => mailbox.Id == ticket.MailboxId)?.Name
            : null;
}
