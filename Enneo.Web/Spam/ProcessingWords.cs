using System.Text.Json;
using Enneo.Core.Processing;
using Enneo.Core.Spam;

namespace Enneo.Web.Spam;

/// <summary>What a step did with a mail, in words.</summary>
internal static class ProcessingWords
{
    public static string Step(string? step) => step switch
    {
        "spam" or null => SpamText.StepSpam,
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
            StepOutcome.Skipped => SpamText.StepSkipped,
            _ => SpamText.StepDone,
        };
    }

    private static string Judged(JsonDocument details)
    {
        var root = details.RootElement;
        var isSpam = root.TryGetProperty("isSpam", out var spam) && spam.ValueKind is JsonValueKind.True;
        var probability = root.TryGetProperty("probability", out var number) && number.ValueKind is JsonValueKind.Number ? number.GetDouble() : (double?)null;
        return SpamWords.Words(isSpam ? SpamText.SpamFound : SpamText.CleanFound, SpamWords.Percent(probability));
    }

    private static string? Text(JsonDocument details, string name) =>
        details.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
