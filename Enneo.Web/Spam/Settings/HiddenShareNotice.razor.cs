using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>Says when a rule or the model hides conspicuously much of a mailbox's new mail, and offers to stop it.</summary>
public sealed partial class HiddenShareNotice(HiddenShares shares, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<HiddenShare> _shares = [];
    private string? _said;
    private bool _busy;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _shares = await shares.FindAsync(Reach.All, _closed.Token);

    private static string Words(HiddenShare share) =>
        SpamWords.Words(SpamText.HidesMuch, SpamWords.Of(share.Rule), share.Hidden, share.Count, share.Mailbox);

    private async Task StopAsync(HiddenShare share)
    {
        _busy = true;
        var restored = await shares.StopAsync(share.MailboxId, share.Rule, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _said = SpamWords.Words(SpamText.StoppedAndRestored, restored);
        _shares = await shares.FindAsync(Reach.All, _closed.Token);
        _busy = false;
    }
}
