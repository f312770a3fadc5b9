using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>What would have been done with a mail, had its conversation not been taken for spam.</summary>
/// <param name="Name">Of the automation; null for what the mailbox answers by itself.</param>
/// <param name="Actions">Kind by kind.</param>
public sealed record AutomationProposal(long Id, long MessageId, string? Name, IReadOnlyList<string> Actions);

/// <summary>Does what was only proposed when a person called a conversation clean, one by one, when a person says so.</summary>
public sealed class AutomationProposals(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, AutomationRunning running, MailboxReplies replies, TimeProvider clock)
{
    /// <returns>What is still to be decided, oldest first.</returns>
    public async Task<IReadOnlyList<AutomationProposal>> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var runs = await Open(db, reach.Of(db.AutomationRuns.AsNoTracking()))
            .Where(r => db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId))
            .OrderBy(r => r.Id)
            .ToListAsync(cancellationToken);
        return [.. runs.Select(run => new AutomationProposal(run.Id, run.MessageId, run.AutomationId == AutomationRun.MailboxReply ? null : run.Name, run.Done))];
    }

    /// <returns>Whether anything was done: the automation may be gone or switched off, its conditions may not hold any more, or somebody was faster.</returns>
    public async Task<bool> PerformAsync(long id, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, actor, cancellationToken) is not { } found)
        {
            return false;
        }

        using var raw = await store.OpenAsync(found.Source, cancellationToken);
        Func<EnneoDbContext, CancellationToken, Task<bool>> perform;
        if (found.Run.AutomationId == AutomationRun.MailboxReply)
        {
            var (reply, _) = await replies.PrepareAsync(found.Message, found.Mailbox, raw, cancellationToken);
            perform = async (db, token) => reply is not null && await replies.QueueAsync(db, reply, token) is null;
        }
        else
        {
            var met = (await running.FindAsync(found.Message, found.Mailbox, raw, isProposed: false, cancellationToken))
                .Where(automation => automation.Automation.Id == found.Run.AutomationId)
                .ToList();
            perform = async (db, token) =>
            {
                await running.ApplyAsync(db, found.Message, met, isProposed: false, token, isAsked: true);
                return met.Count > 0;
            };
        }

        return await lane.RunAsync(
            async (db, token) => await FindOpenAsync(db, id, actor, token) is { } run && await perform(db, token) && await SettleAsync(db, run, actor, origin, token), cancellationToken);
    }

    /// <returns>Whether there was such a proposal.</returns>
    public Task<bool> DismissAsync(long id, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) => await FindOpenAsync(db, id, actor, token) is { } run && await SettleAsync(db, run, actor, origin, token), cancellationToken);

    /// <summary>Nothing is proposed while the conversation is spam again.</summary>
    private static IQueryable<AutomationRun> Open(EnneoDbContext db, IQueryable<AutomationRun> runs) => runs
        .Where(r => r.IsProposed && r.SettledAt == null)
        .Where(r => db.Messages.Any(m => m.Id == r.MessageId
            && db.Tickets.Any(t => t.Id == m.TicketId && (t.SpamStatus == null || t.SpamStatus == SpamStatus.AutoClean || t.SpamStatus == SpamStatus.ManualClean))));

    private async Task<Found?> FindAsync(long id, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        return await (
            from run in Open(db, reach.Of(db.AutomationRuns))
            where run.Id == id
            join message in db.Messages on run.MessageId equals message.Id
            join mailbox in db.Mailboxes on message.MailboxId equals mailbox.Id
            join source in db.Sources on message.SourceId equals source.Id
            select new Found(run, message, mailbox, source)).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Once, whoever clicks first. Within a transaction of the writer lane.</summary>
    private static async Task<AutomationRun?> FindOpenAsync(EnneoDbContext db, long id, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        return await Open(db, reach.Of(db.AutomationRuns))
            .SingleOrDefaultAsync(r => r.Id == id, cancellationToken);
    }

    private async Task<bool> SettleAsync(EnneoDbContext db, AutomationRun run, Actor actor, string origin, CancellationToken cancellationToken)
    {
        run.SettledAt = clock.GetUtcNow();
        var ticketId = await db.Messages.Where(m => m.Id == run.MessageId).Select(m => m.TicketId).SingleAsync(cancellationToken);
        db.Activity.Add(ActivityEntry.Of(ActivityKind.AutomationDecided, actor, origin, clock, run.MailboxId, ticketId, run.MessageId, ("automation", null, run.Name)));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private sealed record Found(AutomationRun Run, Message Message, Mailbox Mailbox, StoredSource Source);
}
