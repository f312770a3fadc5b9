using System.Globalization;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Commands;

public sealed class SpamCommandTests : IDisposable
{
    private const string Mail = "From: {0} <{0}@shop.example>\nTo: us@company.example\nSubject: {1}\n\n{1}, and thank you.\n";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Score_PrintsEachFileWithItsProbability_AndLeavesNothingBehind()
    {
        Write("b.eml", "Anna", "Minutes of the meeting");
        Write("a.eml", "Prize", "Congratulations, you won a million dollars");
        Write("broken", "", "");
        await File.WriteAllTextAsync(_folder["mails/broken"], "", Cancelled);

        var result = await RunAsync("spam", "score", _folder["mails"]);

        var rows = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t')).ToList();
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(["a.eml", "b.eml", "broken"], rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.InRange(double.Parse(row[1], CultureInfo.InvariantCulture), 0, 1));
        Assert.Equal("0", rows[2][1]);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task Score_TakesItsOptionsBeforeTheFolderToo_AndRefusesWhatIsNoModel()
    {
        Write("a.eml", "Anna", "Hello");
        await File.WriteAllTextAsync(_folder["other.model"], "something else", Cancelled);

        var result = await RunAsync("spam", "score", "--model", _folder["other.model"], _folder["mails"]);

        Assert.Equal((1, "", "This file is not a spam model of Enneo.\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task Stream_JudgesInOrder_AndLearns()
    {
        List<string> rows = [];
        for (var i = 0; i < 12; i++)
        {
            Write($"{i:00}.eml", $"seller{i}", $"Pallets of terracotta pots {i}");
            rows.Add($"mails/{i:00}.eml\tham");
        }

        await File.WriteAllLinesAsync(_folder["online.tsv"], rows, Cancelled);

        var result = await RunAsync("spam", "stream", _folder["online.tsv"], "--policy", "all");
        var again = await RunAsync("spam", "stream", "--policy=delayed:20", _folder["online.tsv"]);

        var probabilities = Probabilities(result.Output);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.Equal(rows.Select(row => row.Split('\t')[0]), result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('\t')[0]));
        Assert.True(probabilities[^1] < probabilities[0]);
        Assert.Equal(probabilities[0], Probabilities(again.Output)[0]);
        Assert.True(Probabilities(again.Output)[^1] > probabilities[^1]);
    }

    [Theory]
    [InlineData("The policy is all, delayed:N or errors:P, such as delayed:200 or errors:70.", "spam", "stream", "x.tsv", "--policy", "often")]
    [InlineData("The seed is a whole number.", "spam", "train", "--data", "x", "--out", "y", "--seed", "z")]
    public async Task WhatIsWrongIsSaidInOneSentence(string sentence, params string[] arguments)
    {
        var result = await RunAsync(arguments);

        Assert.Equal((1, "", sentence + "\n"), (result.ExitCode, result.Output, result.Errors));
    }

    [Fact]
    public async Task AFolderThatIsNotThereIsNamed()
    {
        var result = await RunAsync("spam", "train", "--data", _folder["nowhere"], "--out", _folder["x.model"]);

        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Contains("nowhere", Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private void Write(string file, string name, string subject)
    {
        Directory.CreateDirectory(_folder["mails"]);
        File.WriteAllText(Path.Combine(_folder["mails"], file), string.Format(CultureInfo.InvariantCulture, Mail, name, subject));
    }

    private static List<double> Probabilities(string output) => [.. output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(row => double.Parse(row.Split('\t')[1], CultureInfo.InvariantCulture))];

    private Task<CommandResult> RunAsync(params string[] arguments) => EnneoCommand.RunAsync(_folder["data"], arguments, Cancelled);
}
