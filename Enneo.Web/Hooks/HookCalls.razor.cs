using Enneo.Core.Integrations.Hooks;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Hooks;

/// <summary>Every call of a hook: what became of it, and where it was refused, why.</summary>
public sealed partial class HookCalls(HookQueries queries, BrowserTime time, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const int Page = 30;

    private readonly CancellationTokenSource _closed = new();
    private List<HookCall>? _calls;
    private bool _onlyRefused;
    private bool _hasMore;

    [Parameter, EditorRequired]
    public required long HookId { get; set; }

    /// <summary>There may be newer calls than before.</summary>
    [Parameter]
    public EventCallback OnRefreshed { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        _calls = [];
        await MoreAsync();
    }

    private async Task RefreshAsync()
    {
        await LoadAsync();
        await OnRefreshed.InvokeAsync();
    }

    /// <summary>Whoever reads further down is left in peace.</summary>
    private async Task LookAsync()
    {
        var onlyRefused = _onlyRefused;
        var newest = await queries.CallsAsync(HookId, onlyRefused, null, Page, await Admin.GetAsync(authentication), _closed.Token);
        if (onlyRefused == _onlyRefused && _calls is not { Count: > Page })
        {
            (_calls, _hasMore) = ([.. newest], newest.Count == Page);
        }
    }

    private async Task MoreAsync()
    {
        var older = await queries.CallsAsync(HookId, _onlyRefused, _calls is [.., var last] ? last.Id : null, Page, await Admin.GetAsync(authentication), _closed.Token);
        _calls = [.. _calls ?? [], .. older];
        _hasMore = older.Count == Page;
    }

    private Task FilterAsync()
    {
        _onlyRefused = !_onlyRefused;
        return LoadAsync();
    }
}
