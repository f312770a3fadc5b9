using System.Globalization;
using Enneo.Core.Analysis;
using Enneo.Web.Identity;
using Enneo.Web.Tags;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Analysis;

/// <summary>Settings → AI: which language model reads mail, how much of it, and what it says when it is tried.</summary>
public sealed partial class AiPage(AiSettingsEditing editing, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private static readonly IReadOnlyDictionary<string, string[]> s_noProblems = new Dictionary<string, string[]>();

    private readonly CancellationTokenSource _closed = new();
    private AiSettingsView? _shown;
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private bool _enabled;
    private string? _endpoint;
    private bool _private;
    private string? _model;
    private string? _key;
    private bool _removesKey;
    private int _tokens;
    private int _seconds;
    private bool _second;
    private int _secondTokens;
    private string? _said;
    private bool _busy;

    private AiSettingsInput Wanted => new()
    {
        IsEnabled = _enabled,
        Endpoint = _endpoint ?? "",
        Model = _model ?? "",
        Key = _removesKey ? "" : string.IsNullOrEmpty(_key) ? null : _key,
        MayBePrivate = _private,
        DailyTokens = _tokens,
        TimeoutSeconds = _seconds,
        SecondOpinion = _second,
        SecondOpinionDailyTokens = _secondTokens,
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => ShowAsync();

    private static string Spent(long tokens) => string.Format(CultureInfo.CurrentCulture, AnalysisWords.Spent, tokens);

    private async Task ShowAsync()
    {
        _shown = await editing.FindAsync(_closed.Token);
        var settings = _shown.Settings;
        (_enabled, _endpoint, _private, _model, _key, _removesKey) = (settings.IsEnabled, settings.Endpoint, settings.MayBePrivate, settings.Model, null, false);
        (_tokens, _seconds, _second, _secondTokens) = (settings.DailyTokens, settings.TimeoutSeconds, settings.SecondOpinion, settings.SecondOpinionDailyTokens);
    }

    private Task SaveAsync() => DoAsync(async () =>
    {
        _problems = await editing.SaveAsync(Wanted, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        if (_problems.Count == 0)
        {
            await ShowAsync();
            _said = TagsText.Saved;
        }
    });

    private Task TryAsync() => DoAsync(async () =>
    {
        (var trial, _problems) = await editing.TryAsync(Wanted, _closed.Token);
        if (trial is not null)
        {
            _said = trial.Succeeded
                ? string.Format(CultureInfo.CurrentCulture, AnalysisWords.Answered, trial.Words, trial.Milliseconds, trial.Tokens)
                : trial.Words;
        }
    });

    private async Task DoAsync(Func<Task> act)
    {
        (_busy, _said, _problems) = (true, null, s_noProblems);
        try
        {
            await act();
        }
        finally
        {
            _busy = false;
        }
    }
}
