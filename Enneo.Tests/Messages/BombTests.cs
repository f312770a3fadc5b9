using System.Diagnostics;
using Enneo.Core.Messages;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Messages;

/// <summary>Mail made to stall, to fill the memory or to overflow the stack.</summary>
public sealed class BombTests
{
    [Fact]
    public async Task Bombs_CostLittle()
    {
        var folder = await Exams.RequireAsync("bombs");
        using TemporaryFolder bombs = new();
        await ServerFolder.RunAsync("/usr/bin/python3", [Path.Combine(folder, "gen_bombs.py"), bombs.Path], TestContext.Current.CancellationToken);
        var parser = new MessageParser(TimeProvider.System);
        var mailHtml = new MailHtml();
        List<string> slow = [];
        foreach (var file in Directory.EnumerateFiles(bombs.Path, "*.eml").Order(StringComparer.Ordinal))
        {
            var raw = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            var watch = Stopwatch.StartNew();
            var parsed = await parser.ParseAsync(raw, TestContext.Current.CancellationToken);
            var parsing = watch.Elapsed;
            var shown = 0;
            if (parsed.Unreadable is null)
            {
                var (html, text, parts) = MessageBody.Read(raw);
                Assert.True(parts.Count <= MailLimits.MaxParts);
                shown = (html is null ? mailHtml.FromText(text) : mailHtml.Sanitize(html, _ => null).Html).Length;
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{Path.GetFileName(file)}: parsed {parsing.TotalMilliseconds:0} ms, shown {(watch.Elapsed - parsing).TotalMilliseconds:0} ms, {shown} characters, {parsed.Unreadable}");
            Assert.True(parsed.Subject.Length is > 0 and <= 998 && parsed.FromAddress == "bomb@attacker.test", file);
            if (parsing > TimeSpan.FromSeconds(2) || watch.Elapsed > TimeSpan.FromSeconds(5))
            {
                slow.Add(Path.GetFileName(file));
            }
        }

        Assert.Empty(slow);
    }
}
