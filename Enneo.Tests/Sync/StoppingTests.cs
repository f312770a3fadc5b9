using System.Diagnostics;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Sync;

/// <summary>Ctrl+C in the middle of everything.</summary>
[Collection(TimedTests.Name)]
public sealed class StoppingTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "stopped@example.test";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_sync_and_silent_servers_do_not_hold_up_the_end_and_nothing_is_an_error()
    {
        await using SilentServer silent = new();
        await silent.InitializeAsync();
        await using SilentServer greeting = new() { Greeting = "* OK ready" };
        await greeting.InitializeAsync();
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], 1000);
        await dovecot.FillMaildirAsync(Address, folder["mails"], Cancel);
        await using TcpProxy slow = new(dovecot.ImapsPort) { BytesPerSecond = 2_000_000 };
        await slow.InitializeAsync();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        await store.AddAsync(silent.Mailbox("silent@example.test"), Cancel);
        await store.AddAsync(greeting.Mailbox("greeting@example.test"), Cancel);
        var syncing = await store.AddAsync(dovecot.Mailbox(Address, imapPort: slow.Port), Cancel);
        await using var enneo = EnneoProcess.Start(folder["data"]);
        await EnneoStore.UntilAsync(async () => (await store.ReportAsync(syncing, Cancel)).Ledger.Imported > 100, TimeSpan.FromSeconds(60), Cancel);

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await enneo.StopAsync(Cancel));

        Assert.True(watch.Elapsed < s_limit, $"It took {watch.Elapsed}.");
        Assert.DoesNotContain("fail: ", enneo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit: ", enneo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", enneo.Output, StringComparison.Ordinal);
        Assert.Equal("", enneo.Errors.Trim());
    }
}
