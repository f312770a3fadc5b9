using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Proposals;

/// <summary>Knocks at the names that mail servers usually have, all at once, for a short time.</summary>
internal sealed class ServerProbe(ImapConnector imapConnector, SmtpConnector smtpConnector)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2.5);

    /// <returns>The best that answered for each protocol; null where none did.</returns>
    public async Task<(KnownServer? Imap, KnownServer? Smtp)> RunAsync(string domain, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);

        KnownServer[] imapServers = [.. InOrder(domain, "imap", KnownServer.Imap, host => new(host, 143, ConnectionSecurity.StartTls))];
        KnownServer[] smtpServers = [.. InOrder(domain, "smtp", KnownServer.Smtp, KnownServer.Submission)];
        var imap = BestAsync(imapServers, KnockImapAsync, patience.Token);
        var smtp = BestAsync(smtpServers, KnockSmtpAsync, patience.Token);
        await Task.WhenAll(imap, smtp);
        cancellationToken.ThrowIfCancellationRequested();
        return (await imap, await smtp);
    }

    private static IEnumerable<KnownServer> InOrder(string domain, string name, params Func<string, KnownServer>[] kinds) =>
        from kind in kinds
        from host in new[] { $"{name}.{domain}", $"mail.{domain}" }
        select kind(host);

    /// <summary>A trusted certificate beats an untrusted one; within that, the order given.</summary>
    private static async Task<KnownServer?> BestAsync(
        KnownServer[] servers, Func<KnownServer, CancellationToken, Task<Answer>> knockAsync, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(servers.Select(server => knockAsync(server, cancellationToken)));
        return servers.Zip(answers)
            .Where(pair => pair.Second is not Answer.None)
            .OrderBy(pair => pair.Second)
            .Select(pair => pair.First)
            .FirstOrDefault();
    }

    private Task<Answer> KnockImapAsync(KnownServer server, CancellationToken cancellationToken) => KnockAsync(async () =>
    {
        var connection = await imapConnector.OpenAsync(EndpointOf(server), cancellationToken);
        await connection.Client.LeaveAsync(cancellationToken);
    });

    private Task<Answer> KnockSmtpAsync(KnownServer server, CancellationToken cancellationToken) => KnockAsync(async () =>
    {
        var connection = await smtpConnector.OpenAsync(EndpointOf(server), cancellationToken);
        await connection.Client.LeaveAsync(cancellationToken);
    });

    private static MailEndpoint EndpointOf(KnownServer server) => new(server.Host, server.Port, server.Security);

    private static async Task<Answer> KnockAsync(Func<Task> openAsync)
    {
        try
        {
            await openAsync();
            return Answer.Trusted;
        }
        catch (MailConnectionException exception) when (exception.Problem is ConnectionProblem.CertificateUntrusted)
        {
            return Answer.Untrusted;
        }
        catch (MailConnectionException)
        {
            return Answer.None;
        }
        catch (OperationCanceledException)
        {
            return Answer.None; // too slow to be proposed, or nobody waits any more, which the caller looks at
        }
    }

    private enum Answer
    {
        Trusted,
        Untrusted,
        None,
    }
}
