using System.Globalization;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Tells the admins by mail what was hidden, once a day: of each mailbox in its first days, for good or never, as it says.
/// </summary>
public sealed class SpamReports(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, AdminMail mail, TimeProvider clock) : IRegularWork
{
    private const string DigestSetting = "spam:digest-at";
    private const int Listed = 50;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_firstDays = TimeSpan.FromDays(14);

    /// <summary>Sends what is due. What could not be sent is due again with the next run.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow(); // what is hidden while this one is sent stands in the next
        if (await IsDueAsync(DigestSetting, cancellationToken) && await DigestAsync(now, cancellationToken) is var (subject, text) && await mail.SendAsync(subject, text, cancellationToken))
        {
            await RememberAsync(DigestSetting, now, cancellationToken);
        }
    }

    /// <returns>Null when nothing was hidden since the last one.</returns>
    private async Task<(string Subject, string Text)?> DigestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var young = now - s_firstDays;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var since = await LastAsync(db, DigestSetting, cancellationToken) ?? now - s_day;
        var hidden = await (
            from ticket in db.Tickets
            where ticket.CreatedAt >= since && (ticket.SpamStatus == SpamStatus.AutoSpam || ticket.SpamStatus == SpamStatus.AutoProgrammatic)
            join mailbox in db.Mailboxes on ticket.MailboxId equals mailbox.Id
            where mailbox.RemovedAt == null && (mailbox.Spam.Digest == SpamDigest.Always || (mailbox.Spam.Digest == SpamDigest.FirstDays && mailbox.ConnectedAt >= young))
            where db.Messages.Any(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && !m.IsHistory)
            orderby mailbox.Name, ticket.CreatedAt
            select new { Mailbox = mailbox.Name, ticket.People, ticket.Subject }).ToListAsync(cancellationToken);
        if (hidden.Count == 0)
        {
            return null;
        }

        StringBuilder text = new(Format(SpamReportText.DigestBegin, since.ToString("f", CultureInfo.CurrentCulture)));
        foreach (var row in hidden.Take(Listed))
        {
            text.Append("\n\n").Append(OneLine.Of($"{row.Mailbox}: {row.People}: {row.Subject}", 200));
        }

        if (hidden.Count > Listed)
        {
            text.Append("\n\n").Append(Format(SpamReportText.DigestMore, hidden.Count - Listed));
        }

        text.Append("\n\n").Append(SpamReportText.DigestEnd).Append('\n');
        return (Format(SpamReportText.DigestSubject, hidden.Count), text.ToString());
    }

    private async Task<bool> IsDueAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await LastAsync(db, name, cancellationToken) is not { } last || last <= clock.GetUtcNow() - s_day;
    }

    private static async Task<DateTimeOffset?> LastAsync(EnneoDbContext db, string name, CancellationToken cancellationToken) =>
        await db.Settings.Where(s => s.Name == name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken) is { } value
            ? DateTimeOffset.Parse(value, CultureInfo.InvariantCulture)
            : null;

    private Task RememberAsync(string name, DateTimeOffset at, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var value = at.ToString("O", CultureInfo.InvariantCulture);
            if (await db.Settings.SingleOrDefaultAsync(s => s.Name == name, token) is { } setting)
            {
                setting.Value = value;
            }
            else
            {
                db.Settings.Add(new Setting { Name = name, Value = value });
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private static string Format(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
