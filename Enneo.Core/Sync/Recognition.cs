using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>A message that a server lists under a number which the ledger does not have.</summary>
/// <param name="InternetMessageId">Without brackets.</param>
internal sealed record ListedMail(uint Uid, string InternetMessageId, DateTimeOffset ReceivedAt);

/// <summary>
/// Knows mail again that is here already, so that it is neither fetched once more nor doubled: what moved, by its immutable id at
/// Graph; and by Message-ID and time of receipt what was read by the other road so far, which may write the same mail in other bytes.
/// </summary>
public sealed class Recognition(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessagePlaces places, TimeProvider clock)
{
    private const int Batch = 500;

    /// <summary>One road tells whole seconds.</summary>
    internal static readonly TimeSpan SameTime = TimeSpan.FromSeconds(2);

    /// <summary>Whether the mailbox was ever read by Graph.</summary>
    internal async Task<bool> KnowsGraphAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.GraphFolders.AnyAsync(g => db.Folders.Any(f => f.Id == g.FolderId && f.MailboxId == mailboxId), cancellationToken);
    }

    /// <param name="listed">Each number once.</param>
    /// <returns>The numbers of those that are here already, and lie in the folder from now on.</returns>
    internal async Task<IReadOnlyCollection<uint>> ByMessageIdAsync(MailFolder folder, IReadOnlyCollection<ListedMail> listed, CancellationToken cancellationToken)
    {
        HashSet<uint> known = [];
        var single = listed.Where(mail => mail.InternetMessageId.Length > 0).GroupBy(mail => mail.InternetMessageId).SelectMany(Apart);
        foreach (var chunk in folder.Role is FolderRole.Drafts ? [] : single.Chunk(Batch))
        {
            var found = await FindAsync(folder, [.. chunk.Select(mail => mail.InternetMessageId)], cancellationToken);
            known.UnionWith(await AdoptAsync(
                folder, chunk.Select(mail => (mail.Uid, Entry: Pick(folder, mail, [.. found[mail.InternetMessageId]]))).Where(pair => pair.Entry is not null).ToDictionary(pair => pair.Uid, pair => pair.Entry!), cancellationToken));
        }

        return known;
    }

    /// <param name="ids">By number.</param>
    /// <inheritdoc cref="ByMessageIdAsync" path="/returns"/>
    internal async Task<IReadOnlyCollection<uint>> ByGraphIdAsync(MailFolder folder, IReadOnlyDictionary<uint, string> ids, CancellationToken cancellationToken)
    {
        HashSet<uint> known = [];
        foreach (var chunk in folder.Role is FolderRole.Drafts ? [] : ids.Chunk(Batch))
        {
            var found = await FindMovedAsync(folder, [.. chunk.Select(pair => pair.Value)], cancellationToken);
            known.UnionWith(await AdoptAsync(
                folder, chunk.Where(pair => found.ContainsKey(pair.Value)).ToDictionary(pair => pair.Key, pair => found[pair.Value]), cancellationToken));
        }

        return known;
    }

    /// <summary>Of several with one Message-ID, those that no other came together with: the time tells them apart.</summary>
    private static IEnumerable<ListedMail> Apart(IEnumerable<ListedMail> same)
    {
        var byTime = same.OrderBy(mail => mail.ReceivedAt).ToList();
        bool AreClose(int earlier, int later) => earlier >= 0 && later < byTime.Count && byTime[later].ReceivedAt - byTime[earlier].ReceivedAt <= 2 * SameTime;
        return byTime.Where((_, i) => !AreClose(i - 1, i) && !AreClose(i, i + 1));
    }

    /// <summary>In the same folder, or moved meanwhile. What somebody sent to themselves lies twice, as two mails.</summary>
    private static LedgerEntry? Pick(MailFolder folder, ListedMail mail, IReadOnlyList<(LedgerEntry Entry, FolderRole Role)> candidates)
    {
        var same = candidates.Where(known => (known.Entry.ReceivedAt - mail.ReceivedAt).Duration() <= SameTime).ToList();
        return OnlyOne(same.Where(known => known.Entry.FolderId == folder.Id))
            ?? (folder.Role is FolderRole.Sent ? null : OnlyOne(same.Where(known => known.Role is not (FolderRole.Sent or FolderRole.Drafts))));
    }

    /// <returns>Null when there is none, or several messages come into question.</returns>
    private static LedgerEntry? OnlyOne(IEnumerable<(LedgerEntry Entry, FolderRole Role)> candidates) =>
        candidates.GroupBy(known => known.Entry.MessageId).ToList() is [var single] ? single.MaxBy(known => known.Entry.Id).Entry : null;

    private async Task<ILookup<string, (LedgerEntry Entry, FolderRole Role)>> FindAsync(MailFolder folder, string[] ids, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var found = await (
            from message in db.Messages
            join entry in db.Ledger on message.Id equals entry.MessageId
            join known in db.Folders on entry.FolderId equals known.Id
            where message.MailboxId == folder.MailboxId && ids.Contains(message.InternetMessageId)
            select new { message.InternetMessageId, Entry = entry, known.Role }).AsNoTracking().ToListAsync(cancellationToken);
        return found.ToLookup(row => row.InternetMessageId, row => (row.Entry, row.Role));
    }

    private async Task<Dictionary<string, LedgerEntry>> FindMovedAsync(MailFolder folder, string[] ids, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var found = await (
            from number in db.GraphNumbers
            join known in db.Folders on number.FolderId equals known.Id
            join graph in db.GraphFolders on number.FolderId equals graph.FolderId
            join entry in db.Ledger on new { number.FolderId, graph.UidValidity, number.Uid } equals new { entry.FolderId, entry.UidValidity, entry.Uid }
            where known.MailboxId == folder.MailboxId && known.Id != folder.Id && known.Role != FolderRole.Drafts
                && number.ChangeKey == null && ids.Contains(number.GraphId) && entry.MessageId != null
            select new { number.GraphId, Entry = entry }).AsNoTracking().ToListAsync(cancellationToken);
        return found.GroupBy(row => row.GraphId).ToDictionary(group => group.Key, group => group.MaxBy(row => row.Entry.Id)!.Entry);
    }

    /// <summary>Writes them down as what a server lists again; flags are compared by whoever looks into the folder.</summary>
    private async Task<IReadOnlyCollection<uint>> AdoptAsync(MailFolder folder, Dictionary<uint, LedgerEntry> known, CancellationToken cancellationToken)
    {
        if (known.Count == 0)
        {
            return [];
        }

        await lane.RunAsync(
            async (db, token) =>
            {
                db.Ledger.AddRange(known.Select(pair => new LedgerEntry
                {
                    FolderId = folder.Id,
                    UidValidity = folder.UidValidity,
                    Uid = pair.Key,
                    Outcome = LedgerOutcome.Duplicate,
                    OnServer = false,
                    SourceId = pair.Value.SourceId,
                    ReceivedAt = pair.Value.ReceivedAt,
                    Seen = pair.Value.Seen,
                    Flagged = pair.Value.Flagged,
                    IsHistory = pair.Value.IsHistory,
                    StoredAt = clock.GetUtcNow(),
                    MessageId = pair.Value.MessageId,
                }));
                await db.SaveChangesAsync(token);
            },
            cancellationToken);
        await places.ReturnAsync(folder, known.Keys, cancellationToken);
        return known.Keys;
    }
}
