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

/// <summary>
/// Takes in what another helpdesk has of a mailbox, whole or not at all: of half a list the audit would say that the
/// helpdesk lost the rest. For admins.
/// </summary>
public sealed class HelpdeskListing(WriterLane lane, TimeProvider clock)
{
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

        return await lane.RunBulkAsync(
            async (db, token) =>
            {
                if (!await BeginAsync(db, mailboxId, helpdesk, replaces, tidy.Count, actor, origin, token))
                {
                    return ListingResult.Missing;
                }

                Add(db, mailboxId, tidy);
                return new ListingResult(await db.Set<HelpdeskMail>().CountAsync(m => m.MailboxId == mailboxId, token), new Dictionary<string, string[]>());
            },
            cancellationToken);
    }

    /// <summary>Nothing of it is left; what was taken over stays, and cannot be taken back any more.</summary>
    public Task<bool> RemoveAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (await reach.Of(db.Set<HelpdeskList>()).SingleOrDefaultAsync(l => l.MailboxId == mailboxId, token) is not { } list)
            {
                return false;
            }

            db.Remove(list);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.HelpdeskForgotten, actor, origin, clock, mailboxId, changes: ("helpdesk", list.Name, null)));
            await db.SaveChangesAsync(token);
            return true;
        },
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

    private static void Add(EnneoDbContext db, long mailboxId, IReadOnlyList<HelpdeskRow> rows)
    {
        using SqlStatement add = new(db, "INSERT INTO helpdesk_mails (MailboxId, InternetMessageId, Ticket, Status, Assignee, At) VALUES (@0, @1, @2, @3, @4, @5)");
        foreach (var row in rows)
        {
            add.Execute(mailboxId, row.MessageId, row.Ticket, row.Status, row.Assignee, row.At);
        }
    }
}
