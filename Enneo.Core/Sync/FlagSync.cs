using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>What a server shows of a copy; null where it did not say.</summary>
internal readonly record struct CopyFlags(bool? Seen, bool? Flagged);

/// <summary>Takes over what other clients did to <c>\Seen</c> and <c>\Flagged</c>, and, where the server tells, what they expunged.</summary>
public sealed class FlagSync(WriterLane lane, Ledger ledger, TimeProvider clock)
{
    /// <summary>Where the server does not count changes, this many of the newest messages are looked at in each run.</summary>
    private const int WithoutCondstore = 5000;

    /// <returns>The change up to which flags are now known (RFC 7162); 0 where the server does not count.</returns>
    internal async Task<ulong> RunAsync(MailFolder folder, ImapFolder remote, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var known = folder.HighestModSeq;
        if (!remote.Supports(FolderFeature.ModSequences))
        {
            await ApplyAsync(folder, await FetchNewestAsync(remote, cancellationToken), cancellationToken);
            return 0;
        }

        if (known == 0)
        {
            return remote.HighestModSeq; // a first sync has just read every flag
        }

        var (changed, vanished) = await FetchChangesAsync(folder, remote, cancellationToken);
        await ApplyAsync(folder, changed, cancellationToken);
        vanishings.Add(folder, await ledger.OnServerAmongAsync(folder, vanished, cancellationToken));
        return changed.Select(summary => summary.ModSeq ?? 0).Append(known).Append(remote.HighestModSeq).Max();
    }

    private static async Task<IList<IMessageSummary>> FetchNewestAsync(ImapFolder remote, CancellationToken cancellationToken) => remote.Count == 0 ? []
        : await remote.FetchAsync(
            Math.Max(0, remote.Count - WithoutCondstore), -1, new FetchRequest(MessageSummaryItems.UniqueId | MessageSummaryItems.Flags), cancellationToken);

    /// <summary>In one command, whatever the size of the folder: flags that changed and, with QRESYNC, UIDs that have gone.</summary>
    private static async Task<(IList<IMessageSummary> Changed, List<(uint First, uint Last)> Vanished)> FetchChangesAsync(
        MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        List<(uint First, uint Last)> vanished = [];
        void OnVanished(object? sender, MessagesVanishedEventArgs args) => vanished.AddRange(RangesOf(args.UniqueIds));
        var last = Math.Max(folder.HighestUid, (remote.UidNext?.Id ?? 1) - 1);
        if (last == 0)
        {
            return ([], vanished);
        }

        remote.MessagesVanished += OnVanished;
        try
        {
            FetchRequest request = new(MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.ModSeq) { ChangedSince = folder.HighestModSeq };
            return (await remote.FetchAsync(new UniqueIdRange(UniqueId.MinValue, new UniqueId(last)), request, cancellationToken), vanished);
        }
        finally
        {
            remote.MessagesVanished -= OnVanished;
        }
    }

    private static List<(uint First, uint Last)> RangesOf(IEnumerable<UniqueId> uids)
    {
        List<(uint First, uint Last)> ranges = [];
        foreach (var uid in uids)
        {
            if (ranges is [.., var (first, last)] && uid.Id == last + 1)
            {
                ranges[^1] = (first, uid.Id);
            }
            else
            {
                ranges.Add((uid.Id, uid.Id));
            }
        }

        return ranges;
    }

    private async Task ApplyAsync(MailFolder folder, IList<IMessageSummary> summaries, CancellationToken cancellationToken)
    {
        var flagsByUid = summaries
            .Where(summary => summary.UniqueId.IsValid && summary.Flags is not null)
            .GroupBy(summary => summary.UniqueId.Id)
            .ToDictionary(group => group.Key, group => FlagsOf(group.Last().Flags!.Value));
        await ApplyAsync(folder, flagsByUid, cancellationToken);
    }

    internal static CopyFlags FlagsOf(MessageFlags flags) => new(flags.HasFlag(MessageFlags.Seen), flags.HasFlag(MessageFlags.Flagged));

    /// <summary>Of copies that the ledger has; others are passed over.</summary>
    internal async Task ApplyAsync(MailFolder folder, IReadOnlyDictionary<uint, CopyFlags> flagsByUid, CancellationToken cancellationToken)
    {
        foreach (var chunk in flagsByUid.Chunk(500))
        {
            await lane.RunAsync((db, token) => ApplyAsync(db, folder, chunk.ToDictionary(), token), cancellationToken);
        }
    }

    private async Task ApplyAsync(EnneoDbContext db, MailFolder folder, Dictionary<uint, CopyFlags> flagsByUid, CancellationToken cancellationToken)
    {
        var rows = await db.Ledger
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && flagsByUid.Keys.Contains(e.Uid))
            .ToListAsync(cancellationToken);
        HashSet<long> tickets = [];
        foreach (var row in rows)
        {
            var (seen, flagged) = (flagsByUid[row.Uid].Seen ?? row.Seen, flagsByUid[row.Uid].Flagged ?? row.Flagged);
            var (seenChanged, flaggedChanged) = (row.Seen != seen, row.Flagged != flagged);
            (row.Seen, row.Flagged) = (seen, flagged);
            if (row.MessageId is { } messageId && (seenChanged || flaggedChanged))
            {
                var message = await db.Messages.SingleAsync(m => m.Id == messageId, cancellationToken);
                if (seenChanged && message.IsSeen != seen && !await IsOnItsWayAsync(db, message, ServerChangeKind.Seen, cancellationToken))
                {
                    message.IsSeen = seen;
                    Announce(db, message, ActivityKind.MessageSeenChanged, "seen", seen);
                    tickets.Add(message.TicketId);
                }

                if (flaggedChanged && message.IsFlagged != flagged && !await IsOnItsWayAsync(db, message, ServerChangeKind.Flagged, cancellationToken))
                {
                    message.IsFlagged = flagged;
                    Announce(db, message, ActivityKind.MessageFlaggedChanged, "flagged", flagged);
                    tickets.Add(message.TicketId);
                }
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        foreach (var ticketId in tickets)
        {
            summaries.Refresh(ticketId);
        }
    }

    /// <summary>What was changed here and is still on its way up is newer than what the server says.</summary>
    private static Task<bool> IsOnItsWayAsync(EnneoDbContext db, Message message, ServerChangeKind kind, CancellationToken cancellationToken) =>
        db.ServerChanges.AnyAsync(c => c.MessageId == message.Id && c.Kind == kind, cancellationToken);

    private void Announce(EnneoDbContext db, Message message, ActivityKind kind, string field, bool value) => db.Activity.Add(ActivityEntry.Of(
        kind, Actor.MailServer, SyncOrigin.Name, clock, message.MailboxId, message.TicketId, message.Id, (field, !value, value)));
}
