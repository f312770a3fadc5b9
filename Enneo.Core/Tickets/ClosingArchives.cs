using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Enneo.Core.Tickets;

/// <summary>
/// In mailboxes that want it so, closing a ticket moves what it received from the INBOX to the archive, and opening it
/// again moves that back. It follows the activity log, whichever page or program closed the ticket.
/// </summary>
public sealed class ClosingArchives(IDbContextFactory<EnneoDbContext> dbFactory, MessageFiling filing, SteadyWork steady, LiveFeed feed) : BackgroundService
{
    /// <summary>The origin of its moves, by which they are known again.</summary>
    private const string Origin = "closing";

    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry is { Kind: ActivityKind.TicketStatusChanged, TicketId: not null, ActorKind: not ActorKind.MailServer });
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var entry in _queue.ReadAllAsync(stoppingToken))
        {
            await steady.RunAsync(token => FollowAsync(entry.TicketId!.Value, token), stoppingToken);
        }
    }

    private async Task FollowAsync(long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var ticket = await db.Tickets.AsNoTracking().SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken);
        if (ticket is null || !await db.Mailboxes.AnyAsync(m => m.Id == ticket.MailboxId && m.ClosingArchives, cancellationToken))
        {
            return;
        }

        if (ticket.Status is TicketStatus.Closed)
        {
            await filing.MoveAsync(await LyingInAsync(db, ticketId, FolderRole.Inbox, cancellationToken), FolderRole.Archive, Actor.System, Origin, cancellationToken);
        }
        else
        {
            var archived = await LyingInAsync(db, ticketId, FolderRole.Archive, cancellationToken);
            var ours = await db.Activity
                .Where(e => e.TicketId == ticketId && e.Kind == ActivityKind.MessageMoved && e.MessageId != null)
                .GroupBy(e => e.MessageId!.Value)
                .Select(g => new { g.Key, g.OrderByDescending(e => e.Sequence).First().Origin })
                .ToListAsync(cancellationToken);
            await filing.MoveAsync(
                [.. ours.Where(last => last.Origin == Origin).Select(last => last.Key).Intersect(archived)], FolderRole.Inbox, Actor.System, Origin, cancellationToken);
        }
    }

    private static Task<List<long>> LyingInAsync(EnneoDbContext db, long ticketId, FolderRole role, CancellationToken cancellationToken) => (
        from message in db.Messages
        join place in db.MessageFolders on message.Id equals place.MessageId
        join folder in db.Folders on place.FolderId equals folder.Id
        where message.TicketId == ticketId && folder.Role == role
        select message.Id).Distinct().ToListAsync(cancellationToken);
}
