using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Writes how a mailbox is doing, for the list, the commands and readiness.</summary>
public sealed class StatusRecorder(WriterLane lane, TimeProvider clock)
{
    /// <param name="notice">In words, what could not be done although the mailbox is in order.</param>
    public Task SyncedAsync(long mailboxId, string? notice, CancellationToken cancellationToken) => UpdateAsync(
        mailboxId,
        status =>
        {
            (status.State, status.Message, status.LastSyncAt) = (MailboxState.Ok, notice, clock.GetUtcNow());
            (status.ProgressDone, status.ProgressTotal, status.ProgressSince) = (0, 0, null);
        },
        cancellationToken,
        isWell: true);

    public Task ProgressAsync(long mailboxId, int done, int total, CancellationToken cancellationToken) => UpdateAsync(
        mailboxId,
        status =>
        {
            (status.State, status.Message) = (MailboxState.Syncing, null);
            (status.ProgressDone, status.ProgressTotal) = (done, total);
            status.ProgressSince ??= clock.GetUtcNow();
        },
        cancellationToken,
        isWell: true);

    public Task FailedAsync(long mailboxId, MailboxState state, string message, CancellationToken cancellationToken) => UpdateAsync(
        mailboxId, status => (status.State, status.Message) = (state, message), cancellationToken);

    /// <returns>What is wrong with the folder, in words.</returns>
    internal async Task<string> FolderFailedAsync(MailFolder folder, MailConnectionException failure, CancellationToken cancellationToken)
    {
        var words = string.Format(CultureInfo.CurrentCulture, SyncText.FolderRefused, folder.FullName, failure.ServerText ?? failure.Message);
        if (folder.Problem != words)
        {
            await lane.RunAsync(
                (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.Problem, words), token), cancellationToken);
        }

        return words;
    }

    public Task ModeAsync(long mailboxId, SyncMode mode, CancellationToken cancellationToken) => UpdateAsync(
        mailboxId, status => status.Mode = mode, cancellationToken, isNews: false);

    public Task PausedAsync(long mailboxId, CancellationToken cancellationToken) => UpdateAsync(
        mailboxId, status => (status.State, status.Message, status.Mode) = (MailboxState.Paused, null, SyncMode.Poll), cancellationToken);

    /// <summary>Nobody could sign in anew, or mail waits since sending was refused so: that receiving works says nothing about either.</summary>
    private static async Task<bool> IsStillRefusedAsync(EnneoDbContext db, long mailboxId, string? message, CancellationToken cancellationToken) =>
        (await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.MailboxId == mailboxId, cancellationToken) is { } account
            && (await TokenNeeds.OfAsync(db, mailboxId, cancellationToken)).ProblemOf(account) is not null)
        || await db.Outbox.AnyAsync(o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && o.Attempts > 0 && o.ServerText == message, cancellationToken);

    /// <param name="isWell">What comes from a connection that holds: where nobody could sign in anew, or send, that still has to be said.</param>
    /// <param name="isNews">Whether it is about the mailbox's state.</param>
    private Task UpdateAsync(long mailboxId, Action<MailboxStatus> update, CancellationToken cancellationToken, bool isWell = false, bool isNews = true) => lane.RunAsync(
        async (db, token) =>
        {
            var status = await db.MailboxStatuses.SingleOrDefaultAsync(s => s.MailboxId == mailboxId, token);
            if (status is null)
            {
                return; // removed meanwhile
            }

            var (state, message, mode, done) = (status.State, status.Message, status.Mode, status.ProgressDone);
            update(status);
            if (isWell && state is MailboxState.SignInAgain && await IsStillRefusedAsync(db, mailboxId, message, token))
            {
                (status.State, status.Message) = (state, message);
            }
            else if (isNews)
            {
                await MailboxFailure.NoteAsync(db, status, clock.GetUtcNow(), token);
            }

            if (status.State != state)
            {
                status.Since = clock.GetUtcNow();
            }

            if ((status.State, status.Message, status.Mode, status.ProgressDone) != (state, message, mode, done))
            {
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.MailboxStateChanged, Actor.System, SyncOrigin.Name, clock, mailboxId,
                    changes: ("state", state.ToString(), status.State.ToString())));
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
