using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Enneo.Core.Activity;

/// <summary>
/// Writes what a work of the writer lane adds to the log by a statement that stays prepared: hardly a change is without its
/// lines there, and a change tracker costs several times what SQLite does. They are not tracked any more then, and their
/// <see cref="ActivityEntry.Sequence"/> is known to the database alone.
/// </summary>
internal sealed class ActivityWriting : SaveChangesInterceptor
{
    private const string Insert = """
        INSERT INTO activity (At, Kind, ActorKind, ActorUserId, ApiKeyId, Origin, Address, IsAudited, MailboxId, TicketId, MessageId, Changes)
        VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11)
        """;

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Write((EnneoDbContext)eventData.Context!);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Write((EnneoDbContext)eventData.Context!);
        return ValueTask.FromResult(result);
    }

    /// <summary>In the order in which they were added, which is that of the temporary keys: the change tracker lists them in another once some have left it.</summary>
    private static void Write(EnneoDbContext db)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false; // the save looks for changes itself
        var added = db.ChangeTracker.Entries<ActivityEntry>().Where(entry => entry.State is EntityState.Added)
            .OrderBy(entry => entry.Property(e => e.Sequence).CurrentValue).ToList();
        db.ChangeTracker.AutoDetectChangesEnabled = true;
        if (added.Count == 0)
        {
            return;
        }

        using SqlStatement insert = new(db, Insert);
        foreach (var entry in added)
        {
            var e = entry.Entity;
            insert.Execute(e.At, e.Kind, e.ActorKind, e.ActorUserId, e.ApiKeyId, e.Origin, e.Address, e.IsAudited, e.MailboxId, e.TicketId, e.MessageId, e.Changes);
            entry.State = EntityState.Detached;
        }
    }
}
