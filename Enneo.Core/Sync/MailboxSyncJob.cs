using System.Security.Cryptography;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Enneo.Core.Sync;

/// <summary>
/// One job per mailbox. Quartz forbids concurrency by job key, so a slow mailbox waits for itself
/// and never for another. Each run settles when the next one is due.
/// </summary>
[DisallowConcurrentExecution]
public sealed partial class MailboxSyncJob(
    MailboxSync sync, SyncRequests requests, SyncScheduler scheduler, StatusRecorder status, ILogger<MailboxSyncJob> logger) : IJob
{
    public long MailboxId { get; set; }

    public static JobKey KeyFor(long mailboxId) => new($"mailbox-{mailboxId}", "sync");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var state = requests.Of(MailboxId);
        if (await FindAsync(state, cancellationToken) is not { } mailbox)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        state.Begin(stop.Cancel);
        MailConnectionException? refused = null;
        try
        {
            do
            {
                await sync.RunAsync(MailboxId, stop.Token);
                state.Succeeded();
            }
            while (state.BeginAgain());
        }
        catch (Exception exception) when (MailConnectionException.Covers(exception))
        {
            var failure = MailConnectionException.From(exception, mailbox.ImapEndpoint);
            refused = failure;
            state.Failed();
            LogFailed(MailboxId, failure.Problem, state.Failures);
            await status.FailedAsync(MailboxId, StateFor(failure), failure.Message, cancellationToken);
        }
        catch (StorageException exception)
        {
            state.Failed();
            LogNotStored(exception, MailboxId);
            await status.FailedAsync(MailboxId, MailboxState.Error, SyncText.NotStored, cancellationToken);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The mailbox was removed meanwhile.
        }
        catch (CryptographicException)
        {
            state.Failed();
            LogKeysLost(MailboxId);
            await status.FailedAsync(MailboxId, MailboxState.SignInAgain, SyncText.PasswordUnreadable, cancellationToken);
        }
        finally
        {
            state.Forget();
            await scheduler.ScheduleNextAsync(mailbox, state.Failures, cancellationToken, refused);
        }
    }

    /// <summary>The database may have a fault at this very moment: there must be a next run all the same.</summary>
    private async Task<Mailbox?> FindAsync(SyncRequests.State state, CancellationToken cancellationToken)
    {
        try
        {
            return await sync.FindAsync(MailboxId, cancellationToken);
        }
        catch (SqliteException)
        {
            state.Forget();
            state.Failed();
            await scheduler.ScheduleRetryAsync(MailboxId, state.Failures, cancellationToken);
            throw;
        }
    }

    private static MailboxState StateFor(MailConnectionException failure) =>
        failure.Problem is ConnectionProblem.SignInRefused ? MailboxState.SignInAgain : MailboxState.Error;

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: sync failed ({Problem}), {Failures} times in a row")]
    private partial void LogFailed(long mailboxId, ConnectionProblem problem, int failures);

    [LoggerMessage(LogLevel.Error, "Mailbox {MailboxId}: what came could not be stored")]
    private partial void LogNotStored(Exception exception, long mailboxId);

    [LoggerMessage(LogLevel.Error, "Mailbox {MailboxId}: its password cannot be decrypted; the keys in the data directory are not those that protected it")]
    private partial void LogKeysLost(long mailboxId);
}
