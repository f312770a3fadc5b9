using System.Net;
using System.Text.Json;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Health;
using Enneo.Core.Mailboxes;
using Enneo.Tests.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Quartz;

namespace Enneo.Tests.Shell;

public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
    private readonly ServiceProvider _quartz = new ServiceCollection().AddLogging().AddQuartz().BuildServiceProvider();
    private MigratedStore _store = null!;
    private Readiness _readiness = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = new MigratedStore();
        await _store.InitializeAsync();
        _readiness = new Readiness(
            _store.Get<IDbContextFactory<EnneoDbContext>>(), _store.Get<WriterLane>(), _store.Migration, _quartz.GetRequiredService<ISchedulerFactory>(), _clock);
        await (await SchedulerAsync()).Start(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _readiness.Dispose();
        await _quartz.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task AllIsWell() => await ReasonsAre();

    [Fact]
    public async Task ASchedulerThatStandsStillIsAReason()
    {
        await (await SchedulerAsync()).Standby(Cancelled);

        await ReasonsAre("The scheduler does not run.");
    }

    [Fact]
    public async Task AMailboxIsOverdueAfterThreeIntervals()
    {
        await AddAsync("a@example.test", enabled: true, lastSync: TimeSpan.Zero);
        await AddAsync("paused@example.test", enabled: false, lastSync: TimeSpan.FromDays(3));
        await ReasonsAre();

        _clock.Advance(TimeSpan.FromSeconds(180));
        await ReasonsAre();

        _clock.Advance(TimeSpan.FromSeconds(2));
        await ReasonsAre("Mailbox 1 has not been synced since 2026-01-05 09:00:00 UTC.");
    }

    [Fact]
    public async Task OneThatWasNeverSyncedIsOverdueFromWhenItWasConnected()
    {
        await AddAsync("a@example.test", enabled: true, lastSync: null);
        _clock.Advance(TimeSpan.FromSeconds(182));

        await ReasonsAre("Mailbox 1 has not been synced since 2026-01-05 09:00:00 UTC.");
    }

    [Fact]
    public async Task AFirstSyncTakesItsTime()
    {
        await AddAsync("a@example.test", enabled: true, lastSync: null, progressTotal: 20_000);
        _clock.Advance(TimeSpan.FromMinutes(10));

        await ReasonsAre();
    }

    [Fact]
    public async Task AnswersAreAsOldAsASecondAtMost()
    {
        await ReasonsAre();
        await (await SchedulerAsync()).Standby(Cancelled);
        Assert.True((await _readiness.LookAsync(Cancelled)).Ready);
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        Assert.False((await _readiness.LookAsync(Cancelled)).Ready);
    }

    private async Task ReasonsAre(params string[] reasons)
    {
        var report = await _readiness.LookAsync(Cancelled);

        Assert.Equal(reasons, report.Reasons);
        Assert.Equal(reasons.Length == 0, report.Ready);
    }

    private async Task AddAsync(string address, bool enabled, TimeSpan? lastSync, int progressTotal = 0)
    {
        ServerSettings server = new() { Host = "localhost", Port = 1, Security = ConnectionSecurity.Tls, User = "a", ProtectedPassword = "" };
        await _store.Get<WriterLane>().RunAsync(async (db, token) =>
        {
            Mailbox mailbox = new()
            {
                Name = address,
                Address = address,
                Imap = server,
                Smtp = server,
                Enabled = enabled,
                ConnectedAt = _clock.GetUtcNow(),
            };
            db.Mailboxes.Add(mailbox);
            await db.SaveChangesAsync(token);
            db.MailboxStatuses.Add(new MailboxStatus
            {
                MailboxId = mailbox.Id,
                State = progressTotal > 0 ? MailboxState.Syncing : MailboxState.Ok,
                ProgressTotal = progressTotal,
                LastSyncAt = _clock.GetUtcNow() - lastSync,
            });
            await db.SaveChangesAsync(token);
        }, Cancelled);
    }

    private async Task<IScheduler> SchedulerAsync() => await _quartz.GetRequiredService<ISchedulerFactory>().GetScheduler(Cancelled);
}

public sealed class HealthEndpointsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyoneMayAskWhetherItLives_AndWhetherItIsReady()
    {
        using var visitor = server.Visit();
        using var health = await visitor.GetAsync("healthz");
        using var ready = await visitor.GetAsync("readyz");

        Assert.Equal("ok", await health.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var report = JsonDocument.Parse(await ready.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.True(report.GetProperty("ready").GetBoolean());
        Assert.Empty(report.GetProperty("reasons").EnumerateArray());
    }
}
