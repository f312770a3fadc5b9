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

/// <summary>Writes to each admin once for each outage of a mailbox, from a mailbox that works; whoever was not reached is tried again.</summary>
internal sealed partial class OutageAlerts(MailboxOutages outages, Accounts accounts, OwnMail mail, TimeProvider clock, ILogger<OutageAlerts> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);

    /// <summary>A server that refuses us is not asked again at once.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(15);

    private readonly Dictionary<long, DateTimeOffset> _notBefore = []; // for whom mail failed

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        MailboxOutage[] news = [.. (await outages.LastingAsync(cancellationToken)).Where(outage => !outage.IsAlerted)];
        if (news.Length == 0)
        {
            return;
        }

        var told = await outages.ToldAsync(cancellationToken);
        List<Person> admins = [.. (await accounts.ListAsync(cancellationToken)).Where(person => person is { IsAdmin: true, IsDisabled: false })];
        foreach (var admin in admins.Where(person => clock.GetUtcNow() >= _notBefore.GetValueOrDefault(person.Id)))
        {
            MailboxOutage[] untold = [.. news.Where(outage => !told.Contains(OutageTold.Of(outage, admin.Id)))];
            if (untold.Length > 0 && await TellAsync(admin, untold, cancellationToken))
            {
                OutageTold[] now = [.. untold.Select(outage => OutageTold.Of(outage, admin.Id))];
                await outages.TellAsync(now, news, CancellationToken.None); // at once: what stops us meanwhile makes nobody hear it twice
                told.UnionWith(now);
            }
        }

        if (admins.Count > 0 && admins.All(admin => news.All(outage => told.Contains(OutageTold.Of(outage, admin.Id)))))
        {
            await outages.AlertedAsync([.. news.Select(outage => outage.MailboxId)], cancellationToken);
        }
    }

    /// <returns>Whether it left, or may have.</returns>
    private async Task<bool> TellAsync(Person admin, MailboxOutage[] news, CancellationToken cancellationToken)
    {
        var result = await mail.SendAsync(new MailAddress(admin.DisplayName, admin.Email), SubjectOf(news), TextOf(news), cancellationToken);
        if (result.Problem is null || result.MayHaveLeft)
        {
            _notBefore.Remove(admin.Id);
            return true;
        }

        _notBefore[admin.Id] = clock.GetUtcNow() + s_pause;
        LogNotReached(news.Length, admin.Id);
        return false;
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

    [LoggerMessage(LogLevel.Warning, "{Count} mailboxes do not work, and admin {UserId} could not be written to; trying again")]
    private partial void LogNotReached(int count, long userId);

    [LoggerMessage(LogLevel.Warning, "Admins could not be told of mailboxes that do not work, since the database takes nothing; trying again")]
    private partial void LogNotWritten(Exception exception);
}
