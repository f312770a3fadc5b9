using System.Data.Common;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Enneo.Web.Inbox.Search;

/// <summary>Where a search is typed: it completes what stands in it, and leads to the address of the search.</summary>
public sealed partial class SearchBox(SearchSuggestions suggestions, CurrentReach reach, NavigationManager navigation, TimeProvider clock) : ComponentBase, IDisposable
{
    /// <summary>Whoever stops typing for so long wants to see what is found.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _closed = new();
    private readonly SearchOffers _completion = new(suggestions, reach);
    private IReadOnlyList<SearchOffer> _offers = [];
    private string _text = "";
    private string? _shown;
    private bool _hasFocus;
    private int _chosen = -1;
    private int _typed;

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public IReadOnlyList<MailboxListing>? Mailboxes { get; set; }

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    private bool IsOpen => _hasFocus && _offers.Count > 0;

    private SearchOffer? Chosen => IsOpen && _chosen >= 0 && _chosen < _offers.Count ? _offers[_chosen] : null;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <summary>Another address is another search: back, forward, or a link.</summary>
    protected override void OnParametersSet()
    {
        if (_shown != View.Search)
        {
            (_shown, _text) = (View.Search, View.Search ?? "");
        }
    }

    private static string OptionId(int index) => $"search-offer-{index}";

    private Task OpenAsync()
    {
        _hasFocus = true;
        return OfferAsync();
    }

    private void Close() => _hasFocus = false;

    private async Task TypeAsync(string? text)
    {
        var typed = ++_typed;
        _text = text ?? "";
        _hasFocus = true;
        await OfferAsync();
        try
        {
            await Task.Delay(s_pause, clock, _closed.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (typed == _typed)
        {
            Go();
        }
    }

    private async Task OfferAsync()
    {
        var typed = _typed;
        IReadOnlyList<SearchOffer> offers;
        try
        {
            offers = await _completion.ForAsync(UnfinishedWord.Of(_text), _text.Length == 0, Mailboxes ?? [], Directory.Tags, _closed.Token);
        }
        catch (DbException)
        {
            offers = []; // the results say what is wrong
        }

        if (typed == _typed)
        {
            (_offers, _chosen) = (offers, -1);
        }
    }

    private async Task OnKeyAsync(KeyboardEventArgs pressed)
    {
        switch (pressed.Key)
        {
            case "ArrowDown" when IsOpen:
                _chosen = (_chosen + 1) % _offers.Count;
                break;
            case "ArrowUp" when IsOpen:
                _chosen = _chosen <= 0 ? _offers.Count - 1 : _chosen - 1;
                break;
            case "Tab" when Chosen is { } offer:
                await AcceptAsync(offer);
                break;
        }
    }

    private async Task SubmitAsync()
    {
        if (Chosen is { } offer)
        {
            await AcceptAsync(offer);
            return;
        }

        _typed++;
        _offers = [];
        Go();
    }

    private async Task AcceptAsync(SearchOffer offer)
    {
        _typed++;
        _text = UnfinishedWord.Of(_text).With(offer.Value);
        if (!_text.EndsWith(':'))
        {
            Go();
        }

        await OfferAsync();
    }

    /// <summary>A search is one step back, however often it was changed.</summary>
    private void Go()
    {
        var search = string.IsNullOrWhiteSpace(_text) ? null : _text;
        if (search != View.Search)
        {
            _shown = search;
            navigation.NavigateTo((View.WithoutSearch with { Search = search, BestFirst = View.BestFirst && search is not null }).Url, replace: View.Search is not null);
        }
    }
}
