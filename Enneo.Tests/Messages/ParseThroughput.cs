using System.Diagnostics;
using Enneo.Core.Messages;
using Enneo.Tests.Mail;

namespace Enneo.Tests.Messages;

/// <summary>What the first sync pays for parsing, on one core.</summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class ParseThroughput
{
    [Fact(Explicit = true)]
    public void Generated_mails_on_one_core()
    {
        const int Mails = 4000;
        var sources = GeneratedMail.Many(Mails).Select(mail => mail.Source).ToList();
        MessageParser parser = new(TimeProvider.System);
        for (var round = 1; round <= 4; round++)
        {
            var watch = Stopwatch.StartNew();
            sources.ForEach(source => parser.Parse(source));
            var megabytes = sources.Sum(source => (double)source.Length) / 1e6;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"round {round}: {Mails / watch.Elapsed.TotalSeconds:0} mails/s, {megabytes / watch.Elapsed.TotalSeconds:0} MB/s, 20,000 in {watch.Elapsed.TotalSeconds * 20_000 / Mails:0.0} s");
        }
    }
}
