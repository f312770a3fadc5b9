using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>What is to be erased: what lies in the trash of these tickets, of a list of trash, or of a trash folder.</summary>
public sealed record ErasingScope
{
    private ErasingScope()
    {
    }

    internal IReadOnlyCollection<long>? TicketIds { get; private init; }

    internal long? MailboxId { get; private init; }

    internal long? FolderId { get; private init; }

    public static ErasingScope Of(IReadOnlyCollection<long> ticketIds) => new() { TicketIds = ticketIds };

    /// <returns>Null for a list that is no trash.</returns>
    public static ErasingScope? Of(TicketFilter filter, FolderRole role) => filter.View switch
    {
        TicketView.Trash => new() { MailboxId = filter.MailboxId },
        TicketView.Folder when role is FolderRole.Trash => new() { FolderId = filter.FolderId },
        _ => null,
    };
}

/// <summary>Erases for good what lies in the trash: on the server first, then here.</summary>
public sealed class TrashErasing(IDbContextFactory<EnneoDbContext> dbFactory, MessageFiling filing)
{
    private const int Batch = 500;

    /// <returns>How many messages would go.</returns>
    public async Task<int> CountAsync(ErasingScope scope, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        return await reach.Of(Within(db, scope)).CountAsync(cancellationToken);
    }

    /// <returns>How many messages go.</returns>
    public async Task<int> RunAsync(ErasingScope scope, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<long> ids;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            var reach = await Reaches.OfAsync(db, actor, cancellationToken);
            ids = await reach.Of(Within(db, scope)).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(cancellationToken);
        }

        var erased = 0;
        foreach (var chunk in ids.Chunk(Batch))
        {
            erased += (await filing.EraseAsync(chunk, actor, origin, cancellationToken)).Count;
        }

        return erased;
    }

    /// <summary>Where there is no mail server, only mail of a file can go; what is being erased is no more to be.</summary>
    internal static IQueryable<Message> Erasable(EnneoDbContext db) => MessageFiling.Erasable(db)
        .Where(m => db.Mailboxes.Any(b => b.Id == m.MailboxId && b.Method != MailboxMethod.Api) || ChangesForServer.FromFiles(db).Any(own => own.Id == m.Id))
        .Where(m => !db.ServerChanges.Any(c => c.MessageId == m.Id && c.Kind == ServerChangeKind.Erase));

    private static IQueryable<Message> Within(EnneoDbContext db, ErasingScope scope)
    {
        var erasable = Erasable(db);
        return scope switch
        {
            { TicketIds: { } ticketIds } => erasable.Where(m => ticketIds.Contains(m.TicketId)),
            { FolderId: { } folderId } => erasable.Where(m => db.MessageFolders.Any(p => p.MessageId == m.Id && p.FolderId == folderId)),
            _ => erasable.Where(m => (scope.MailboxId == null || m.MailboxId == scope.MailboxId)
                && db.Tickets.Any(t => t.Id == m.TicketId && t.Place == TicketPlace.Trash)),
        };
    }
}
