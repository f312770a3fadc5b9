using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Enneo.Tests.Spam;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Performance;

/// <summary>From the row of a mail that has come in to the model's verdict about it, while another mailbox brings in its history.</summary>
[Collection(TimedTests.Name)]
[Trait("Category", "Benchmark")]
public sealed class VerdictBenchmark
{
    private const int History = 5_000;
    private const int Mails = 200;
    private const string Live = "live@example.test";
    private const string Old = "old@example.test";

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Import_to_verdict_while_history_syncs()
    {
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], History);
        await using DovecotServer dovecot = new();
        await dovecot.InitializeAsync();
        await dovecot.FillMaildirAsync(Old, folder["mails"], Cancel);
        await dovecot.CountAsync(Old, Cancel);
        dovecot.AddUser(Live);
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var live = await store.AddAsync(dovecot.Mailbox(Live), Cancel);
        await using var enneo = await EnneoProcess.StartAsync(folder["data"], Cancel);
        await EnneoStore.UntilAsync(async () => (await store.ReportAsync(live, Cancel)).Status.LastSyncAt is not null, TimeSpan.FromSeconds(60), Cancel);
        await dovecot.ArriveAsync(Live, SpamMail.Wanted("warms everything on the way"), Cancel);
        await EnneoStore.UntilAsync(async () => await JudgedAsync(store) == 1, TimeSpan.FromSeconds(60), Cancel);

        var old = await store.AddAsync(dovecot.Mailbox(Old), Cancel);
        for (var i = 0; i < Mails; i++)
        {
            var subject = string.Create(CultureInfo.InvariantCulture, $"live {i}");
            await dovecot.ArriveAsync(Live, i % 2 == 0 ? SpamMail.Wanted(subject, $"person{i}@customer.example") : SpamMail.Obvious(subject, $"deals{i}@pills.top"), Cancel);
            await Task.Delay(s_between, TimeProvider.System, Cancel);
        }

        var stillSyncing = (await store.ReportAsync(old, Cancel)).Ledger.Imported;
        await EnneoStore.UntilAsync(async () => await JudgedAsync(store) == Mails + 1, TimeSpan.FromMinutes(2), Cancel);
        var delays = await DelaysAsync(store);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"import to verdict over {delays.Count} mails, {stillSyncing} of {History} old mails in when the last had come: p50 {delays[delays.Count / 2]:F0} ms, p95 {delays[delays.Count * 95 / 100]:F0} ms, longest {delays[^1]:F0} ms (p95 must be under 1000)"));
        Assert.True(delays[delays.Count * 95 / 100] < 1000, "p95 over a second.");
    }

    private static Task<int> JudgedAsync(EnneoStore store) => store.ReadAsync(db => db.SpamVerdicts.CountAsync(v => v.Probability != null, Cancel), Cancel);

    /// <returns>Milliseconds, ascending.</returns>
    private static async Task<List<double>> DelaysAsync(EnneoStore store)
    {
        var rows = await store.ReadAsync(
            db => (from verdict in db.SpamVerdicts
                   join entry in db.Activity on verdict.MessageId equals entry.MessageId
                   where verdict.Probability != null && entry.Kind == ActivityKind.MessageReceived
                   select new { verdict.JudgedAt, entry.At }).ToListAsync(Cancel),
            Cancel);
        return [.. rows.Select(row => (row.JudgedAt - row.At).TotalMilliseconds).Order()];
    }
}
