using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>Takes over what other clients did to <c>\Seen</c>.</summary>
public sealed class FlagSync(WriterLane lane, TimeProvider clock)
{
    /// <summary>Where the server does not count changes, this many of the newest messages are looked at in each run.</summary>
    private const int WithoutCondstore = 5000;

    /// <returns>The change up to which flags are now known (RFC 7162); 0 where the server does not count.</returns>
    internal async Task<ulong> RunAsync(MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        var known = folder.HighestModSeq;
        if (!remote.Supports(FolderFeature.ModSequences))
        {
            await ApplyAsync(folder, await FetchAsync(remote, 0, Math.Max(0, remote.Count - WithoutCondstore), cancellationToken), cancellationToken);
            return 0;
        }

        if (known == 0)
        {
            return remote.HighestModSeq; // a first sync has just read every flag
        }

        var changed = await FetchAsync(remote, known, 0, cancellationToken);
        await ApplyAsync(folder, changed, cancellationToken);
        return changed.Select(summary => summary.ModSeq ?? 0).Append(known).Append(remote.HighestModSeq).Max();
    }

    private static async Task<IList<IMessageSummary>> FetchAsync(ImapFolder remote, ulong changedSince, int firstIndex, CancellationToken cancellationToken)
    {
        if (remote.Count == 0)
        {
            return [];
        }

        FetchRequest request = new(MessageSummaryItems.UniqueId | MessageSummaryItems.Flags);
        if (changedSince > 0)
        {
            request = new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.ModSeq) { ChangedSince = changedSince };
        }

        return await remote.FetchAsync(firstIndex, -1, request, cancellationToken);
    }

    private async Task ApplyAsync(MailFolder folder, IList<IMessageSummary> summaries, CancellationToken cancellationToken)
    {
        var seenByUid = summaries
            .Where(summary => summary.UniqueId.IsValid && summary.Flags is not null)
            .GroupBy(summary => summary.UniqueId.Id)
            .ToDictionary(group => group.Key, group => group.Last().Flags!.Value.HasFlag(MessageFlags.Seen));
        foreach (var chunk in seenByUid.Chunk(500))
        {
            await lane.RunAsync((db, token) => ApplyAsync(db, folder, chunk.ToDictionary(), token), cancellationToken);
        }
    }

    private async Task ApplyAsync(EnneoDbContext db, MailFolder folder, Dictionary<uint, bool> seenByUid, CancellationToken cancellationToken)
    {
        var rows = await db.Ledger
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && seenByUid.Keys.Contains(e.Uid))
            .ToListAsync(cancellationToken);
        rows.RemoveAll(row => row.Seen == seenByUid[row.Uid]);
        rows.ForEach(row => row.Seen = seenByUid[row.Uid]);

        HashSet<long> tickets = [];
        foreach (var row in rows.Where(row => row.MessageId is not null))
        {
            // What was changed here and is still on its way up is newer than what the server says.
            var message = await db.Messages.SingleAsync(m => m.Id == row.MessageId, cancellationToken);
            if (message.IsSeen == row.Seen || await db.ServerChanges.AnyAsync(c => c.MessageId == message.Id && c.Kind == ServerChangeKind.Seen, cancellationToken))
            {
                continue;
            }

            message.IsSeen = row.Seen;
            tickets.Add(message.TicketId);
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MessageSeenChanged, Actor.MailServer, SyncOrigin.Name, clock, folder.MailboxId, message.TicketId, message.Id,
                ("seen", !row.Seen, row.Seen)));
        }

        await db.SaveChangesAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        foreach (var ticketId in tickets)
        {
            summaries.Refresh(ticketId);
        }
    }
}
