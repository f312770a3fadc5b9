using System.Text.Json;
using Enneo.Core.Messages.Quotes;

namespace Enneo.Tests.Messages;

/// <summary>Answers of many mailers that others collected, with the part that is to be seen.</summary>
public sealed class QuoteExamTests
{
    private const double Exact = 0.8;

    [Fact]
    public async Task NewTextIsNeverHidden_AndNearlyAlwaysNothingElseIsShown()
    {
        var folder = await Exams.RequireAsync("reply");
        List<string> hidden = [];
        List<string> inexact = [];
        var cases = 0;
        await foreach (var line in File.ReadLinesAsync(Path.Combine(folder, "cases.jsonl"), TestContext.Current.CancellationToken))
        {
            var row = JsonDocument.Parse(line).RootElement;
            var wanted = row.TryGetProperty("visible_trimmed", out var visible) ? visible : row.GetProperty("first_fragment");
            var shown = Shown(row.GetProperty("input").GetString()!);
            cases++;
            if (!Words(shown).Contains(Words(wanted.GetString()!), StringComparison.Ordinal))
            {
                hidden.Add($"{row.GetProperty("id").GetString()}\n{shown}");
            }
            else if (Words(shown) != Words(wanted.GetString()!))
            {
                inexact.Add($"{row.GetProperty("id").GetString()}\n{shown}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases - inexact.Count - hidden.Count} of {cases} exact\n{string.Join("\n---\n", hidden.Concat(inexact))}");
        Assert.True(cases > 50);
        Assert.Empty(hidden);
        Assert.True(cases - inexact.Count >= cases * Exact, $"{inexact.Count} of {cases} show more than is new");
    }

    private static string Shown(string text)
    {
        var lines = QuotedText.Lines(text);
        var kinds = QuoteSplitter.Classify(lines);
        return string.Join('\n', text.Split('\n').Where((_, i) => i >= kinds.Length || kinds[i] is LineKind.New));
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
