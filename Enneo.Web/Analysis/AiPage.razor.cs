using System.Globalization;
using Enneo.Core.Analysis;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Enneo.Web.Tags;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Analysis;

/// <summary>Settings → AI: which language model reads mail, how much of it, and what it says when it is tried.</summary>
public sealed partial class AiPage(AiSettingsEditing editing, AuthenticationStateProvider authentication, BrowserTime time, IJSRuntime script) : ComponentBase, IDisposable
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
    private decimal _inputPrice;
    private decimal _outputPrice;
    private string? _currency;
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
        InputPrice = _inputPrice,
        OutputPrice = _outputPrice,
        Currency = _currency ?? "",
    };

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => ShowAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await time.AskAsync(script, _closed.Token);
            StateHasChanged();
        }
    }

    /// <summary>Such as "12,300 used today (UTC), EUR 0.0184".</summary>
    private string Spent(AiSpent spent) => string.Format(CultureInfo.CurrentCulture, spent switch
    {
        { Tokens: 0 } => AnalysisWords.Spent,
        { Unpriced: 0 } => AnalysisWords.SpentFor,
        { Cost: > 0 } => AnalysisWords.SpentForAtLeast,
        _ => AnalysisWords.SpentUnpriced,
    }, spent.Tokens, Money(_shown!.Settings.Currency, spent.Cost));

    private static string CostOf(AiCall call) => AiSpent.CostOf(call) is { } cost ? Money(call.Currency, cost) : AnalysisWords.CostUnknown;

    private static string Money(string currency, decimal amount) => string.Create(CultureInfo.CurrentCulture, $"{currency} {amount:N6}").Trim();

    private static string Purpose(AiCall call) => call.Purpose switch
    {
        AiPurpose.Analysis => AnalysisWords.ForAnalysis,
        AiPurpose.SecondOpinion => AnalysisWords.ForSecondOpinion,
        _ => AnalysisWords.ForTrial,
    };

    private async Task ShowAsync()
    {
        _shown = await editing.FindAsync(_closed.Token);
        var settings = _shown.Settings;
        (_enabled, _endpoint, _private, _model, _key, _removesKey) = (settings.IsEnabled, settings.Endpoint, settings.MayBePrivate, settings.Model, null, false);
        (_tokens, _seconds, _second, _secondTokens) = (settings.DailyTokens, settings.TimeoutSeconds, settings.SecondOpinion, settings.SecondOpinionDailyTokens);
        (_inputPrice, _outputPrice, _currency) = (settings.InputPrice, settings.OutputPrice, settings.Currency);
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
