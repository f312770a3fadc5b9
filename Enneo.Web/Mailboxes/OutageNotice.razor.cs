using System.Data.Common;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>Says which mailboxes have not worked for a while, and why: a dead one looks like a quiet one.</summary>
public sealed partial class OutageNotice(MailboxOutages outages, BrowserTime time, TimeProvider clock) : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<MailboxOutage> _outages = [];
    private ITimer? _timer;

    public void Dispose()
    {
        _timer?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        await LoadAsync();
        if (RendererInfo.IsInteractive) // without a circuit there is nobody to tell
        {
            _timer = clock.CreateTimer(_ => InvokeAsync(RefreshAsync), null, s_pause, s_pause);
        }
    }

    private async Task RefreshAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _outages = await outages.LastingAsync(_closed.Token);
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            // It is looked at again in a while, unless nobody looks any more.
        }
    }
}
