using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>
/// Takes a mailbox out of use: syncing, push and sending end, its passwords are forgotten, and the mail server is left as it
/// is; a provider that people signed in at is told where it takes that. Its conversations stay readable, or are erased, which a job of the server does.
/// </summary>
public sealed class MailboxRemoval(WriterLane lane, TokenRevocation revocation, TimeProvider clock)
{
    /// <param name="erase">Its conversations too.</param>
    /// <returns>False if there is no such mailbox.</returns>
    public async Task<bool> RemoveAsync(long mailboxId, bool erase, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var (isRemoved, account) = await ForgetAsync(mailboxId, erase, actor, origin, cancellationToken);
        if (account is not null)
        {
            await revocation.RunAsync(account);
        }

        return isRemoved;
    }

    private Task<(bool IsRemoved, ConnectedAccount? Account)> ForgetAsync(long mailboxId, bool erase, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var mailbox = await db.Mailboxes.AsTracking().SingleOrDefaultAsync(m => m.Id == mailboxId && m.RemovedAt == null, token);
            if (mailbox is null)
            {
                return (false, (ConnectedAccount?)null);
            }

            var account = await TokenRevocation.FindAsync(db, mailboxId, token);
            var wasDefault = mailbox.IsDefault;
            (mailbox.RemovedAt, mailbox.IsToBeErased) = (clock.GetUtcNow(), erase);
            (mailbox.Enabled, mailbox.IsDefault) = (false, false);
            (mailbox.Imap.ProtectedPassword, mailbox.Smtp.ProtectedPassword) = ("", "");
            mailbox.Version++;
            await db.ConnectedAccounts.Where(a => a.MailboxId == mailboxId).ExecuteDeleteAsync(token);
            await db.ServerChanges.Where(c => c.MailboxId == mailboxId).ExecuteDeleteAsync(token);
            if (wasDefault && await db.Mailboxes.AsTracking().Where(m => m.RemovedAt == null && m.Id != mailboxId).OrderBy(m => m.Id).FirstOrDefaultAsync(token) is { } heir)
            {
                heir.IsDefault = true; // there is always one
                heir.Version++;
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MailboxRemoved, actor, origin, clock, mailboxId, changes: [("address", mailbox.Address, null), ("erase", null, erase)]));
            await db.SaveChangesAsync(token);
            return (true, account);
        },
        cancellationToken);

    /// <summary>Asks the server to look into a mailbox now.</summary>
    /// <returns>False if there is none, or it is paused.</returns>
    public Task<bool> RequestSyncAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (!await db.Mailboxes.AnyAsync(m => m.Id == mailboxId && m.Enabled, token))
            {
                return false;
            }

            db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxSyncRequested, actor, origin, clock, mailboxId));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);
}
