using System.Security.Cryptography;
using Enneo.Core.Storage;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sync;

/// <summary>The real program, killed again and again while it brings in a mailbox for the first time.</summary>
public sealed class KillTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "kills@example.test";
    private const int Mails = 2000;
    private const int Seed = 7;
    private const int MostLivesThatStore = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Four_kills_lose_nothing_and_double_nothing() => KillAsync(times: 4, seed: 20260729);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task Two_hundred_kills_lose_nothing_and_double_nothing() => KillAsync(times: 200, seed: 4711);

    private async Task KillAsync(int times, int seed)
    {
        var livesThatStore = Math.Min(MostLivesThatStore, times / 2);
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], Mails, Seed);
        var address = $"{times}-{Address}";
        await dovecot.FillMaildirAsync(address, folder["mails"], Cancel);
        // Slow enough that so many lives do not suffice to bring in everything.
        await using TcpProxy slow = new(dovecot.ImapsPort) { BytesPerSecond = Math.Min(12_000_000, 120_000_000 / times) };
        await slow.InitializeAsync();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(address, imapPort: slow.Port), Cancel);

        var (unfinished, advanced, stored) = (0, 0, 0);
        Random random = new(seed);
        for (var life = 0; life < times; life++)
        {
            await using var enneo = EnneoProcess.Start(folder["data"]);
            await enneo.ReadyAsync(Cancel, "healthz");
            if (life % (times / livesThatStore) == 0)
            {
                // However slow the machine is, some lives get as far as to store mail and die over the next.
                var before = stored;
                await EnneoStore.UntilAsync(async () => await StoredCountAsync(store) is var now && (now > before || now == Mails), s_patience, Cancel);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(900)), TimeProvider.System, Cancel);
            await enneo.KillAsync();
            var count = await StoredCountAsync(store);
            advanced += count > stored ? 1 : 0;
            unfinished += count < Mails ? 1 : 0;
            stored = count;
        }

        slow.BytesPerSecond = 0;
        await using var last = EnneoProcess.Start(folder["data"]);
        await EnneoStore.UntilAsync(async () => await IsDoneAsync(store, mailbox), s_patience, Cancel);
        Assert.Equal(0, await last.StopAsync(Cancel));

        Assert.True(unfinished >= times * 2 / 3, $"Only {unfinished} of {times} kills met an unfinished sync.");
        Assert.True(advanced >= livesThatStore / 2, $"Only {advanced} of {times} lives stored mail before they were killed.");
        await MeetsServerAsync(store, mailbox, address);
        TestContext.Current.TestOutputHelper?.WriteLine($"{times} kills, {unfinished} of them during the sync of {Mails} mails, {advanced} after mail had been stored: none missing, none twice, difference 0");
    }

    private static Task<int> StoredCountAsync(EnneoStore store) => store.ReadAsync(db => db.Ledger.CountAsync(Cancel), Cancel);

    private static async Task<bool> IsDoneAsync(EnneoStore store, long mailbox)
    {
        var report = await store.ReportAsync(mailbox, Cancel);
        return report.Ledger.Announced >= Mails && report.Status is { ProgressTotal: 0, LastSyncAt: not null }
            && !await store.ReadAsync(db => db.Ledger.AnyAsync(entry => entry.AwaitsIntake, Cancel), Cancel);
    }

    private async Task MeetsServerAsync(EnneoStore store, long mailbox, string address)
    {
        var ledger = (await store.ReportAsync(mailbox, Cancel)).Ledger;
        Assert.Equal((Mails, Mails, 0, 0), (ledger.Announced, ledger.OnServer, ledger.Difference, ledger.Failed));

        var sent = GeneratedMail.Many(Mails, Seed).Select(mail => (Convert.ToHexString(SHA256.HashData(mail.Source)), mail.Seen)).Order();
        var onServer = (await dovecot.ListAsync(address, Cancel)).Select(mail => (mail.Sha256, mail.Flags.HasFlag(MessageFlags.Seen))).Order();
        Assert.Equal(sent, onServer); // fetching has changed nothing, no flag either
        Assert.Equal(onServer, (await StoredAsync(store, mailbox)).Order());

        var shown = await store.ReadAsync(db => db.Ledger.Where(entry => entry.MessageId != null).Select(entry => entry.MessageId).ToListAsync(Cancel), Cancel);
        Assert.Equal(Mails, shown.Count);
        Assert.Equal(Mails, shown.Distinct().Count());
        Assert.Equal(Mails, await store.ReadAsync(db => db.Messages.CountAsync(Cancel), Cancel));
        Assert.Equal(Mails, await store.ReadAsync(db => db.Tickets.SumAsync(ticket => ticket.MessageCount, Cancel), Cancel));
    }

    /// <summary>The SHA-256 of every mail as its bytes lie on the disk now, and whether it counts as read.</summary>
    private static async Task<List<(string Sha256, bool Seen)>> StoredAsync(EnneoStore store, long mailbox)
    {
        var rows = await store.ReadAsync(
            db => (from entry in db.Ledger
                   join folder in db.Folders on entry.FolderId equals folder.Id
                   join source in db.Sources on entry.SourceId equals source.Id
                   where folder.MailboxId == mailbox && entry.OnServer
                   select new { Source = source, entry.Seen }).ToListAsync(Cancel),
            Cancel);
        List<(string Sha256, bool Seen)> stored = new(rows.Count);
        foreach (var row in rows)
        {
            var bytes = await store.Get<MessageStore>().ReadAsync(row.Source, Cancel);
            stored.Add((Convert.ToHexString(SHA256.HashData(bytes)), row.Seen));
        }

        return stored;
    }
}
