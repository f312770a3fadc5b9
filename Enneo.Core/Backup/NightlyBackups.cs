using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quartz;

namespace Enneo.Core.Backup;

/// <summary>Sets the job of every night, and one soon after a start where the last night was missed, as on a machine that sleeps then.</summary>
internal sealed class NightlyBackups(ISchedulerFactory schedulers, DataDirectory directory, IOptions<BackupOptions> options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_missedAfter = TimeSpan.FromHours(25);
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.Nightly
        ? schedulers.UnlessStoppingAsync(scheduler => ScheduleAsync(scheduler, stoppingToken), stoppingToken)
        : Task.CompletedTask;

    private async Task ScheduleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var at = options.Value.At;
        var job = JobBuilder.Create<NightlyBackupJob>().WithIdentity(NightlyBackupJob.Key).StoreDurably().Build();
        List<ITrigger> triggers =
        [
            TriggerBuilder.Create()
                .WithIdentity("nightly", NightlyBackupJob.Key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow())
                .WithCronSchedule(string.Create(CultureInfo.InvariantCulture, $"{at.Seconds} {at.Minutes} {at.Hours} ? * *"), cron => cron.InTimeZone(clock.LocalTimeZone))
                .Build(),
        ];
        if (WasMissed())
        {
            triggers.Add(TriggerBuilder.Create()
                .WithIdentity("missed", NightlyBackupJob.Key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow() + s_settling)
                .Build());
        }

        await scheduler.ScheduleJob(job, triggers, new ScheduleJobOptions { Replace = true }, cancellationToken);
    }

    /// <summary>A data directory that never had one waits for its first night.</summary>
    private bool WasMissed()
    {
        BackupFolder backups = new(Path.Combine(directory.Path, options.Value.Folder));
        return backups.List() is [var newest, ..]
            && clock.GetUtcNow() - new DateTimeOffset(Directory.GetLastWriteTimeUtc(backups.SnapshotPath(newest)), TimeSpan.Zero) > s_missedAfter;
    }
}
