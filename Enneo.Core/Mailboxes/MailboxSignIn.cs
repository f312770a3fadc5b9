using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>Gives what a server is signed in with.</summary>
/// <param name="rejected">What it would not take a moment ago; another one is wanted.</param>
internal delegate Task<MailCredential> CredentialSource(string? rejected, CancellationToken cancellationToken);

/// <summary>
/// Connects a mailbox to its servers, with its password or with a token. A token that a server will not take (revoked, or the
/// clocks differ) is renewed once and the connection opened anew.
/// </summary>
public sealed class MailboxSignIn(
    ImapConnector imap, SmtpConnector smtp, MailboxCredentials credentials, AccountTokens tokens, IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>As <see cref="ImapConnector.ConnectAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The password cannot be decrypted.</exception>
    public Task<ImapClient> ImapAsync(Mailbox mailbox, CancellationToken cancellationToken) => RunAsync(
        Of(mailbox, mailbox.Imap), (credential, token) => imap.ConnectAsync(mailbox.ImapEndpoint, credential, token), cancellationToken);

    /// <returns>As <see cref="SmtpConnector.ConnectAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The password cannot be decrypted.</exception>
    public Task<SubmissionClient> SmtpAsync(Mailbox mailbox, CancellationToken cancellationToken) => RunAsync(
        Of(mailbox, mailbox.Smtp), (credential, token) => smtp.ConnectAsync(mailbox.SmtpEndpoint, credential, token), cancellationToken);

    internal CredentialSource Of(Mailbox mailbox, ServerSettings server) => mailbox.Method is MailboxMethod.Microsoft365
        ? OfAccount(server, token => tokens.AccountOfAsync(mailbox.Id, token))
        : Stored(server);

    /// <exception cref="MailConnectionException">There is none.</exception>
    internal Task<long> AccountAsync(long? accountId, long? mailboxId, CancellationToken cancellationToken) =>
        accountId is { } given ? Task.FromResult(given) : tokens.AccountOfAsync(mailboxId ?? 0, cancellationToken);

    internal CredentialSource Stored(ServerSettings server) => (_, _) => Task.FromResult(credentials.For(server));

    internal CredentialSource OfAccount(ServerSettings server, Func<CancellationToken, Task<long>> accountAsync) => async (rejected, cancellationToken) =>
    {
        if (server.Security is ConnectionSecurity.None || !await IsMicrosoftsAsync(server, cancellationToken))
        {
            throw MailConnectionException.BeforeSigningIn(ConnectionProblem.SignInRefused, Causes.Of(Causes.WrongHost).Sentence);
        }

        var token = await tokens.GetAsync(await accountAsync(cancellationToken), TokenFor.Outlook, cancellationToken, rejected);
        return new MailCredential(server.User, token) { IsToken = true };
    };

    internal static async Task<T> RunAsync<T>(CredentialSource source, Func<MailCredential, CancellationToken, Task<T>> connectAsync, CancellationToken cancellationToken)
    {
        var credential = await source(null, cancellationToken);
        try
        {
            return await connectAsync(credential, cancellationToken);
        }
        catch (MailConnectionException refused) when (credential.IsToken && refused.Problem is ConnectionProblem.SignInRefused)
        {
            var renewed = await source(credential.Password, cancellationToken);
            try
            {
                return await connectAsync(renewed, cancellationToken);
            }
            catch (MailConnectionException again) when (again.Problem is ConnectionProblem.SignInRefused)
            {
                throw MailConnectionException.BeforeSigningIn(ConnectionProblem.SignInRefused, Causes.OfServer(again.ServerText).Sentence, again);
            }
        }
    }

    private async Task<bool> IsMicrosoftsAsync(ServerSettings server, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses.AreServedBy(server.Host, server.Port);
    }
}
