using System.Text.Json;
using Enneo.Core.Automations;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Web.Automations;
using Enneo.Web.Tags;

namespace Enneo.Web.Spam;

/// <summary>What a step did with a mail, in words.</summary>
internal static class ProcessingWords
{
    public static string Step(string? step) => step switch
    {
        "spam" or null => SpamText.StepSpam,
        "language" => SpamText.StepLanguage,
        "tags" => SpamText.StepTags,
        "automations" => SpamText.StepAutomations,
        "autoReply" => SpamText.StepAutoReply,
        "analysis" => SpamText.StepAnalysis,
        _ => step,
    };

    public static string Of(ProcessingRecord record)
    {
        using var details = JsonDocument.Parse(record.Details);
        var because = Text(details, "because");
        return record.Outcome switch
        {
            StepOutcome.Failed => SpamWords.Words(SpamText.StepFailed, Text(details, "message")),
            _ when because is SkipReason.Spam => SpamText.StepSkippedSpam,
            _ when because is SkipReason.CalledClean => SpamText.StepSkippedClean,
            _ when record.Step == "spam" && Enum.TryParse<NotAsked>(because, out var notAsked) => SpamWords.Of(notAsked),
            _ when record.Step == "spam" => Judged(details),
            StepOutcome.Skipped when record.Step == "autoReply" => AutomationWords.NotAnswered(Enum.TryParse<NoReply>(because, out var whyNot) ? whyNot : null),
            _ when because is SkipReason.NoModel => SpamText.NoLanguageModel,
            StepOutcome.Done when record.Step == "analysis" => SpamText.AnalysisAsked,
            _ when Names(details) is { Length: > 0 } names => SpamWords.Words(record.Outcome is StepOutcome.Proposed ? SpamText.AutomationsProposed : SpamText.AutomationsRan, names),
            _ when Text(details, "to") is { } recipient => SpamWords.Words(record.Outcome is StepOutcome.Proposed ? SpamText.ReplyProposed : SpamText.ReplyQueued, recipient),
            StepOutcome.Skipped => SpamText.StepSkipped,
            _ => SpamText.StepDone,
        };
    }

    /// <summary>What one automation did with the mail, by which of its conditions.</summary>
    public static string Of(AutomationRun run, IReadOnlyList<TagListing> tags)
    {
        var because = run.Tests.Select(test => ConditionWords.Of(test, tags)).ToList();
        return SpamWords.Words(
            run.IsProposed ? SpamText.RunProposed : SpamText.RunBecause,
            run.Name, because.Count > 0 ? string.Join(", ", because) : SpamText.RunAlways, string.Join(", ", run.Done.Select(AutomationWords.Kind)));
    }

    private static string Judged(JsonDocument details)
    {
        var root = details.RootElement;
        var isSpam = root.TryGetProperty("isSpam", out var spam) && spam.ValueKind is JsonValueKind.True;
        var probability = root.TryGetProperty("probability", out var number) && number.ValueKind is JsonValueKind.Number ? number.GetDouble() : (double?)null;
        return SpamWords.Words(isSpam ? SpamText.SpamFound : SpamText.CleanFound, SpamWords.Percent(probability));
    }

    /// <summary>Of the automations that the mail met.</summary>
    private static string Names(JsonDocument details) => details.RootElement.TryGetProperty("automations", out var met) && met.ValueKind is JsonValueKind.Array
        ? string.Join(", ", met.EnumerateArray().Select(automation => automation.GetProperty("name").GetString()))
        : "";

    private static string? Text(JsonDocument details, string name) =>
        details.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
