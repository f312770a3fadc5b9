using System.Data.Common;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam;

/// <summary>Says when a rule or the model hid conspicuously much of a mailbox's new mail, until an admin stops it or says that it is right.</summary>
public sealed partial class HiddenShareNotice(HiddenShares shares, BrowserTime time, TimeProvider clock, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<HiddenShare> _shares = [];
    private ITimer? _timer;
    private string? _said;
    private bool _busy;

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
            _shares = await shares.FindAsync(Reach.All, _closed.Token);
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            // It is looked at again in a while, unless nobody looks any more.
        }
    }

    private static string Words(HiddenShare share) =>
        SpamWords.Words(SpamText.HidesMuch, SpamWords.Of(share.Rule), share.Hidden, share.Count, share.Mailbox);

    private async Task StopAsync(HiddenShare share)
    {
        _busy = true;
        var restored = await shares.StopAsync(share.MailboxId, share.Rule, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _said = SpamWords.Words(SpamText.StoppedAndRestored, restored);
        await LoadAsync();
        _busy = false;
    }

    private async Task DismissAsync(HiddenShare share)
    {
        _busy = true;
        await shares.DismissAsync(share.MailboxId, share.Rule, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _said = SpamText.Dismissed;
        await LoadAsync();
        _busy = false;
    }
}
