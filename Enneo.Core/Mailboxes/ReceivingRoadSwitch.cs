using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>Leads a Microsoft 365 mailbox to Graph once IMAP is switched off for it and Graph opens it; unless an admin does not want that.</summary>
public sealed class ReceivingRoadSwitch(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, GraphReading graph, AccountTokens tokens, TimeProvider clock)
{
    private const string Origin = "sync";

    /// <summary>Exchange says the same now and then while it is out of order.</summary>
    private const int Looks = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromHours(2);

    /// <param name="refused">How the IMAP server refused the sign-in.</param>
    /// <returns>Whether Graph is asked what the mailbox receives from now on.</returns>
    public async Task<bool> TakeAsync(Mailbox mailbox, MailConnectionException refused, CancellationToken cancellationToken) =>
        mailbox is { Method: MailboxMethod.Microsoft365, ReceivesByGraph: false } && IsImapOff(refused) && await LastsAsync(mailbox.Id, refused, cancellationToken)
        && await graph.ProblemAsync(await tokens.AccountOfAsync(mailbox.Id, cancellationToken), mailbox.Address, cancellationToken) is null
        && await lane.RunAsync(
            async (db, token) =>
            {
                if ((await Microsoft365Settings.ReadAsync(db, token)).KeepsRoad
                    || await db.Mailboxes.AsTracking().SingleOrDefaultAsync(m => m.Id == mailbox.Id && m.RemovedAt == null && m.Method == MailboxMethod.Microsoft365 && !m.ReceivesByGraph, token) is not { } stored)
                {
                    return false;
                }

                var before = MailboxSnapshot.Of(stored);
                stored.ReceivesByGraph = true;
                await new MailboxRecording(db, Actor.System, Origin, clock).ChangedAsync(stored, before, [], token);
                return true;
            },
            cancellationToken);

    /// <summary>Signed in, and then refused all the same. So is a shared mailbox that the person may not open, which Graph does not open either.</summary>
    private static bool IsImapOff(MailConnectionException refused) =>
        refused.Problem is ConnectionProblem.MailboxClosed;

    /// <summary>
    /// So and not otherwise, time and again, over hours, whichever starts lie between: the mailbox's history says so, in which
    /// this refusal does not stand yet. What sending was refused meanwhile stands there too, and says nothing of receiving.
    /// </summary>
    private async Task<bool> LastsAsync(long mailboxId, MailConnectionException refused, CancellationToken cancellationToken)
    {
        var longAgo = clock.GetUtcNow() - s_patience;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var opened = await db.MailboxStatuses.Where(s => s.MailboxId == mailboxId).Select(s => s.LastSyncAt).SingleOrDefaultAsync(cancellationToken) ?? DateTimeOffset.MinValue;
        var open = await db.MailboxFailures.AsNoTracking().SingleOrDefaultAsync(f => f.MailboxId == mailboxId && f.EndedAt == null, cancellationToken);
        var outage = open is null ? [] : await db.MailboxFailures.AsNoTracking().Where(f => f.MailboxId == mailboxId && f.OutageSince == open.OutageSince).ToListAsync(cancellationToken);
        var looks = outage.OrderByDescending(f => f.Id).TakeWhile(f => f.Message == refused.Message || f.State is MailboxState.SignInAgain).Where(f => f.Message == refused.Message).ToList();
        looks.RemoveAll(f => f.Since < opened); // while sending is refused, no history tells that receiving worked
        return looks.Sum(f => f.Times) >= Looks - 1 && looks.Exists(f => f.Since <= longAgo);
    }
}
