using System.Data.Common;
using System.Globalization;
using Enneo.Core.Microsoft365;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Microsoft365;

/// <summary>Says in time that the secret or certificate of the registration at Microsoft ends: without a new one every mailbox there stands still.</summary>
public sealed partial class SecretNotice(Microsoft365SettingsEditing settings, TimeProvider clock) : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(30);

    private readonly CancellationTokenSource _closed = new();
    private string? _words;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var now = clock.GetUtcNow();
            _words = await settings.FindAsync(_closed.Token) is { IsUsable: true, Settings.ExpiresAt: { } ends } && ends - now < s_ahead
                ? string.Format(CultureInfo.CurrentCulture, ends > now ? ConnectText.SecretEnds : ConnectText.SecretEnded, ends.UtcDateTime)
                : null;
        }
        catch (Exception exception) when (exception is DbException or OperationCanceledException)
        {
            // The page itself says what is wrong, unless nobody looks any more.
        }
    }
}
