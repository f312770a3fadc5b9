using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

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
    MessagePlaces places,
    StatusRecorder status)
{
    /// <exception cref="MailConnectionException">The server could not be reached or refused.</exception>
    public async Task RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        if (await FindAsync(mailboxId, cancellationToken) is not { } mailbox)
        {
            return;
        }

        await intake.RecoverAsync(mailbox, cancellationToken);
        Vanishings vanishings = new();
        string? problem;
        using (var session = await sessions.RentAsync(mailbox, cancellationToken))
        using (await slots.EnterAsync(mailbox.Imap.Host, cancellationToken))
        {
            problem = await changes.PushAsync(mailbox, session.Client, vanishings, cancellationToken);
            problem = await LookAsync(mailbox, session.Client, vanishings, cancellationToken) ?? problem;
        }

        await status.SyncedAsync(mailboxId, problem, cancellationToken);
    }

    internal async Task<Mailbox?> FindAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking()
            .SingleOrDefaultAsync(m => m.Id == mailboxId && m.Enabled && m.Method != MailboxMethod.Api, cancellationToken);
    }

    /// <returns>In words, what could not be synced; null when all could.</returns>
    private async Task<string?> LookAsync(Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        await GlanceAtInboxAsync(mailbox, client, vanishings, cancellationToken);
        var problem = await LookIntoAllAsync(mailbox, client, vanishings, cancellationToken);
        if (!vanishings.IsEmpty && await places.LeavesNowhereAsync(vanishings, cancellationToken))
        {
            // Moved, perhaps, into a folder that had been looked at before.
            problem = await LookIntoAllAsync(mailbox, client, vanishings, cancellationToken);
        }

        if (problem is not null)
        {
            vanishings.MovedUnseen.Clear(); // they may lie in the folder that could not be looked into
        }

        await places.SettleAsync(mailbox.Id, vanishings, cancellationToken);
        return problem;
    }

    /// <summary>While the INBOX is open from the run before, its news is here sooner than the list of folders.</summary>
    private async Task GlanceAtInboxAsync(Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        if (client.Inbox is not ImapFolder { IsOpen: true } remote)
        {
            return;
        }

        MailFolder? inbox;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            inbox = await db.Folders.AsNoTracking().FirstOrDefaultAsync(f => f.MailboxId == mailbox.Id && f.Role == FolderRole.Inbox && f.IsListed, cancellationToken);
        }

        if (inbox is not null)
        {
            await folders.RunAsync(mailbox, new FolderToSync(inbox, remote, StatusIsKnown: false), client, vanishings, cancellationToken);
        }
    }

    private async Task<string?> LookIntoAllAsync(Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var folder in await discovery.RunAsync(mailbox, client, vanishings, cancellationToken))
        {
            try
            {
                await folders.RunAsync(mailbox, folder, client, vanishings, cancellationToken);
            }
            catch (Exception exception) when (IsOfOneFolder(exception, folder.Folder) && client.IsConnected)
            {
                problem ??= await status.FolderFailedAsync(
                    folder.Folder, MailConnectionException.From(exception, mailbox.ImapEndpoint), cancellationToken);
            }
        }

        return problem;
    }

    /// <summary>A folder that the server refuses does not hold up the others; without the INBOX there is no syncing.</summary>
    private static bool IsOfOneFolder(Exception exception, MailFolder folder) =>
        folder.Role is not FolderRole.Inbox && exception is (CommandException or FolderNotFoundException);
}
