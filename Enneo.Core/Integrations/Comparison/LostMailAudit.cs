using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>A mailbox laid beside what another helpdesk has of it.</summary>
/// <param name="Count">What the database has of both: the proof of the result.</param>
public sealed record LostMailReport(HelpdeskList List, ComparisonResult Result, MailCount Count)
{
    /// <summary>Those that we have, by messages and ledger, and that the helpdesk has or should have.</summary>
    public int Ours => Count.Shown + Count.Unshown;

    /// <summary>What of ours the result leaves unexplained: neither in both, nor named as lost there.</summary>
    public int OursLeft => Ours - Result.Both - Result.Count(FindingKind.NeverImported);

    /// <summary>What of theirs it leaves unexplained: neither in both, nor named as missing here.</summary>
    public int TheirsLeft => Count.Theirs - Result.Both - Result.Count(FindingKind.MissingHere);

    /// <summary>0 where every mail of both sides is accounted for.</summary>
    public int Difference => Math.Abs(OursLeft) + Math.Abs(TheirsLeft);
}

/// <summary>Which mails another helpdesk lost, doubled, misplaced or delayed, and which ones we lack. For admins.</summary>
public sealed class LostMailAudit(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <summary>What a helpdesk that asks every few minutes still takes in in time.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    /// <returns>Null where there is no list, or not for the actor.</returns>
    public async Task<LostMailReport?> RunAsync(long mailboxId, TimeSpan tolerance, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (await reach.Of(db.Set<HelpdeskList>().AsNoTracking()).SingleOrDefaultAsync(l => l.MailboxId == mailboxId, cancellationToken) is not { } list)
        {
            return null;
        }

        var (mails, rows) = await ReadAsync(db, mailboxId, cancellationToken);
        var result = MailComparison.Of(mails, rows, list.UpdatedAt, tolerance, await MergedAsync(db, mailboxId, cancellationToken));
        return new LostMailReport(list, result, await MailCounting.RunAsync(db, mailboxId, result.From, result.Until, cancellationToken));
    }

    /// <summary>What people merged, by the ticket that is left. What threading merged is how a helpdesk should have threaded it too.</summary>
    private static async Task<IReadOnlySet<long>> MergedAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var into = await db.Activity.Where(e => e.MailboxId == mailboxId && e.Kind == ActivityKind.TicketsMerged && e.ActorKind != ActorKind.System && e.TicketId != null)
            .Select(e => e.TicketId!.Value).ToHashSetAsync(cancellationToken);
        into.UnionWith(await db.TicketMerges.Where(m => into.Contains(m.TicketId)).Select(m => m.IntoId).ToListAsync(cancellationToken));
        return into;
    }

    /// <summary>What both have, in the order in which it came.</summary>
    internal static async Task<(List<OwnMail> Mails, List<HelpdeskRow> Rows)> ReadAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken) =>
    (
        await db.Messages.Where(m => m.MailboxId == mailboxId && m.Direction != MessageDirection.Internal)
            .OrderBy(m => m.ReceivedAt)
            .Select(m => new OwnMail(m.Id, m.TicketId, m.InternetMessageId, m.ReceivedAt, m.Direction == MessageDirection.In, m.FromAddress, m.Subject))
            .ToListAsync(cancellationToken),
        await db.Set<HelpdeskMail>().Where(m => m.MailboxId == mailboxId)
            .OrderBy(m => m.Id)
            .Select(m => new HelpdeskRow(m.InternetMessageId, m.Ticket, m.Status, m.Assignee, m.At))
            .ToListAsync(cancellationToken));
}
