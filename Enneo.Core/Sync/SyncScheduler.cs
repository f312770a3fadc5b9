using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Enneo.Core.Sync;

/// <summary>
/// Keeps a job scheduled for every mailbox that is to be synced, and lets the activity log start,
/// change, stop and wake them, whichever process wrote it.
/// </summary>
public sealed partial class SyncScheduler(
    IDbContextFactory<EnneoDbContext> dbFactory,
    ISchedulerFactory schedulers,
    SyncRequests requests,
    StatusRecorder status,
    ImapSessions sessions,
    MailboxErasure erasure,
    ServerPauses pauses,
    SteadyWork steady,
    LiveFeed feed,
    TimeProvider clock,
    IOptions<SyncOptions> options,
    ILogger<SyncScheduler> logger) : BackgroundService
{
    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry.Kind
            is ActivityKind.MailboxAdded or ActivityKind.MailboxChanged or ActivityKind.MailboxRemoved
            or ActivityKind.MailboxSyncRequested or ActivityKind.FolderChanged
            || entry is
            {
                Kind: ActivityKind.MessageSeenChanged or ActivityKind.MessageFlaggedChanged or ActivityKind.MessageMoved or ActivityKind.MessageErased,
                MailboxId: not null,
                ActorKind: not ActorKind.MailServer,
            });
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var warming = Task.Run(MessageParser.Warm, stoppingToken); // while the first servers are being reached
        await steady.RunAsync(BeginAsync, stoppingToken);
        await warming;
        await steady.RunAsync(EraseAsync, stoppingToken);
        await foreach (var entry in _queue.ReadAllAsync(stoppingToken))
        {
            await steady.RunAsync(token => FollowAsync(entry, token), stoppingToken);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        foreach (var mailbox in await ListAsync(cancellationToken))
        {
            await ApplyAsync(mailbox, cancellationToken);
        }
    }

    private async Task EraseAsync(CancellationToken cancellationToken)
    {
        foreach (var mailboxId in await erasure.DueAsync(cancellationToken))
        {
            await RemoveAsync(mailboxId, cancellationToken);
        }
    }

    private Task FollowAsync(ActivityEntry entry, CancellationToken cancellationToken) => entry.Kind switch
    {
        ActivityKind.MailboxRemoved => RemoveAsync(entry.MailboxId!.Value, cancellationToken),
        ActivityKind.MailboxAdded or ActivityKind.MailboxChanged => FollowAsync(entry.MailboxId!.Value, cancellationToken),
        _ => requests.WakeAsync(entry.MailboxId!.Value, cancellationToken),
    };

    /// <summary>Sets the next run after one has ended: the poll interval, or after failures longer and longer, scattered so that many do not retry as one.</summary>
    /// <param name="refused">How the server failed it: what it asks to wait for is waited for.</param>
    internal async Task ScheduleNextAsync(Mailbox mailbox, int failures, CancellationToken cancellationToken, MailConnectionException? refused = null)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return;
        }

        var delay = failures == 0 ? mailbox.PollInterval : RetryDelay(failures);
        try
        {
            if (refused is not null)
            {
                await pauses.NoteAsync(mailbox, refused, cancellationToken);
            }

            delay = await pauses.LeftOfAsync(mailbox, cancellationToken) is var asked && asked > delay ? asked : delay;
        }
        catch (Exception exception) when (exception is DbUpdateException or SqliteException)
        {
            LogNotWritten(exception, mailbox.Id); // busy or out of space: there must be a next run all the same
        }

        await ScheduleAsync(mailbox.Id, clock.GetUtcNow() + delay, cancellationToken);
    }

    /// <summary>As <see cref="ScheduleNextAsync"/>, of a mailbox that itself could not be read.</summary>
    internal Task ScheduleRetryAsync(long mailboxId, int failures, CancellationToken cancellationToken) =>
        ScheduleAsync(mailboxId, clock.GetUtcNow() + RetryDelay(failures), cancellationToken);

    private TimeSpan RetryDelay(int failures)
    {
        var doubled = options.Value.FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        var bounded = doubled < options.Value.LongestRetry ? doubled : options.Value.LongestRetry;
        return bounded * (0.75 + (Random.Shared.NextDouble() / 2));
    }

    private async Task FollowAsync(long mailboxId, CancellationToken cancellationToken)
    {
        var mailbox = (await ListAsync(cancellationToken)).FirstOrDefault(m => m.Id == mailboxId);
        if (mailbox is not null)
        {
            await ApplyAsync(mailbox, cancellationToken);
        }
        else
        {
            await UnscheduleAsync(mailboxId, cancellationToken);
        }
    }

    private async Task ApplyAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (mailbox.IsShadow)
        {
            await requests.Of(mailbox.Id).StopAsync(); // a run that began before may still change the server
        }

        if (mailbox.Enabled)
        {
            await ScheduleAsync(mailbox.Id, clock.GetUtcNow(), cancellationToken);
            return;
        }

        await UnscheduleAsync(mailbox.Id, cancellationToken);
        await status.PausedAsync(mailbox.Id, cancellationToken);
    }

    /// <summary>Whatever runs for it ends first, so that nothing is written behind what is erased.</summary>
    private async Task RemoveAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await UnscheduleAsync(mailboxId, cancellationToken);
        await requests.Of(mailboxId).StopAsync();
        sessions.Forget(mailboxId);
        if ((await erasure.DueAsync(cancellationToken)).Contains(mailboxId))
        {
            await schedulers.SetJobAsync<MailboxErasureJob>(MailboxErasureJob.KeyFor(mailboxId), j => j.MailboxId, mailboxId, clock.GetUtcNow(), cancellationToken);
        }
    }

    private Task ScheduleAsync(long mailboxId, DateTimeOffset at, CancellationToken cancellationToken) =>
        schedulers.SetJobAsync<MailboxSyncJob>(MailboxSyncJob.KeyFor(mailboxId), j => j.MailboxId, mailboxId, at, cancellationToken);

    private Task UnscheduleAsync(long mailboxId, CancellationToken cancellationToken) => schedulers.UnlessStoppingAsync(
        async scheduler => await scheduler.DeleteJob(MailboxSyncJob.KeyFor(mailboxId), cancellationToken), cancellationToken);

    private async Task<List<Mailbox>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking().Where(m => m.Method != MailboxMethod.Api).ToListAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "How long the server of mailbox {MailboxId} wants to be left alone could not be read or written")]
    private partial void LogNotWritten(Exception exception, long mailboxId);
}
