using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>How the taking in of a list ended.</summary>
/// <param name="Count">Mails that are in it now; null where there is no such mailbox, or not for the actor.</param>
/// <param name="Errors">By field; empty when it was done.</param>
public sealed record ListingResult(int? Count, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static readonly ListingResult Missing = new(null, new Dictionary<string, string[]>());
}

/// <summary>Takes in what another helpdesk has of a mailbox. For admins.</summary>
public sealed class HelpdeskListing(WriterLane lane, TimeProvider clock)
{
    private const int Batch = 2000;

    /// <param name="replaces">What was told before is forgotten; else this is more of the same.</param>
    public async Task<ListingResult> RunAsync(long mailboxId, string name, IReadOnlyList<HelpdeskRow> rows, bool replaces, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var tidy = rows.Select(row => row.Tidy()).ToList();
        if (tidy.FindIndex(row => !row.IsRight) is >= 0 and var wrong)
        {
            return new ListingResult(null, new Dictionary<string, string[]> { [FormattableString.Invariant($"mails[{wrong}]")] = [ComparisonText.RowWrong] });
        }

        if (name.Trim() is not { Length: > 0 and <= HelpdeskList.MaxName } helpdesk || helpdesk.Any(char.IsControl))
        {
            return new ListingResult(null, new Dictionary<string, string[]> { ["name"] = [ComparisonText.NameMissing] });
        }

        if (!await lane.RunAsync((db, token) => BeginAsync(db, mailboxId, helpdesk, replaces, tidy.Count, actor, origin, token), cancellationToken))
        {
            return ListingResult.Missing;
        }

        foreach (var batch in tidy.Chunk(Batch))
        {
            await lane.RunBulkAsync((db, token) => AddAsync(db, mailboxId, batch, token), cancellationToken);
        }

        var count = await lane.RunAsync((db, token) => db.Set<HelpdeskMail>().CountAsync(m => m.MailboxId == mailboxId, token), cancellationToken);
        return new ListingResult(count, new Dictionary<string, string[]>());
    }

    /// <summary>Nothing of it is left; what was taken over stays.</summary>
    public Task<bool> RemoveAsync(long mailboxId, Actor actor, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) => (await Reaches.OfAsync(db, actor, token)).Covers(mailboxId)
            && await db.Set<HelpdeskList>().Where(l => l.MailboxId == mailboxId).ExecuteDeleteAsync(token) > 0,
        cancellationToken);

    private async Task<bool> BeginAsync(EnneoDbContext db, long mailboxId, string name, bool replaces, int count, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).Covers(mailboxId) || !await db.Mailboxes.AnyAsync(m => m.Id == mailboxId && m.RemovedAt == null, cancellationToken))
        {
            return false;
        }

        if (replaces)
        {
            await db.Set<HelpdeskMail>().Where(m => m.MailboxId == mailboxId).ExecuteDeleteAsync(cancellationToken);
        }

        var list = await db.Set<HelpdeskList>().SingleOrDefaultAsync(l => l.MailboxId == mailboxId, cancellationToken);
        if (list is null)
        {
            db.Add(new HelpdeskList { MailboxId = mailboxId, Name = name, UpdatedAt = clock.GetUtcNow() });
        }
        else
        {
            (list.Name, list.UpdatedAt) = (name, clock.GetUtcNow());
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.HelpdeskListed, actor, origin, clock, mailboxId, changes: [("helpdesk", null, name), ("mails", null, count)]));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static async Task AddAsync(EnneoDbContext db, long mailboxId, IReadOnlyList<HelpdeskRow> rows, CancellationToken cancellationToken)
    {
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        db.AddRange(rows.Select(row => new HelpdeskMail { MailboxId = mailboxId, InternetMessageId = row.MessageId, Ticket = row.Ticket, Status = row.Status, Assignee = row.Assignee, At = row.At }));
        await db.SaveChangesAsync(cancellationToken);
    }
}
