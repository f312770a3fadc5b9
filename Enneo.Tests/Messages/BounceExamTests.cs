using System.Text.Json;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

/// <summary>Real delivery reports, complaints and automatic replies that others collected.</summary>
public sealed class BounceExamTests
{
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
