using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>One run over one mailbox: what changed here goes up, what changed there comes down. Safe to repeat at any point.</summary>
public sealed class MailboxSync(
    IDbContextFactory<EnneoDbContext> dbFactory,
    ImapSessions sessions,
    TransferSlots slots,
    Intake intake,
    ServerChanges changes,
    FolderDiscovery discovery,
    FolderSync folders,
    StatusRecorder status)
{
    /// <exception cref="Connections.MailConnectionException">The server could not be reached or refused.</exception>
    public async Task RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        if (await FindAsync(mailboxId, cancellationToken) is not { } mailbox)
        {
            return;
        }

        await intake.RecoverAsync(mailbox, cancellationToken);
        using (var session = await sessions.RentAsync(mailbox, cancellationToken))
        using (await slots.EnterAsync(mailbox.Imap.Host, cancellationToken))
        {
            await changes.PushAsync(mailbox, session.Client, cancellationToken);
            var synced = await discovery.RunAsync(mailbox, session.Client, cancellationToken);
            // The INBOX comes last but once after Sent's glance, so that it stays open for the next wake.
            foreach (var folder in synced)
            {
                await folders.RunAsync(mailbox, folder, session.Client, cancellationToken);
            }
        }

        await status.SyncedAsync(mailboxId, cancellationToken);
    }

    internal async Task<Mailbox?> FindAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking()
            .SingleOrDefaultAsync(m => m.Id == mailboxId && m.Enabled && m.Method == MailboxMethod.Imap, cancellationToken);
    }
}
