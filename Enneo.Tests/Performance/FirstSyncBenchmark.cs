using System.Diagnostics;
using System.Globalization;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Performance;

/// <summary>
/// First sync of 20,000 generated mails over TLS, beside <c>mbsync</c> (without fsync) fetching the same in the same run:
/// only the ratio of the two says something on a machine that others use too.
/// </summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class FirstSyncBenchmark
{
    private const int Mails = 20_000;
    private const int Rounds = 2;
    private const string Address = "big@example.test";
    private const long Mega = 1_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task First_sync_beside_mbsync()
    {
        using TemporaryFolder folder = new();
        var bytes = GeneratedMail.WriteMaildir(folder["mails"], Mails);
        await using DovecotServer dovecot = new();
        await dovecot.InitializeAsync();
        await dovecot.FillMaildirAsync(Address, folder["mails"], Cancel);
        Assert.Equal(Mails, await dovecot.CountAsync(Address, Cancel)); // builds Dovecot's index before either is timed
        Say($"{Mails} mails, {bytes / Mega} MB, {Environment.ProcessorCount} cores");

        List<Figures> ours = [];
        List<TimeSpan> theirs = [];
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(await MbsyncAsync(dovecot, folder[$"mbsync{round}"]));
            Say($"mbsync {theirs[^1].TotalSeconds:F1} s");
            ours.Add(await EnneoAsync(dovecot, folder[$"data{round}"]));
            Say(ours[^1].ToString());
        }

        var ratio = ours.Min(f => f.Wall) / theirs.Min();
        Say($"ratio of the best {ratio:F2} (must be at most 1.0)");
        Assert.True(ratio <= 1.0, $"Slower than mbsync: {ratio:F2}");
        Assert.True(ours.Max(f => f.PeakMemory) < 350 * Mega, "More than 350 MB.");
        Assert.True(ours.Min(f => f.First) < TimeSpan.FromSeconds(2), "The first 50 came after two seconds.");
    }

    private static async Task<TimeSpan> MbsyncAsync(DovecotServer dovecot, string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "mail"));
        var settings = Path.Combine(folder, "mbsyncrc");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            FSync no

            IMAPAccount t
            Host {DovecotServer.Host}
            Port {dovecot.ImapsPort}
            User {Address}
            Pass "{DovecotServer.Password}"
            SSLType IMAPS
            CertificateFile {dovecot.CertificatePath}
            PipelineDepth 50

            IMAPStore far
            Account t

            MaildirStore near
            Path {folder}/mail/
            Inbox {folder}/mail/INBOX

            Channel t
            Far :far:
            Near :near:
            Patterns INBOX
            Create Near
            Sync Pull
            SyncState *

            """), Cancel);
        var watch = Stopwatch.StartNew();
        await ServerFolder.RunAsync("/usr/bin/mbsync", ["-q", "-c", settings, "t"], Cancel);
        watch.Stop();
        var got = Directory.EnumerateFiles(Path.Combine(folder, "mail", "INBOX", "cur")).Count() + Directory.EnumerateFiles(Path.Combine(folder, "mail", "INBOX", "new")).Count();
        Assert.Equal(Mails, got);
        Directory.Delete(folder, true);
        return watch.Elapsed;
    }

    private static async Task<Figures> EnneoAsync(DovecotServer dovecot, string dataDirectory)
    {
        await using var store = await EnneoStore.CreateAsync(dataDirectory, Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(Address), Cancel);
        await using var enneo = EnneoProcess.Start(dataDirectory);
        await enneo.ReadyAsync(Cancel, "healthz");
        var watch = Stopwatch.StartNew();
        await EnneoStore.UntilAsync(async () => await ReadableAsync(store) >= 50, TimeSpan.FromMinutes(1), Cancel, everyMilliseconds: 20);
        var first = watch.Elapsed;
        await EnneoStore.UntilAsync(async () => await ReadableAsync(store) == Mails, TimeSpan.FromMinutes(10), Cancel);
        var readable = watch.Elapsed;
        await EnneoStore.UntilAsync(
            async () => (await store.ReportAsync(mailbox, Cancel)) is { Status: { ProgressTotal: 0, LastSyncAt: not null }, Ledger.Imported: Mails },
            TimeSpan.FromMinutes(5),
            Cancel);
        Figures figures = new(readable, first, enneo.PeakMemory, enneo.ProcessorTime, Size(dataDirectory, "enneo.db*"), Size(Path.Combine(dataDirectory, "segments"), "*"));
        Assert.Equal(0, (await store.ReportAsync(mailbox, Cancel)).Ledger.Difference);
        await enneo.StopAsync(Cancel);
        return figures;
    }

    private static Task<int> ReadableAsync(EnneoStore store) => store.ReadAsync(db => db.Messages.CountAsync(Cancel), Cancel);

    private static long Size(string folder, string pattern) => new DirectoryInfo(folder).EnumerateFiles(pattern).Sum(file => file.Length);

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed record Figures(TimeSpan Wall, TimeSpan First, long PeakMemory, TimeSpan Processor, long Database, long Segments)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"Enneo  {Wall.TotalSeconds:F1} s, first 50 readable after {First.TotalSeconds:F2} s, peak {PeakMemory / Mega} MB, {Processor.TotalSeconds:F1} s of processor, database {Database / Mega} MB, segments {Segments / Mega} MB");
    }
}
