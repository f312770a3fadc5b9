using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sync;

/// <summary>
/// Holds an IDLE on one INBOX and wakes its job at every change (RFC 2177), of all folders where the server tells of them. A connection of its own,
/// so that the job's stays free; when it fails, polling goes on and the watch is taken up again.
/// </summary>
public sealed partial class IdleWatcher(
    MailboxSignIn signIn,
    SyncRequests requests,
    StatusRecorder status,
    TimeProvider clock,
    IOptions<SyncOptions> options,
    ILogger<IdleWatcher> logger)
{
    /// <summary>A peer that does not end IDLE within this is gone without a word.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Watches until cancelled.</summary>
    internal async Task RunAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!await WatchAsync(mailbox, () => failures = 0, cancellationToken))
                {
                    return; // the server has no IDLE: polling it is
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (MailConnectionException.Covers(exception) || exception is System.Security.Cryptography.CryptographicException)
            {
                failures++;
                LogLost(mailbox.Id, exception.GetType().Name, failures);
            }

            await status.ModeAsync(mailbox.Id, SyncMode.Poll, cancellationToken);
            await Task.Delay(Pause(failures), clock, cancellationToken);
        }
    }

    private TimeSpan Pause(int failures)
    {
        var doubled = options.Value.FirstRetry * Math.Pow(2, Math.Min(failures, 10));
        var bounded = doubled < options.Value.LongestRetry ? doubled : options.Value.LongestRetry;
        return bounded * (0.75 + (Random.Shared.NextDouble() / 2));
    }

    private async Task<bool> WatchAsync(Mailbox mailbox, Action onWatching, CancellationToken cancellationToken)
    {
        var client = await signIn.ImapAsync(mailbox, cancellationToken);
        try
        {
            if (!client.Capabilities.HasFlag(ImapCapabilities.Idle) || client.Inbox is not { } inbox)
            {
                return false;
            }

            await inbox.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
            onWatching();
            await status.ModeAsync(mailbox.Id, SyncMode.Idle, cancellationToken);
            await requests.WakeAsync(mailbox.Id, cancellationToken); // for what came between the last run and this watch
            await IdleAsync(mailbox.Id, client, inbox, cancellationToken);
            return true;
        }
        finally
        {
            await client.LeaveAsync(CancellationToken.None);
        }
    }

    private async Task IdleAsync(long mailboxId, ImapClient client, IMailFolder inbox, CancellationToken cancellationToken)
    {
        // Events come on the client's own read loop, which must not be used or held up from here.
        void OnChange(object? sender, EventArgs args) => _ = WakeAsync(mailboxId, cancellationToken);
        inbox.CountChanged += OnChange;
        inbox.MessageFlagsChanged += OnChange;
        inbox.MessageExpunged += OnChange;
        FolderNotices notices = new(client, OnChange);
        try
        {
            await notices.AskAsync(cancellationToken);
            while (!cancellationToken.IsCancellationRequested)
            {
                using CancellationTokenSource done = new(options.Value.IdleRenewal, clock);
                using var stop = cancellationToken.Register(done.Cancel);
                var idling = client.IdleAsync(done.Token, CancellationToken.None);
                await Task.WhenAny(idling, WhenCancelled(done.Token));
                await idling.WaitAsync(s_patience, clock, CancellationToken.None);
            }
        }
        finally
        {
            inbox.CountChanged -= OnChange;
            inbox.MessageFlagsChanged -= OnChange;
            inbox.MessageExpunged -= OnChange;
            notices.Dispose();
        }
    }

    private static Task WhenCancelled(CancellationToken cancellationToken)
    {
        TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(cancelled.SetResult);
        return cancelled.Task;
    }

    private async Task WakeAsync(long mailboxId, CancellationToken cancellationToken)
    {
        try
        {
            await requests.WakeAsync(mailboxId, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or Quartz.SchedulerException)
        {
            LogNotWoken(exception, mailboxId); // polling will find it
        }
    }

    [LoggerMessage(LogLevel.Information, "Mailbox {MailboxId}: push connection lost ({Reason}), {Failures} times in a row; polling meanwhile")]
    private partial void LogLost(long mailboxId, string reason, int failures);

    [LoggerMessage(LogLevel.Debug, "Mailbox {MailboxId}: its job was not woken")]
    private partial void LogNotWoken(Exception exception, long mailboxId);
}
