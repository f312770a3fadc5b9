using System.Text.Json;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Bounces;
using Enneo.Core.Storage;

namespace Enneo.Tests.Messages;

/// <summary>Real delivery reports, complaints and automatic replies that others collected.</summary>
public sealed class BounceExamTests
{
    /// <summary>A bad address is told from a mail or a moment that was bad.</summary>
    [Fact]
    public async Task WhetherTheAddressIsToBlame_IsNearlyAlwaysTold()
    {
        var folder = await Exams.RequireAsync("bounce");
        await using var expected = File.OpenRead(Path.Combine(folder, "expected.json"));
        var rows = (await JsonDocument.ParseAsync(expected, cancellationToken: TestContext.Current.CancellationToken)).RootElement.EnumerateArray()
            .Where(row => row.GetProperty("expected") is { ValueKind: JsonValueKind.Array } wanted && wanted.GetArrayLength() > 0).ToList();
        List<string> wrong = [];
        foreach (var row in rows)
        {
            var file = row.GetProperty("file").GetString()!;
            using var message = MailLimits.Load(new MailBytes(await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken)));
            var found = FailedDelivery.Of(message);
            var wanted = row.GetProperty("expected")[0];
            if (found is [{ IsPermanent: true }, ..] != wanted.GetProperty("hardbounce").GetBoolean())
            {
                wrong.Add($"{Path.GetFileName(file)}: {string.Join(", ", found)}, not {wanted.GetProperty("reason").GetString()}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{rows.Count - wrong.Count} of {rows.Count} told\n{string.Join('\n', wrong)}");
        Assert.True(rows.Count > 250);
        Assert.True(wrong.Count <= rows.Count * 0.08, $"{wrong.Count} of {rows.Count} were told wrong");
    }

    [Fact]
    public async Task NearlyEveryReport_IsRecognised()
    {
        var folder = await Exams.RequireAsync("bounce");
        var parser = new MessageParser(TimeProvider.System);
        await using var expected = File.OpenRead(Path.Combine(folder, "expected.json"));
        var rows = (await JsonDocument.ParseAsync(expected, cancellationToken: TestContext.Current.CancellationToken)).RootElement.EnumerateArray().ToList();
        List<string> missed = [];
        var (withId, named) = (0, 0);
        foreach (var file in rows.Select(row => row.GetProperty("file").GetString()!))
        {
            var parsed = parser.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken));
            var wanted = Path.GetFileName(file).StartsWith("rfc3834", StringComparison.Ordinal) ? AutomaticKind.AutoReply : AutomaticKind.Bounce;
            if (parsed.Automatic != wanted)
            {
                missed.Add($"{file}: {parsed.Automatic} {parsed.Unreadable} {parsed.Subject}");
            }

            withId += parsed.ReturnedMessageIds.Count > 0 ? 1 : 0;
            named++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{named - missed.Count} of {named} recognised, {withId} name the mail they return\n{string.Join('\n', missed)}");
        Assert.True(named > 300);
        Assert.True(missed.Count <= named * 0.03, $"{missed.Count} of {named} were not recognised");
    }
}
