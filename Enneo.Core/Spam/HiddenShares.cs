using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A rule, or the model, that hid conspicuously much of a mailbox's new mail.</summary>
/// <param name="Rule">Null for the model.</param>
/// <param name="Hidden">How many of the new mails of a day it hid.</param>
/// <param name="Count">How many there were.</param>
/// <param name="NoticedAt">The end of that day.</param>
/// <param name="IsOn">Whether it hides mail of the mailbox still.</param>
/// <param name="StillHidden">How many conversations that it hid since that day began are hidden now.</param>
public sealed record HiddenShare(long MailboxId, string Mailbox, HeaderRule? Rule, int Hidden, int Count, DateTimeOffset NoticedAt, bool IsOn, int StillHidden);

/// <summary>
/// The circuit breaker: finds what hides more than its share of new mail, since a rule that fits a mailbox badly, or a
/// model gone wrong, must not go unnoticed; and switches it off and brings back what it hid, when an admin says so.
/// </summary>
public sealed class HiddenShares(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageFiling filing, TimeProvider clock)
{
    private const double MostHidden = .3;
    private const int FewestNew = 20;
    private const string Origin = "spam";

    /// <summary>Weeks of spam do not hold up what others do.</summary>
    private const int ReleasedAtOnce = 50;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <returns>Those that no admin has dealt with yet, however long ago it was, the newest first.</returns>
    public async Task<IReadOnlyList<HiddenShare>> FindAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var tripped = await (
            from breaker in reach.Of(db.SpamBreakers)
            where breaker.EndedAt == null
            join mailbox in db.Mailboxes on breaker.MailboxId equals mailbox.Id
            where mailbox.RemovedAt == null
            orderby breaker.TrippedAt descending, breaker.Id
            select new { Breaker = breaker, mailbox.Name, mailbox.Spam }).AsNoTracking().ToListAsync(cancellationToken);
        List<HiddenShare> shares = [];
        foreach (var row in tripped)
        {
            var breaker = row.Breaker;
            var hidden = await HiddenMail.TicketsHiddenBy(db, breaker.MailboxId, breaker.Rule, breaker.Since).CountAsync(cancellationToken);
            shares.Add(new(breaker.MailboxId, row.Name, breaker.Rule, breaker.Hidden, breaker.Count, breaker.TrippedAt, IsOn(row.Spam, breaker.Rule), hidden));
        }

        return shares;
    }

    /// <summary>Writes down what hid too much of the last day's mail, unless that is known already.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var recent = await db.SpamBreakers.AsNoTracking().Where(b => b.EndedAt == null || b.EndedAt > now - s_day).ToListAsync(cancellationToken);
        List<SpamBreaker> tripped = [];
        foreach (var share in (await HiddenMail.SharesAsync(db, Reach.All, now - s_day, cancellationToken)).Where(IsTooMuch))
        {
            var before = recent.FindAll(breaker => breaker.MailboxId == share.MailboxId && breaker.Rule == share.Rule);
            if (before.Exists(breaker => breaker.EndedAt is null)
                || await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == share.MailboxId, cancellationToken) is var mailbox && (mailbox.RemovedAt is not null || !IsOn(mailbox.Spam, share.Rule)))
            {
                continue;
            }

            // what an admin has seen and let pass does not count again
            var since = before.Max(breaker => breaker.EndedAt) ?? now - s_day;
            var counted = before.Count == 0 ? share : (await HiddenMail.SharesAsync(db, Reach.Of(share.MailboxId), since, cancellationToken)).FirstOrDefault(later => later.Rule == share.Rule);
            if (counted is not null && IsTooMuch(counted))
            {
                tripped.Add(new SpamBreaker { MailboxId = share.MailboxId, Rule = share.Rule, Since = since, TrippedAt = now, Hidden = counted.Hidden, Count = counted.Count });
            }
        }

        if (tripped.Count > 0)
        {
            await lane.RunAsync((write, token) => TripAsync(write, tripped, token), cancellationToken);
        }
    }

    /// <summary>Switches it off for the mailbox, and brings back all that it hid since it was first too much. What people said stands.</summary>
    /// <returns>How many conversations came back.</returns>
    public async Task<int> StopAsync(long mailboxId, HeaderRule? rule, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await lane.RunAsync((db, token) => SwitchOffAsync(db, mailboxId, rule, actor, origin, token), cancellationToken) is not { } since)
        {
            return 0;
        }

        var (count, last) = (0, 0L);
        while (await lane.RunBulkAsync((db, token) => ReleaseAsync(db, mailboxId, rule, since, last, actor, origin, token), cancellationToken) is { Count: > 0 } released)
        {
            (count, last) = (count + released.Count, released[^1]);
        }

        // last: where it breaks off before, the banner still offers to bring back the rest
        await lane.RunAsync((db, token) => EndAsync(db, mailboxId, rule, "restored", actor, origin, token), cancellationToken);
        return count;
    }

    /// <summary>An admin has looked, and all is well: it hides on, and what it hid stays hidden.</summary>
    /// <returns>Whether there was anything to say so of.</returns>
    public Task<bool> DismissAsync(long mailboxId, HeaderRule? rule, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) => (await Reaches.OfAsync(db, actor, token)).IsAll && await EndAsync(db, mailboxId, rule, "dismissed", actor, origin, token) is not null,
        cancellationToken);

    /// <returns>Since when it hid too much; null where the actor may not decide, or there is no such mailbox.</returns>
    private async Task<DateTimeOffset?> SwitchOffAsync(EnneoDbContext db, long mailboxId, HeaderRule? rule, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (!reach.IsAll || await db.Mailboxes.SingleOrDefaultAsync(m => m.Id == mailboxId, cancellationToken) is not { } mailbox)
        {
            return null;
        }

        if (IsOn(mailbox.Spam, rule))
        {
            await MailboxSpamEditing.ChangeAsync(db, mailbox, spam => SwitchOff(spam, rule), actor, origin, clock, cancellationToken);
        }

        return (await FindStandingAsync(db, mailboxId, rule, cancellationToken))?.Since ?? clock.GetUtcNow() - s_day;
    }

    /// <returns>The tickets that came back, by their ids; none when there are no more behind the last.</returns>
    private async Task<IReadOnlyList<long>> ReleaseAsync(
        EnneoDbContext db, long mailboxId, HeaderRule? rule, DateTimeOffset since, long last, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var tickets = await HiddenMail.TicketsHiddenBy(db, mailboxId, rule, since).Where(t => t.Id > last).OrderBy(t => t.Id).Take(ReleasedAtOnce).ToListAsync(cancellationToken);
        foreach (var ticket in tickets)
        {
            await new SpamTransition(db, filing, clock).ReleaseAsync(ticket, actor, origin, (SpamWhy.NotAsked, nameof(NotAsked.SwitchedOff)), cancellationToken);
        }

        return tickets.ConvertAll(ticket => ticket.Id);
    }

    private static bool IsTooMuch(MailShare share) => share.Count >= FewestNew && share.Hidden > MostHidden * share.Count;

    private static bool IsOn(MailboxSpam spam, HeaderRule? rule) =>
        rule is { } header ? SpamIntake.RulesOf(spam).Contains(header) && !(header is HeaderRule.Bulk && spam.BulkTagsOnly) : spam.Model;

    private static void SwitchOff(MailboxSpam spam, HeaderRule? rule)
    {
        switch (rule)
        {
            case HeaderRule.SpamAssassin:
                spam.SpamAssassinRule = false;
                break;
            case HeaderRule.Exchange:
                spam.ExchangeRule = false;
                break;
            case HeaderRule.Bulk:
                spam.BulkRule = false;
                break;
            case HeaderRule.Dmarc:
                spam.DmarcRule = false;
                break;
            default:
                spam.Model = false;
                break;
        }
    }

    private async Task TripAsync(EnneoDbContext db, List<SpamBreaker> tripped, CancellationToken cancellationToken)
    {
        foreach (var breaker in tripped)
        {
            if (!await db.SpamBreakers.AnyAsync(b => b.MailboxId == breaker.MailboxId && b.Rule == breaker.Rule && b.EndedAt == null, cancellationToken))
            {
                db.SpamBreakers.Add(breaker);
                Record(db, breaker, "tripped", Actor.System, Origin);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>Since when it had been too much; null where it was not.</returns>
    private async Task<DateTimeOffset?> EndAsync(EnneoDbContext db, long mailboxId, HeaderRule? rule, string how, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await FindStandingAsync(db, mailboxId, rule, cancellationToken) is not { } breaker)
        {
            return null;
        }

        breaker.EndedAt = clock.GetUtcNow();
        Record(db, breaker, how, actor, origin);
        await db.SaveChangesAsync(cancellationToken);
        return breaker.Since;
    }

    private static Task<SpamBreaker?> FindStandingAsync(EnneoDbContext db, long mailboxId, HeaderRule? rule, CancellationToken cancellationToken) =>
        db.SpamBreakers.FirstOrDefaultAsync(b => b.MailboxId == mailboxId && b.Rule == rule && b.EndedAt == null, cancellationToken);

    private void Record(EnneoDbContext db, SpamBreaker breaker, string how, Actor actor, string origin) => db.Activity.Add(ActivityEntry.Of(
        ActivityKind.SpamBreakerChanged, actor, origin, clock, breaker.MailboxId,
        changes: [("state", null, how), ("rule", null, breaker.Rule?.ToString() ?? "Model"), ("hidden", null, breaker.Hidden), ("mails", null, breaker.Count)]));
}
