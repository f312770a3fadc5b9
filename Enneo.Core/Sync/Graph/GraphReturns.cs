using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync.Graph;

/// <summary>
/// What was erased, or gone before it was fetched, is never asked for under its number again. A message keeps its id,
/// and so its number, should it come back: then it gets a new one, as a server of IMAP would give it.
/// </summary>
public sealed class GraphReturns(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    private const int Batch = 500;

    /// <returns>Those that are to be numbered; what Graph lists although it was just erased is not among them.</returns>
    internal async Task<IReadOnlyList<GraphItem>> RunAsync(MailFolder folder, GraphMailbox remote, IReadOnlyList<GraphItem> items, CancellationToken cancellationToken)
    {
        var hidden = await HiddenAsync(folder, [.. items.Where(item => !item.IsRemoved).Select(item => item.Id)], cancellationToken);
        if (hidden.Count == 0)
        {
            return items;
        }

        HashSet<string> absent = [];
        foreach (var (id, _) in hidden.Where(pair => pair.Value is LedgerOutcome.Erased))
        {
            if (!await IsThereAsync(remote, id, cancellationToken))
            {
                absent.Add(id);
            }
        }

        var returned = hidden.Keys.Except(absent).ToList();
        foreach (var chunk in returned.Chunk(Batch))
        {
            await lane.RunAsync(
                (db, token) => db.GraphNumbers.Where(n => n.FolderId == folder.Id && chunk.Contains(n.GraphId)).ExecuteDeleteAsync(token), cancellationToken);
        }

        return [.. items.Where(item => !absent.Contains(item.Id))];
    }

    /// <summary>One that Graph does not show holds up no other.</summary>
    private static async Task<bool> IsThereAsync(GraphMailbox remote, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await remote.FindAsync(id, cancellationToken) is not null;
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused or ConnectionProblem.ServerUnavailable)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, LedgerOutcome>> HiddenAsync(MailFolder folder, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, LedgerOutcome> hidden = new(StringComparer.Ordinal);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        foreach (var chunk in ids.Chunk(Batch))
        {
            var found = from number in db.GraphNumbers
                        join entry in db.Ledger on new { number.FolderId, folder.UidValidity, number.Uid } equals new { entry.FolderId, entry.UidValidity, entry.Uid }
                        where number.FolderId == folder.Id && chunk.Contains(number.GraphId) && !entry.OnServer && entry.MessageId == null
                            && (entry.Outcome == LedgerOutcome.GoneBeforeFetch || entry.Outcome == LedgerOutcome.Erased)
                        select new { number.GraphId, entry.Outcome };
            foreach (var row in await found.ToListAsync(cancellationToken))
            {
                hidden[row.GraphId] = row.Outcome;
            }
        }

        return hidden;
    }
}
