using System.Globalization;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>Writes to each admin 30 days, 7 days and a day before the secret or certificate at Microsoft ends, and when it has, once each; whoever was not reached is tried again.</summary>
internal sealed partial class SecretAlerts(SecretWarnings warnings, Accounts accounts, OwnMail mail, TimeProvider clock, ILogger<SecretAlerts> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await warnings.FindAsync(cancellationToken) is not { } end)
        {
            return;
        }

        var (subject, text) = WordsOf(end);
        var admins = (await accounts.ListAsync(cancellationToken)).Where(person => person is { IsAdmin: true, IsDisabled: false }).ToDictionary(person => person.Id);
        foreach (var id in await warnings.UntoldAsync(end, admins.Keys, cancellationToken))
        {
            var result = await mail.SendAsync(new MailAddress(admins[id].DisplayName, admins[id].Email), subject, text, cancellationToken);
            if (result.Problem is null || result.MayHaveLeft)
            {
                await warnings.ToldAsync(end, id, cancellationToken); // at once: what stops us meanwhile makes nobody hear it twice
            }
            else
            {
                LogNotReached(id);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(s_every, clock);
        do
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
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static (string Subject, string Text) WordsOf(SecretEnd end)
    {
        var day = end.EndsAt.UtcDateTime;
        var subject = string.Format(CultureInfo.CurrentCulture, end.Urgency is SecretUrgency.Ended ? SendingText.SecretEndedSubject : SendingText.SecretEndsSubject, day);
        return (subject, string.Format(CultureInfo.CurrentCulture, SendingText.SecretEndsBody, day));
    }

    [LoggerMessage(LogLevel.Warning, "The secret or certificate at Microsoft ends, and admin {UserId} could not be written to; trying again")]
    private partial void LogNotReached(long userId);

    [LoggerMessage(LogLevel.Warning, "Admins could not be told that the secret at Microsoft ends, since the database takes nothing; trying again")]
    private partial void LogNotWritten(Exception exception);
}
