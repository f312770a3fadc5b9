using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;

namespace Enneo.Core.Sync.Graph;

/// <summary>One run over a mailbox that is read by Microsoft Graph: what changed here goes up, what changed there comes down.</summary>
public sealed class GraphSync(
    GraphReading reading,
    AccountTokens tokens,
    ImapSessions sessions,
    TransferSlots slots,
    ServerChanges changes,
    ServerChangeRecords records,
    GraphFolders discovery,
    GraphFolderSync folders,
    GraphNumbers numbers,
    MessagePlaces places,
    StatusRecorder status)
{
    /// <returns>In words, what could not be done; null when everything was.</returns>
    /// <exception cref="MailConnectionException">Graph could not be reached or refused.</exception>
    public async Task<string?> RunAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        sessions.Forget(mailbox.Id);
        await status.ModeAsync(mailbox.Id, SyncMode.Poll, cancellationToken);
        var remote = await reading.OpenAsync(await tokens.AccountOfAsync(mailbox.Id, cancellationToken), mailbox.Address, mailbox.IsShadow, cancellationToken);
        using (await slots.EnterAsync(remote.Host, cancellationToken))
        {
            Vanishings vanishings = new();
            Looked looked = new();
            var problem = await changes.PushAsync(mailbox, new GraphChangeRoad(mailbox, remote, records, numbers), cancellationToken);
            problem = await places.LookAsync(mailbox.Id, vanishings, () => LookIntoAllAsync(mailbox, remote, vanishings, looked, cancellationToken), cancellationToken) ?? looked.Refusal ?? problem;
            await numbers.KeepAsync(looked.Folders.Values, cancellationToken);
            return problem;
        }
    }

    /// <returns>In words, which folder could not be looked into; null when all could.</returns>
    private async Task<string?> LookIntoAllAsync(
        Mailbox mailbox, GraphMailbox remote, Vanishings vanishings, Looked looked, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var folder in await discovery.RunAsync(mailbox, remote, vanishings, cancellationToken))
        {
            try
            {
                var (now, refusal) = await folders.RunAsync(mailbox, folder, remote, vanishings, cancellationToken);
                looked.Refusal = refusal ?? looked.Refusal;
                if (now is not null)
                {
                    looked.Folders[now.FolderId] = now;
                }
            }
            catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused or ConnectionProblem.ServerUnavailable && folder.Folder.Role is not FolderRole.Inbox)
            {
                await remote.ProveAsync(cancellationToken); // else it is the mailbox that does not open
                problem ??= await status.FolderFailedAsync(folder.Folder, refused, cancellationToken);
            }
        }

        if (problem is not null)
        {
            vanishings.DoubtComparisons();
        }

        return problem;
    }

    /// <summary>What the looks of one run found.</summary>
    private sealed class Looked
    {
        public Dictionary<long, GraphFolder> Folders { get; } = [];

        /// <summary>In words, why a mail was not given; null when all were.</summary>
        public string? Refusal { get; set; }
    }
}
