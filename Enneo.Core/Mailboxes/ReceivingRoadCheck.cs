using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>By which road a mailbox can receive.</summary>
/// <param name="ImapProblem">Why IMAP does not do, in words; null when it does.</param>
/// <param name="IsByGraph">IMAP does not, and Graph does.</param>
public sealed record ReceivingRoad(string? ImapProblem, bool IsByGraph);

/// <summary>Finds out by which road a Microsoft 365 mailbox can receive: IMAP, or Graph where IMAP is switched off or out of reach.</summary>
public sealed class ReceivingRoadCheck(IDbContextFactory<EnneoDbContext> dbFactory, ImapConnector imap, MailboxSignIn signIn, GraphReading graph)
{
    /// <summary>Signs in at the IMAP server, and where that fails, be it refused or the port blocked, asks Graph for the inbox. Changes nothing.</summary>
    public async Task<ReceivingRoad> RunAsync(string address, long accountId, CancellationToken cancellationToken)
    {
        MailboxInput wanted = new() { Data = new MailboxData { Method = "microsoft365", Address = address } };
        var input = (await ByLogin.ApplyAsync(wanted, stored: null, dbFactory, cancellationToken)).Data.Imap;
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
            MailEndpoint endpoint = new(server.Host, server.Port, server.Security, server.TrustedCertificate) { IsReadOnly = true };
            var client = await MailboxSignIn.RunAsync(
                signIn.OfAccount(server, _ => Task.FromResult(accountId)), (credential, token) => imap.ConnectAsync(endpoint, credential, token), cancellationToken);
            await client.LeaveAsync(cancellationToken);
            return new ReceivingRoad(null, IsByGraph: false);
        }
        catch (MailConnectionException refused)
        {
            return new ReceivingRoad(refused.Message, await graph.ProblemAsync(accountId, address, cancellationToken) is null);
        }
    }
}
