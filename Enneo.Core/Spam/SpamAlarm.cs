using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Sending;
using Enneo.Core.Spam.Headers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>Looks every few minutes whether a rule or the model hides too much, and tells the admins by mail, once. What could not be sent is sent later.</summary>
public sealed class SpamAlarm(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, HiddenShares shares, AdminMail mail, TimeProvider clock) : IRegularWork
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await shares.WatchAsync(cancellationToken);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var untold = await (
            from breaker in db.SpamBreakers
            where breaker.EndedAt == null && breaker.ToldAt == null
            join mailbox in db.Mailboxes on breaker.MailboxId equals mailbox.Id
            where mailbox.RemovedAt == null
            select new { breaker.Id, breaker.Rule, breaker.Hidden, breaker.Count, mailbox.Name }).ToListAsync(cancellationToken);
        foreach (var breaker in untold)
        {
            if (await mail.SendAsync(
                Format(SpamReportText.BreakerSubject, breaker.Name), Format(SpamReportText.BreakerBody, Words(breaker.Rule), breaker.Hidden, breaker.Count, breaker.Name), cancellationToken))
            {
                var now = clock.GetUtcNow();
                await lane.RunAsync((write, token) => write.SpamBreakers.Where(b => b.Id == breaker.Id).ExecuteUpdateAsync(set => set.SetProperty(b => b.ToldAt, now), token), cancellationToken);
            }
        }
    }

    private static string Words(HeaderRule? rule) => rule switch
    {
        HeaderRule.SpamAssassin => SpamReportText.RuleSpamAssassin,
        HeaderRule.Exchange => SpamReportText.RuleExchange,
        HeaderRule.Bulk => SpamReportText.RuleBulk,
        HeaderRule.Dmarc => SpamReportText.RuleDmarc,
        _ => SpamReportText.TheModel,
    };

    private static string Format(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
