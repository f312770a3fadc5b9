using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>How long spam is kept before it goes to the trash.</summary>
public sealed partial class RetentionPanel(SpamSettingsEditing settings, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private static readonly int[] s_days = [14, 30, 60, 90, 180, 365];

    private readonly CancellationTokenSource _closed = new();
    private SpamSettings? _saved;
    private bool _isSaved;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _saved = await settings.FindAsync(_closed.Token);

    /// <summary>What was set elsewhere is shown as well.</summary>
    private static IEnumerable<int> Choices(int? set) => set is { } days ? s_days.Append(days).Distinct().Order() : s_days;

    private async Task SaveAsync(ChangeEventArgs change)
    {
        int? days = int.TryParse(change.Value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var chosen) ? chosen : null;
        var now = await settings.FindAsync(_closed.Token);
        await settings.SaveAsync(now with { KeptDays = days }, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _saved = await settings.FindAsync(_closed.Token);
        _isSaved = true;
    }
}
