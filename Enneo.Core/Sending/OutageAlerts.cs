using System.Globalization;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>Writes to admins once for each outage of a mailbox, from a mailbox that works; tried again until one of them was reached.</summary>
internal sealed partial class OutageAlerts(MailboxOutages outages, Accounts accounts, OwnMail mail, TimeProvider clock, ILogger<OutageAlerts> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    /// <summary>A server that refuses us is not asked again at once.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(15);

    private DateTimeOffset _notBefore;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        MailboxOutage[] news = [.. (await outages.LastingAsync(cancellationToken)).Where(outage => !outage.IsAlerted)];
        if (news.Length == 0 || clock.GetUtcNow() < _notBefore)
        {
            return;
        }

        _notBefore = clock.GetUtcNow() + s_pause; // also where it cannot be written down that they were told
        var reached = 0;
        foreach (var admin in (await accounts.ListAsync(cancellationToken)).Where(person => person is { IsAdmin: true, IsDisabled: false }))
        {
            var result = await mail.SendAsync(new MailAddress(admin.DisplayName, admin.Email), SubjectOf(news), TextOf(news), cancellationToken);
            reached += result.Problem is null || result.MayHaveLeft ? 1 : 0;
        }

        if (reached > 0)
        {
            await outages.AlertedAsync([.. news.Select(outage => outage.MailboxId)], cancellationToken);
            _notBefore = default; // for the next outage
        }
        else
        {
            LogNobody(news.Length);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is DbUpdateException or SqliteException)
            {
                LogNotWritten(exception); // busy or out of space: the next turn comes
            }
        }
    }

    private static string SubjectOf(MailboxOutage[] news) => news.Length == 1
        ? string.Format(CultureInfo.CurrentCulture, SendingText.OutageSubject, news[0].Name)
        : string.Format(CultureInfo.CurrentCulture, SendingText.OutagesSubject, news.Length);

    private static string TextOf(MailboxOutage[] news)
    {
        StringBuilder text = new(SendingText.OutageBody);
        foreach (var outage in news)
        {
            text.Append("\n\n").AppendFormat(CultureInfo.CurrentCulture, SendingText.OutageLine, outage.Address, outage.Since.UtcDateTime, outage.Message);
        }

        return text.ToString();
    }

    [LoggerMessage(LogLevel.Warning, "{Count} mailboxes do not work, and no admin could be written to; trying again")]
    private partial void LogNobody(int count);

    [LoggerMessage(LogLevel.Warning, "Admins could not be told of mailboxes that do not work, since the database takes nothing; trying again")]
    private partial void LogNotWritten(Exception exception);
}
