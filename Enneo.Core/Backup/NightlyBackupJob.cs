using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Enneo.Core.Backup;

/// <summary>The backup of the night. What keeps it from being made is said in the log, and tried again the night after.</summary>
[DisallowConcurrentExecution]
public sealed partial class NightlyBackupJob(
    BackupCreation creation, DataDirectory directory, IOptions<BackupOptions> options, ILogger<NightlyBackupJob> logger) : IJob
{
    public static readonly JobKey Key = new("nightly", "backup");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var settings = options.Value;
        var folder = Path.Combine(directory.Path, settings.Folder);
        var outcome = await creation.RunAsync(folder, settings.WithKeys, settings.Kept, Actor.System, "backup", cancellationToken);
        if (outcome.Problem is { } problem)
        {
            LogFailed(problem);
        }
        else
        {
            LogMade(outcome.Snapshot!, folder);
        }
    }

    [LoggerMessage(LogLevel.Information, "Backup {Snapshot} made in {Folder}")]
    private partial void LogMade(string snapshot, string folder);

    [LoggerMessage(LogLevel.Error, "The nightly backup was not made: {Problem}")]
    private partial void LogFailed(string problem);
}
