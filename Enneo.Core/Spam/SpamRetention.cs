using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Moves spam to the trash once it is older than an admin wants to keep it, and erases it there after another while; at
/// first neither is done. It goes as if a person had put it there and emptied the trash, on the mail server too. What
/// somebody moved or judged meanwhile stays, and so does all of a mailbox in shadow mode: others still work on it there.
/// </summary>
public sealed class SpamRetention(WriterLane lane, MessageFiling filing, TimeProvider clock) : IRegularWork
{
    /// <summary>How long it can be brought back from the trash.</summary>
    public static readonly TimeSpan InTrash = TimeSpan.FromDays(30);

    private const string Origin = "spam";

    /// <summary>As many at a time, so that nobody waits for it.</summary>
    private const int Batch = 25;

    private static readonly SpamStatus?[] s_spam = [SpamStatus.AutoSpam, SpamStatus.AutoProgrammatic, SpamStatus.ManualSpam];

    /// <returns>How many conversations went to the trash.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (gone, last) = (0, 0L);
        while (await lane.RunBulkAsync((db, token) => MoveSomeAsync(db, last, token), cancellationToken) is { Count: > 0 } moved)
        {
            gone += moved.Count;
            last = moved[^1];
        }

        await EraseAsync(cancellationToken);
        return gone;
    }

    Task IRegularWork.RunAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    /// <returns>Spam without new mail since then, that was nothing else since then either: however old a mail is, who marks it has the whole time to think better of it.</returns>
    internal static IQueryable<Ticket> Old(EnneoDbContext db, DateTimeOffset until, TicketPlace place = TicketPlace.Junk) =>
        db.Tickets.Where(t => t.Place == place && t.LastMessageAt < until && s_spam.Contains(t.SpamStatus)
            && !db.Activity.Any(e => e.TicketId == t.Id && (e.Kind == ActivityKind.TicketSpamChanged || e.Kind == ActivityKind.TicketCreated) && e.At >= until));

    /// <returns>Those whose server has a folder for what is thrown away.</returns>
    internal static IQueryable<Mailbox> WithTrash(EnneoDbContext db) => db.Mailboxes.Where(b => b.Method != MailboxMethod.Api
        && db.Folders.Any(f => f.MailboxId == b.Id && f.Role == FolderRole.Trash && f.IsListed && f.IsSelectable));

    private async Task EraseAsync(CancellationToken cancellationToken)
    {
        while (await lane.RunBulkAsync(EraseSomeAsync, cancellationToken) > 0)
        {
            // Step by step, so that others come in between.
        }
    }

    /// <returns>Those that were looked at, ascending.</returns>
    private async Task<IReadOnlyList<long>> MoveSomeAsync(EnneoDbContext db, long after, CancellationToken cancellationToken)
    {
        if (await SpamSettings.ReadAsync(db, cancellationToken) is not { KeptDays: { } days })
        {
            return [];
        }

        var until = clock.GetUtcNow() - TimeSpan.FromDays(days);
        var tickets = await Old(db, until)
            .Where(t => t.Id > after && WithTrash(db).Any(b => b.Id == t.MailboxId && !b.IsShadow))
            .Where(t => !db.Activity.Any(e => e.TicketId == t.Id && e.Kind == ActivityKind.MessageMoved && e.ActorKind == ActorKind.System && e.Origin == Origin)) // or somebody has brought it back
            .OrderBy(t => t.Id)
            .Select(t => t.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        var received = await db.Messages
            .Where(m => tickets.Contains(m.TicketId) && m.Direction == MessageDirection.In)
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        await filing.MoveAsync(db, received, FolderRole.Trash, Actor.System, Origin, cancellationToken);
        return tickets;
    }

    /// <returns>How many messages go; the server erases them next.</returns>
    private async Task<int> EraseSomeAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        if (await SpamSettings.ReadAsync(db, cancellationToken) is not { KeptDays: { } days })
        {
            return 0;
        }

        var until = clock.GetUtcNow() - InTrash;
        var spam = db.Tickets.Where(t => t.Place == TicketPlace.Trash && s_spam.Contains(t.SpamStatus));
        var moves = db.Activity.Where(e => e.Kind == ActivityKind.MessageMoved);
        var due = await TrashErasing.Erasable(db)
            .Where(m => spam.Any(t => t.Id == m.TicketId) && db.Mailboxes.Any(b => b.Id == m.MailboxId && !b.IsShadow))
            .Where(m => moves.Any(e => e.TicketId == m.TicketId && e.MessageId == m.Id && e.ActorKind == ActorKind.System && e.Origin == Origin && e.At < until
                && !moves.Any(later => later.TicketId == m.TicketId && later.MessageId == m.Id && later.Sequence > e.Sequence)))
            .OrderBy(m => m.Id)
            .Select(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        if (due.Count > 0)
        {
            var erased = await filing.EraseAsync(db, due, Actor.System, Origin, cancellationToken);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.SpamErased, Actor.System, Origin, clock, changes: [("messages", null, erased.Count), ("days", null, days)]));
            await db.SaveChangesAsync(cancellationToken);
        }

        return due.Count;
    }
}
