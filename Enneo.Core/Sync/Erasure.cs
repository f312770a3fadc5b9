using Enneo.Core.Data;
using Enneo.Core.Search;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Takes a message out of everything: ledger, search, ticket and, where nothing else shows them, its bytes. Within a transaction of the writer lane.</summary>
internal static class Erasure
{
    /// <returns>Null if there is no such message.</returns>
    public static async Task<RemovedMessage?> RunAsync(EnneoDbContext db, TicketRemoval removal, long messageId, CancellationToken cancellationToken)
    {
        var sources = await db.Ledger.Where(e => e.MessageId == messageId).Select(e => e.SourceId)
            .Union(db.Messages.Where(m => m.Id == messageId).Select(m => m.SourceId)).ToListAsync(cancellationToken);
        await db.Ledger.Where(e => e.MessageId == messageId).ExecuteUpdateAsync(
            set => set.SetProperty(e => e.Outcome, LedgerOutcome.Erased).SetProperty(e => e.SourceId, (long?)null), cancellationToken);
        using (SearchWriter search = new(db))
        {
            search.Remove(messageId);
        }

        var removed = await removal.RemoveMessageAsync(db, messageId, cancellationToken);
        await db.Sources.Where(s => sources.Contains(s.Id) && !db.Ledger.Any(e => e.SourceId == s.Id) && !db.Messages.Any(m => m.SourceId == s.Id)).ExecuteDeleteAsync(cancellationToken);
        return removed;
    }
}
