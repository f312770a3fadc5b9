using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Enneo.Core.Sync;

/// <summary>Erases what was ordered to be erased and what no server ever had: mail that came from files. It follows the activity log.</summary>
public sealed class ErasingHere(WriterLane lane, TicketRemoval removal, SteadyWork steady, LiveFeed feed, TimeProvider clock) : BackgroundService
{
    private const int Batch = 100;

    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry.Kind is ActivityKind.MessageErased);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    /// <returns>How many messages went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var erased = 0;
        for (int round; (round = await lane.RunBulkAsync(EraseSomeAsync, cancellationToken)) > 0;)
        {
            erased += round;
        }

        return erased;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await steady.RunAsync(RunAsync, stoppingToken); // what was left when the program ended
        await foreach (var _ in _queue.ReadAllAsync(stoppingToken))
        {
            await steady.RunAsync(RunAsync, stoppingToken);
        }
    }

    private async Task<int> EraseSomeAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var ordered = await ChangesForServer.FromFiles(db)
            .Where(m => db.ServerChanges.Any(c => c.MessageId == m.Id && c.Kind == ServerChangeKind.Erase))
            .OrderBy(m => m.Id)
            .Take(Batch)
            .Select(m => new { m.Id, m.SourceId })
            .ToListAsync(cancellationToken);
        using SearchWriter search = new(db);
        foreach (var message in ordered)
        {
            search.Remove(message.Id);
            if (await removal.RemoveMessageAsync(db, message.Id, cancellationToken) is { } removed) // its order goes with it
            {
                db.Activity.Add(removed.Entry(Actor.System, SyncOrigin.Name, clock));
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        var sources = ordered.ConvertAll(message => message.SourceId);
        await db.Sources
            .Where(s => sources.Contains(s.Id) && !db.Ledger.Any(e => e.SourceId == s.Id) && !db.Messages.Any(m => m.SourceId == s.Id))
            .ExecuteDeleteAsync(cancellationToken);
        return ordered.Count;
    }
}
