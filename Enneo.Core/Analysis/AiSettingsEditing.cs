using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>All that an admin says about the language model.</summary>
public sealed record AiSettingsInput
{
    public bool IsEnabled { get; init; }
    public string Endpoint { get; init; } = "";
    public string Model { get; init; } = "";

    /// <summary>Null keeps the one that is stored, for the same endpoint; empty for none.</summary>
    public string? Key { get; init; }

    public bool MayBePrivate { get; init; }
    public int DailyTokens { get; init; } = 200_000;
    public int TimeoutSeconds { get; init; } = 20;
    public bool SecondOpinion { get; init; }
    public int SecondOpinionDailyTokens { get; init; } = 50_000;

    /// <summary>Of a million tokens that the model reads, in <see cref="Currency"/>; 0 where it is not known.</summary>
    public decimal InputPrice { get; init; }

    /// <summary>Of a million tokens that it writes.</summary>
    public decimal OutputPrice { get; init; }
    public string Currency { get; init; } = "";
}

/// <summary>The settings as they are shown: the key never is.</summary>
/// <param name="SpentToday">For analysing mail.</param>
/// <param name="SecondOpinionsSpentToday">For second opinions.</param>
/// <param name="LastCalls">Newest first.</param>
public sealed record AiSettingsView(AiSettingsInput Settings, bool HasKey, AiSpent SpentToday, AiSpent SecondOpinionsSpentToday, IReadOnlyList<AiCall> LastCalls);

/// <summary>How a trial ended.</summary>
/// <param name="Words">What the model said, or why it did not.</param>
public sealed record AiTrial(bool Succeeded, string Words, int Milliseconds, long Tokens);

/// <summary>Reads, changes and tries which language model reads mail. For admins.</summary>
public sealed class AiSettingsEditing
{
    private const string TrialVersion = "trial-1";
    private const int ShownCalls = 10;

    private static readonly IReadOnlyDictionary<string, string[]> s_noErrors = new Dictionary<string, string[]>();

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly LanguageModel _model;
    private readonly AiAsking _asking;
    private readonly AiSettingsValidator _validator;
    private readonly TimeProvider _clock;

    internal AiSettingsEditing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, LanguageModel model, AiAsking asking, AiSettingsValidator validator, TimeProvider clock) =>
        (_dbFactory, _lane, _model, _asking, _validator, _clock) = (dbFactory, lane, model, asking, validator, clock);

    public async Task<AiSettingsView> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var stored = await AiSettings.ReadAsync(db, cancellationToken);
        AiSettingsInput shown = new()
        {
            IsEnabled = stored.IsEnabled,
            Endpoint = stored.Endpoint,
            Model = stored.Model,
            MayBePrivate = stored.MayBePrivate,
            DailyTokens = stored.DailyTokens,
            TimeoutSeconds = stored.TimeoutSeconds,
            SecondOpinion = stored.SecondOpinion,
            SecondOpinionDailyTokens = stored.SecondOpinionDailyTokens,
            InputPrice = stored.InputPrice,
            OutputPrice = stored.OutputPrice,
            Currency = stored.Currency,
        };
        return new AiSettingsView(
            shown,
            stored.ProtectedKey.Length > 0,
            await AiSpent.TodayAsync(db, AiPurpose.Analysis, stored.Currency, _clock, cancellationToken),
            await AiSpent.TodayAsync(db, AiPurpose.SecondOpinion, stored.Currency, _clock, cancellationToken),
            await db.AiCalls.AsNoTracking().OrderByDescending(c => c.Id).Take(ShownCalls).ToListAsync(cancellationToken));
    }

    /// <returns>What is wrong, by field; empty when it was saved.</returns>
    public Task<IReadOnlyDictionary<string, string[]>> SaveAsync(AiSettingsInput input, Actor actor, string origin, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            var stored = await AiSettings.ReadAsync(db, token);
            var (settings, errors) = await SettleAsync(input, stored, token);
            if (errors.Count > 0 || settings == stored)
            {
                return errors;
            }

            var value = JsonSerializer.Serialize(settings);
            if (await db.Settings.SingleOrDefaultAsync(s => s.Name == AiSettings.Name, token) is { } row)
            {
                row.Value = value;
            }
            else
            {
                db.Settings.Add(new Setting { Name = AiSettings.Name, Value = value });
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.AiSettingsChanged, actor, origin, _clock,
                changes: [.. Differences(stored, settings)]));
            await db.SaveChangesAsync(token);
            return errors;
        },
        cancellationToken);

    /// <summary>Asks the model for a word, with settings that need not be saved. Nothing of any mail is sent.</summary>
    public async Task<(AiTrial? Trial, IReadOnlyDictionary<string, string[]> Errors)> TryAsync(AiSettingsInput input, CancellationToken cancellationToken)
    {
        AiSettings stored;
        await using (var db = await _dbFactory.CreateDbContextAsync(cancellationToken))
        {
            stored = await AiSettings.ReadAsync(db, cancellationToken);
        }

        var (settings, errors) = await SettleAsync(input with { IsEnabled = true }, stored, cancellationToken);
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        AiQuestion question = new(AiPurpose.Trial, TrialVersion, """Answer with the JSON object {"ready": true} and nothing else.""", "{}");
        var (answer, milliseconds) = await _asking.TryAsync(settings, question, cancellationToken);
        var words = answer.Outcome switch
        {
            AiOutcome.Answered => OneLine(answer.Text),
            AiOutcome.TimedOut => AnalysisText.TimedOut,
            AiOutcome.Unreachable => $"{AnalysisText.Unreachable} {answer.Problem}".Trim(),
            AiOutcome.Refused => $"{AnalysisText.Refused} {answer.Problem}".Trim(),
            _ => $"{AnalysisText.Unreadable} {answer.Problem}".Trim(),
        };
        return (new AiTrial(answer.Outcome is AiOutcome.Answered, words, milliseconds, answer.InputTokens + answer.OutputTokens), s_noErrors);
    }

    /// <summary>A stored key is only ever used for the endpoint that it was entered for.</summary>
    private async Task<(AiSettings Settings, IReadOnlyDictionary<string, string[]> Errors)> SettleAsync(AiSettingsInput input, AiSettings stored, CancellationToken cancellationToken)
    {
        var validated = await _validator.ValidateAsync(input, cancellationToken);
        var endpoint = input.Endpoint.Trim().TrimEnd('/');
        var isSame = IsSamePlace(endpoint, stored.Endpoint);
        var errors = FieldPaths.Of(validated);
        if (input.Key is null && stored.ProtectedKey.Length > 0 && !isSame && endpoint.Length > 0)
        {
            errors.TryAdd("key", [AnalysisText.KeyAgain]);
        }

        AiSettings settings = new()
        {
            IsEnabled = input.IsEnabled,
            Endpoint = endpoint,
            Model = input.Model.Trim(),
            ProtectedKey = input.Key is { } key ? _model.Protect(key.Trim()) : isSame ? stored.ProtectedKey : "",
            MayBePrivate = input.MayBePrivate,
            DailyTokens = input.DailyTokens,
            TimeoutSeconds = input.TimeoutSeconds,
            SecondOpinion = input.SecondOpinion,
            SecondOpinionDailyTokens = input.SecondOpinionDailyTokens,
            InputPrice = input.InputPrice,
            OutputPrice = input.OutputPrice,
            Currency = input.Currency.Trim(),
        };
        return (settings, errors);
    }

    private static bool IsSamePlace(string one, string other) =>
        Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second)
        && Uri.Compare(first, second, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>That there is another key is told; never what it is.</summary>
    private static IEnumerable<(string Field, object? Old, object? New)> Differences(AiSettings before, AiSettings after) => new (string Field, object? Old, object? New)[]
    {
        ("enabled", before.IsEnabled, after.IsEnabled),
        ("endpoint", before.Endpoint, after.Endpoint),
        ("model", before.Model, after.Model),
        ("private", before.MayBePrivate, after.MayBePrivate),
        ("dailyTokens", before.DailyTokens, after.DailyTokens),
        ("timeoutSeconds", before.TimeoutSeconds, after.TimeoutSeconds),
        ("secondOpinion", before.SecondOpinion, after.SecondOpinion),
        ("secondOpinionDailyTokens", before.SecondOpinionDailyTokens, after.SecondOpinionDailyTokens),
        ("inputPrice", before.InputPrice, after.InputPrice),
        ("outputPrice", before.OutputPrice, after.OutputPrice),
        ("currency", before.Currency, after.Currency),
        ("key", null, before.ProtectedKey == after.ProtectedKey ? null : after.ProtectedKey.Length > 0 ? "changed" : "removed"),
    }.Where(change => !Equals(change.Old, change.New));

    private static string OneLine(string text) => string.Join(' ', (text.Length > 200 ? text[..200] : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
