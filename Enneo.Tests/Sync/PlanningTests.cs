using Enneo.Core.Connections;
using Enneo.Core.Sync;
using Enneo.Tests.Mailboxes;
using Enneo.Tests.Microsoft365;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace Enneo.Tests.Sync;

/// <summary>A mailbox whose next look nobody plans stands still until a restart, and nobody is told.</summary>
public sealed class PlanningTests : IAsyncLifetime
{
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(Inputs.Valid().WithImap(imap => imap with { Host = DovecotServer.Host, Port = FreePort.Next() }));

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Theory]
    [InlineData("settings")] // where it stands which servers want to be left alone
    [InlineData("mailboxes")]
    public async Task The_next_look_is_planned_although_the_database_has_a_fault_while_this_one_runs(string table)
    {
        await FaultAsync($"ALTER TABLE {table} RENAME TO gone");

        await Assert.ThrowsAnyAsync<Exception>(() => _office.SyncAsync(Cancel));

        Assert.NotNull(await PlannedAsync());
        Assert.True(_office.Get<SyncRequests>().Of(_office.MailboxId).Request()); // whoever asks for a look meanwhile gets it
    }

    [Fact]
    public async Task The_next_look_is_planned_although_it_cannot_be_written_for_how_long_the_server_wants_to_be_left_alone()
    {
        await FaultAsync("CREATE TRIGGER full BEFORE INSERT ON settings BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        var mailbox = await _office.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(Cancel));
        MailConnectionException throttled = new(ConnectionProblem.ServerUnavailable, mailbox.ImapEndpoint, "BAD Request is throttled. Suggested Backoff Time: 300000 milliseconds");
        Assert.Equal(TimeSpan.FromMinutes(5), throttled.RetryAfter);

        await _office.Get<SyncScheduler>().ScheduleNextAsync(mailbox, failures: 1, Cancel, throttled);

        Assert.InRange((await PlannedAsync())!.Value - _office.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_follows_the_log_outlives_a_fault_of_the_database()
    {
        var scheduler = _office.Get<SyncScheduler>();
        await FaultAsync("ALTER TABLE mailboxes RENAME TO gone");
        await scheduler.StartAsync(Cancel);
        await Task.WhenAny(scheduler.ExecuteTask!, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancel));
        Assert.False(scheduler.ExecuteTask!.IsCompleted); // its end is the program's

        await FaultAsync("ALTER TABLE gone RENAME TO mailboxes");
        await EnneoStore.UntilAsync(
            async () =>
            {
                _office.Clock.Advance(TimeSpan.FromSeconds(5));
                return await PlannedAsync() is not null;
            },
            TimeSpan.FromSeconds(30),
            Cancel);
        await scheduler.StopAsync(Cancel);
    }

    private Task FaultAsync(string sql) => _office.ChangeAsync(db => db.Database.ExecuteSqlRawAsync(sql, Cancel));

    private async Task<DateTimeOffset?> PlannedAsync()
    {
        var key = MailboxSyncJob.KeyFor(_office.MailboxId);
        var scheduler = await _office.Get<ISchedulerFactory>().GetScheduler(Cancel);
        return (await scheduler.GetTrigger(new TriggerKey(key.Name, key.Group), Cancel))?.StartTimeUtc;
    }
}
