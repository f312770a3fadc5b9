using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync.Graph;
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
    ServerChangeRecords records,
    FolderDiscovery discovery,
    FolderSync folders,
    MessagePlaces places,
    GraphSync graph,
    ReceivingRoadSwitch roads,
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
        var problem = mailbox.ReceivesByGraph
            ? await graph.RunAsync(mailbox, cancellationToken)
            : await SyncByImapAsync(mailbox, cancellationToken);
        await status.SyncedAsync(mailboxId, problem, cancellationToken);
    }

    internal async Task<Mailbox?> FindAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking()
            .SingleOrDefaultAsync(m => m.Id == mailboxId && m.Enabled && m.Method != MailboxMethod.Api, cancellationToken);
    }

    /// <summary>By Graph instead where Microsoft says that IMAP is switched off.</summary>
    private async Task<string?> SyncByImapAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        ImapSession session;
        try
        {
            session = await sessions.RentAsync(mailbox, cancellationToken);
        }
        catch (MailConnectionException refused)
        {
            if (await roads.TakeAsync(mailbox, refused, cancellationToken) && await FindAsync(mailbox.Id, cancellationToken) is { ReceivesByGraph: true } changed)
            {
                return await graph.RunAsync(changed, cancellationToken);
            }

            throw;
        }

        Vanishings vanishings = new();
        using (session)
        using (await slots.EnterAsync(mailbox.Imap.Host, cancellationToken))
        {
            var problem = await changes.PushAsync(mailbox, new ImapChangeRoad(session.Client, records, vanishings), cancellationToken);
            return await LookAsync(mailbox, session.Client, vanishings, cancellationToken) ?? problem;
        }
    }

    /// <returns>In words, what could not be synced; null when all could.</returns>
    private async Task<string?> LookAsync(Mailbox mailbox, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        await GlanceAtInboxAsync(mailbox, client, vanishings, cancellationToken);
        return await places.LookAsync(mailbox.Id, vanishings, () => LookIntoAllAsync(mailbox, client, vanishings, cancellationToken), cancellationToken);
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
