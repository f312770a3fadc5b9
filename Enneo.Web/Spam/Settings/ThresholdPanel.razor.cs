using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>From which probability on a mail is spam. A threshold is saved once it was seen what it would have done with the last mails.</summary>
public sealed partial class ThresholdPanel(SpamSettingsEditing settings, SpamTrial trial, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    /// <summary>Of how many more mails the page is told at once.</summary>
    private const int Step = 20;

    private readonly CancellationTokenSource _closed = new();
    private SpamSettings? _saved;
    private TrialMails? _mails;
    private (int Done, int Count)? _progress;
    private double? _spamFrom;
    private double? _unsureFrom;
    private bool _model;
    private bool _isSaved;

    private SpamSettings Wanted => _saved! with { Model = _model, SpamThreshold = _spamFrom, UnsureThreshold = _unsureFrom };

    private bool IsMoved => (Wanted.SpamFrom, Wanted.UnsureFrom) != (_saved!.SpamFrom, _saved.UnsureFrom);

    /// <summary>What is shown is always that of the very thresholds that are entered.</summary>
    private bool MustTry => IsMoved && _mails is null;

    private string ProgressWords => _progress is { } progress ? SpamWords.Words(SpamText.DryRunProgress, progress.Done, progress.Count) : "";

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => Show(await settings.FindAsync(_closed.Token));

    private static string Shown(double probability) => (probability * 100).ToString("0.##", CultureInfo.InvariantCulture);

    private static double? Read(ChangeEventArgs change, double? before) =>
        double.TryParse(change.Value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? Math.Clamp(percent / 100, .01, 1) : before;

    private void Show(SpamSettings saved) => (_saved, _model, _spamFrom, _unsureFrom) = (saved, saved.Model, saved.SpamThreshold, saved.UnsureThreshold);

    private void Move(Action move)
    {
        move();
        _isSaved = false;
    }

    private void UseOwn() => Move(() => (_spamFrom, _unsureFrom) = (null, null));

    private async Task TryAsync()
    {
        if (_progress is not null)
        {
            return;
        }

        _progress = (0, SpamTrial.Mails);
        try
        {
            _mails = await Task.Run(() => trial.ReadAsync(Reach.All, Tell, _closed.Token), _closed.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }

        _progress = null;
    }

    private void Tell(int done, int count)
    {
        if (done % Step == 0)
        {
            _ = InvokeAsync(() =>
            {
                _progress = _progress is null ? null : (done, count);
                StateHasChanged();
            });
        }
    }

    private async Task SaveAsync()
    {
        if (MustTry)
        {
            await TryAsync();
            return;
        }

        var stored = await settings.FindAsync(_closed.Token); // another part of the page may have saved its own meanwhile
        await settings.SaveAsync(stored with { Model = _model, SpamThreshold = _spamFrom, UnsureThreshold = _unsureFrom }, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        Show(await settings.FindAsync(_closed.Token));
        _isSaved = true;
    }
}
