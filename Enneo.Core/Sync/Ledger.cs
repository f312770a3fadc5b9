using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>
/// Writes down what a server announced. Bytes first, on disk; then row and cursor in one commit:
/// a crash between the two only leaves bytes that no row names.
/// </summary>
public sealed class Ledger(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, TimeProvider clock)
{
    /// <summary>Stores a batch; the mails that carry bytes then await intake.</summary>
    /// <param name="connectedAt">Mail received before this is history. A draft is no news either.</param>
    internal async Task<IReadOnlyList<StoredMail>> StoreAsync(
        MailFolder folder, DateTimeOffset connectedAt, IReadOnlyList<FetchedMail> mails, CancellationToken cancellationToken)
    {
        var withBytes = mails.Where(mail => mail.Raw is not null).ToList();
        var sources = await store.AppendAsync([.. withBytes.Select(mail => mail.Raw!)], cancellationToken);
        withBytes.ForEach(mail => mail.Raw!.Dispose());
        var sourceOf = withBytes.Zip(sources).ToDictionary(pair => pair.First.Uid, pair => pair.Second);
        var now = clock.GetUtcNow();

        Task<List<StoredMail>> Write(EnneoDbContext db, CancellationToken _)
        {
            using LedgerRows rows = new(db);
            using SqlStatement moveCursor = new(db, "UPDATE folders SET HighestUid = max(HighestUid, @1) WHERE Id = @0");
            List<StoredMail> stored = new(sources.Count);
            foreach (var mail in mails)
            {
                if (mail.IsAgain)
                {
                    rows.Forget(folder.Id, folder.UidValidity, mail.Uid);
                }

                var source = sourceOf.TryGetValue(mail.Uid, out var bytes) ? rows.Add(bytes) : null;
                LedgerEntry entry = new()
                {
                    FolderId = folder.Id,
                    UidValidity = folder.UidValidity,
                    Uid = mail.Uid,
                    Outcome = mail.Outcome,
                    OnServer = mail.Outcome != LedgerOutcome.GoneBeforeFetch,
                    SourceId = source?.Id,
                    ReceivedAt = mail.ReceivedAt,
                    Seen = mail.Seen,
                    Flagged = mail.Flagged,
                    IsHistory = mail.ReceivedAt < connectedAt || folder.Role is FolderRole.Drafts,
                    StoredAt = now,
                    AwaitsIntake = source is not null,
                    Failure = mail.Failure,
                };
                var id = rows.Add(entry);
                if (source is not null)
                {
                    stored.Add(new(id, source, InMemory(mail.Raw!), mail.ReceivedAt, mail.Seen, mail.Flagged, folder.Id, folder.Role, entry.IsHistory));
                }
            }

            moveCursor.Execute(folder.Id, mails.Max(mail => mail.Uid));
            return Task.FromResult(stored);
        }

        // Somebody waits for news; nobody for history.
        return mails.Any(mail => mail.ReceivedAt >= connectedAt)
            ? await lane.RunAsync(Write, cancellationToken)
            : await lane.RunBulkAsync(Write, cancellationToken);
    }

    private static MailBytes? InMemory(MailBytes raw) => raw.IsInMemory ? raw : null;

    /// <summary>Everything the ledger knows of a folder under its present UIDVALIDITY: UID → believed to be on the server.</summary>
    public async Task<IReadOnlyDictionary<uint, bool>> UidsAsync(MailFolder folder, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Ledger
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity)
            .ToDictionaryAsync(e => e.Uid, e => e.OnServer, cancellationToken);
    }

    /// <summary>The same, of these alone.</summary>
    internal async Task<IReadOnlyDictionary<uint, bool>> UidsAmongAsync(MailFolder folder, IEnumerable<uint> among, CancellationToken cancellationToken)
    {
        Dictionary<uint, bool> known = [];
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        foreach (var chunk in among.Chunk(500))
        {
            var rows = db.Ledger.Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && chunk.Contains(e.Uid)).Select(e => new { e.Uid, e.OnServer });
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                known[row.Uid] = row.OnServer;
            }
        }

        return known;
    }

    public async Task<int> CountOnServerAsync(MailFolder folder, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Ledger.CountAsync(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.OnServer, cancellationToken);
    }

    /// <returns>Those UIDs that are believed to be on the server.</returns>
    /// <param name="ranges">First and last UID of each: a server may name long ones of which nothing was ever here.</param>
    internal async Task<IReadOnlyCollection<uint>> OnServerAmongAsync(MailFolder folder, IReadOnlyList<(uint First, uint Last)> ranges, CancellationToken cancellationToken)
    {
        if (ranges.Count == 0)
        {
            return [];
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        HashSet<uint> found = [];
        foreach (var (first, last) in ranges)
        {
            found.UnionWith(await db.Ledger
                .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.OnServer && e.Uid >= first && e.Uid <= last)
                .Select(e => e.Uid)
                .ToListAsync(cancellationToken));
        }

        return found;
    }

    /// <summary>What the ledger has above a UID.</summary>
    public async Task<IReadOnlyList<uint>> UidsAboveAsync(MailFolder folder, uint uid, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Ledger
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.Uid > uid)
            .Select(e => e.Uid)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Forgets what was left out and is wanted now, so that the next look finds it missing.</summary>
    /// <param name="since">Mail older than this is left out from now on; null for none.</param>
    public Task AskAgainAsync(MailFolder folder, DateTimeOffset? since, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var wanted = since ?? DateTimeOffset.MinValue;
            var forgotten = await db.Ledger
                .Where(e => e.FolderId == folder.Id && e.Outcome == LedgerOutcome.Filtered && e.ReceivedAt >= wanted)
                .ExecuteDeleteAsync(token);
            await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.LeftOutBefore, since)
                    .SetProperty(f => f.HistoryComplete, f => f.HistoryComplete && forgotten == 0),
                token);
        },
        cancellationToken);

    /// <summary>What was numbered otherwise lies nowhere: as far as the folder was read, it is met again.</summary>
    internal Task LeaveOtherNumbersAsync(MailFolder folder, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Ledger.Where(e => e.FolderId == folder.Id && e.UidValidity != folder.UidValidity && e.OnServer)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.OnServer, false), token),
        cancellationToken);

    /// <summary>Takes over another numbering of a folder that is not looked into: what it holds stays as it is.</summary>
    internal Task AdoptAsync(MailFolder folder, uint uidValidity, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
            set => set.SetProperty(f => f.UidValidity, uidValidity).SetProperty(f => f.HighestUid, 0u).SetProperty(f => f.HighestModSeq, 0ul).SetProperty(f => f.HistoryComplete, false), token),
        cancellationToken);

    /// <summary>Forgets a folder's numbering: every UID is void (RFC 3501, section 2.3.1.1). Its mails are recognised again by their bytes.</summary>
    public Task StartOverAsync(MailFolder folder, uint uidValidity, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await db.Ledger.Where(e => e.FolderId == folder.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.OnServer, false), token);
            await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.UidValidity, uidValidity)
                    .SetProperty(f => f.HighestUid, 0u)
                    .SetProperty(f => f.HighestModSeq, 0ul)
                    .SetProperty(f => f.HistoryComplete, false),
                token);
        },
        cancellationToken);
}
