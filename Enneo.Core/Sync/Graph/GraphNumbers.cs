using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync.Graph;

/// <summary>What Graph told of a folder, by our numbers.</summary>
/// <param name="Listed">What lies there.</param>
/// <param name="Left">What does not any more, as far as it ever had a number.</param>
internal sealed record NumberedItems(IReadOnlyDictionary<uint, GraphItem> Listed, IReadOnlyCollection<uint> Left);

/// <summary>Numbers messages of Graph: each new one in a folder gets a higher number than all before.</summary>
public sealed class GraphNumbers(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    private const int Batch = 500;

    private const string AddSql = "INSERT INTO graph_numbers (FolderId, Uid, GraphId, ChangeKey) VALUES (@0, @1, @2, @3)";
    private const string NextSql = "UPDATE graph_folders SET LastUid = LastUid + 1 WHERE FolderId = @0 RETURNING LastUid";

    /// <param name="items">Each once.</param>
    internal async Task<NumberedItems> NumberAsync(MailFolder folder, IReadOnlyList<GraphItem> items, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(folder.Id, [.. items.Select(item => item.Id)], cancellationToken);
        Dictionary<uint, GraphItem> listed = [];
        List<uint> left = [];
        List<GraphItem> added = [];
        foreach (var item in items)
        {
            if (!known.TryGetValue(item.Id, out var number))
            {
                added.AddRange(item.IsRemoved ? [] : [item]);
            }
            else if (item.IsRemoved)
            {
                left.Add(number.Uid);
            }
            else if (IsWrittenOn(number, item))
            {
                left.Add(number.Uid);
                added.Add(item);
            }
            else
            {
                listed[number.Uid] = item;
            }
        }

        foreach (var chunk in added.OrderBy(item => item.ReceivedAt).Chunk(Batch))
        {
            foreach (var (uid, item) in await AddAsync(folder.Id, chunk, cancellationToken))
            {
                listed[uid] = item;
            }
        }

        return new NumberedItems(listed, left);
    }

    /// <returns>By number; null where the folder is not known to Graph under this numbering.</returns>
    internal async Task<IReadOnlyDictionary<uint, string>?> IdsAsync(long folderId, uint uidValidity, IReadOnlyCollection<uint> uids, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.GraphFolders.AnyAsync(f => f.FolderId == folderId && f.UidValidity == uidValidity, cancellationToken)
            ? await db.GraphNumbers.Where(n => n.FolderId == folderId && uids.Contains(n.Uid)).ToDictionaryAsync(n => n.Uid, n => n.GraphId, cancellationToken)
            : null;
    }

    /// <returns>Those that have no number in the folder.</returns>
    internal async Task<IReadOnlySet<string>> UnknownAsync(long folderId, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(folderId, ids, cancellationToken);
        return ids.Where(id => !known.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
    }

    internal async Task<GraphFolder?> FolderAsync(long folderId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.GraphFolders.AsNoTracking().SingleOrDefaultAsync(f => f.FolderId == folderId, cancellationToken);
    }

    /// <summary>Once what was found is settled: until then the same is told again.</summary>
    internal Task KeepAsync(IReadOnlyCollection<GraphFolder> looked, CancellationToken cancellationToken) => looked.Count == 0 ? Task.CompletedTask : lane.RunAsync(
        async (db, token) =>
        {
            foreach (var now in looked)
            {
                await db.GraphFolders.Where(f => f.FolderId == now.FolderId && f.GraphId == now.GraphId).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(f => f.Link, now.Link)
                        .SetProperty(f => f.ListedAt, now.ListedAt)
                        .SetProperty(f => f.Total, now.Total)
                        .SetProperty(f => f.Unread, now.Unread),
                    token);
            }
        },
        cancellationToken);

    /// <summary>A draft keeps its id, whatever is written: it is another mail each time. What was a draft and is sent, too.</summary>
    private static bool IsWrittenOn(GraphNumber number, GraphItem item) => number.ChangeKey is not null && item.ChangeKey is not null && item.ChangeKey != number.ChangeKey;

    private async Task<Dictionary<string, GraphNumber>> KnownAsync(long folderId, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, GraphNumber> known = new(StringComparer.Ordinal);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        foreach (var chunk in ids.Chunk(Batch))
        {
            foreach (var number in await db.GraphNumbers.AsNoTracking().Where(n => n.FolderId == folderId && chunk.Contains(n.GraphId)).ToListAsync(cancellationToken))
            {
                known[number.GraphId] = number;
            }
        }

        return known;
    }

    private Task<List<(uint Uid, GraphItem Item)>> AddAsync(long folderId, GraphItem[] items, CancellationToken cancellationToken) => lane.RunAsync(
        (db, _) =>
        {
            using SqlStatement release = new(db, "DELETE FROM graph_numbers WHERE FolderId = @0 AND GraphId = @1");
            using SqlStatement next = new(db, NextSql);
            using SqlStatement add = new(db, AddSql);
            List<(uint, GraphItem)> added = [];
            foreach (var item in items)
            {
                release.Execute(folderId, item.Id);
                var uid = (uint)next.Scalar(folderId);
                add.Execute(folderId, uid, item.Id, item.IsDraft is true ? item.ChangeKey : null);
                added.Add((uid, item));
            }

            return Task.FromResult(added);
        },
        cancellationToken);
}
