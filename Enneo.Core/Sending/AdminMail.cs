using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>Tells all admins something by mail.</summary>
public sealed partial class AdminMail(Accounts accounts, OwnMail mail, ILogger<AdminMail> logger)
{
    /// <returns>Whether at least one admin has it.</returns>
    public async Task<bool> SendAsync(string subject, string text, CancellationToken cancellationToken)
    {
        var isTold = false;
        foreach (var admin in (await accounts.ListAsync(cancellationToken)).Where(person => person is { Role: Roles.Admin, IsDisabled: false }))
        {
            try
            {
                var sent = await mail.SendAsync(new MailAddress(admin.DisplayName, admin.Email), subject, text, cancellationToken);
                isTold |= sent.From is not null;
                if (sent.Problem is { } problem)
                {
                    LogNotTold(problem);
                }
            }
            catch (Exception exception) when (isTold && exception is not OperationCanceledException)
            {
                LogNotTold(exception.Message); // who has it already does not get it again for the others' sake
            }
        }

        return isTold;
    }

    [LoggerMessage(LogLevel.Warning, "An admin could not be told something by mail: {Problem}")]
    private partial void LogNotTold(string problem);
}
