using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>By which road a mailbox can send.</summary>
/// <param name="IsGraph">Graph was asked and takes what it sends, and the SMTP server does not.</param>
/// <param name="SmtpProblem">Why SMTP does not do, in words; null where it does.</param>
/// <param name="GraphProblem">Why Graph does not either; null where it does, or was not asked.</param>
public sealed record SendingRoad(bool IsGraph, string? SmtpProblem = null, string? GraphProblem = null);

/// <summary>Finds out by which road a Microsoft 365 mailbox can send: in most tenants SMTP is switched off, and Graph is as good. Sends nothing.</summary>
public sealed class SendingRoadCheck(IDbContextFactory<EnneoDbContext> dbFactory, SmtpConnector smtp, MailboxSignIn signIn, GraphRoad graph)
{
    /// <summary>SMTP where it does; else Graph, where that was asked and does.</summary>
    public async Task<SendingRoad> FindAsync(string address, long accountId, CancellationToken cancellationToken)
    {
        if (await SmtpProblemAsync(address, accountId, cancellationToken) is not { } problem)
        {
            return new SendingRoad(IsGraph: false);
        }

        var answer = await graph.AskAsync(accountId, address, cancellationToken);
        return answer.IsOpen is true ? new SendingRoad(IsGraph: true, problem) : new SendingRoad(IsGraph: false, problem, answer.Words);
    }

    /// <summary>Signs in at the SMTP server and sends nothing.</summary>
    /// <returns>Why SMTP does not do, in words; null when it does.</returns>
    private async Task<string?> SmtpProblemAsync(string address, long accountId, CancellationToken cancellationToken)
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
