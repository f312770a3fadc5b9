using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>From which probability on a mail is spam, tried on the last mails before it is switched.</summary>
public sealed partial class ThresholdPanel(SpamSettingsEditing settings, SpamDryRun dryRun, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private SpamSettings? _saved;
    private DryRunResult? _result;
    private double _spamFrom;
    private double _unsureFrom;
    private bool _model;
    private bool _isSaved;

    /// <summary>What nobody moved stays what the model proposes.</summary>
    private SpamSettings Wanted => _saved! with
    {
        Model = _model,
        SpamThreshold = _spamFrom == _saved.SpamFrom ? _saved.SpamThreshold : _spamFrom,
        UnsureThreshold = _unsureFrom == _saved.UnsureFrom ? _saved.UnsureThreshold : _unsureFrom,
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => Show(await settings.FindAsync(_closed.Token));

    private static string Shown(double probability) => (probability * 100).ToString("0.##", CultureInfo.InvariantCulture);

    private static double Read(ChangeEventArgs change, double before) =>
        double.TryParse(change.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? Math.Clamp(percent / 100, .01, 1) : before;

    private void Show(SpamSettings saved) => (_saved, _model, _spamFrom, _unsureFrom) = (saved, saved.Model, saved.SpamFrom, saved.UnsureFrom);

    private async Task TryAsync() => _result = await dryRun.RunAsync(Reach.All, Wanted, _closed.Token);

    private Task SaveAsync() => SaveAsync(Wanted);

    private Task UseOwnAsync() => SaveAsync(_saved! with { Model = _model, SpamThreshold = null, UnsureThreshold = null });

    private async Task SaveAsync(SpamSettings wanted)
    {
        await settings.SaveAsync(wanted, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        Show(await settings.FindAsync(_closed.Token));
        _isSaved = true;
    }
}
