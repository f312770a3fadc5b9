using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>Finds out by which road a Microsoft 365 mailbox can send: in most tenants SMTP is switched off, and Graph is as good.</summary>
public sealed class SendingRoadCheck(IDbContextFactory<EnneoDbContext> dbFactory, SmtpConnector smtp, MailboxSignIn signIn)
{
    /// <summary>Signs in at the SMTP server and sends nothing.</summary>
    /// <returns>Why SMTP does not do, in words; null when it does.</returns>
    public async Task<string?> SmtpProblemAsync(string address, long accountId, CancellationToken cancellationToken)
    {
        MailboxInput wanted = new() { Data = new MailboxData { Method = "microsoft365", Address = address } };
        var input = (await ByLogin.ApplyAsync(wanted, stored: null, dbFactory, cancellationToken)).Data.Smtp;
        ServerSettings server = new()
        {
            Host = input.Host!,
            Port = input.Port!.Value,
            Security = input.Security,
            User = address,
            ProtectedPassword = "",
            TrustedCertificate = input.TrustedCertificate,
        };
        try
        {
            var client = await MailboxSignIn.RunAsync(
                signIn.OfAccount(server, _ => Task.FromResult(accountId)), (credential, token) => smtp.ConnectAsync(new MailEndpoint(server.Host, server.Port, server.Security, server.TrustedCertificate), credential, token), cancellationToken);
            await client.LeaveAsync(cancellationToken);
            return null;
        }
        catch (MailConnectionException exception)
        {
            return exception.Message;
        }
    }
}
