using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>Gives what a server is signed in with.</summary>
/// <param name="rejected">What it would not take a moment ago; another one is wanted.</param>
internal delegate Task<MailCredential> CredentialSource(string? rejected, CancellationToken cancellationToken);

/// <summary>
/// Connects a mailbox to its servers, with its password or with a token. A token that a server will not take (revoked, or the
/// clocks differ) is renewed once and the connection opened anew. A server that asked to be left alone is not asked before.
/// </summary>
public sealed class MailboxSignIn(
    ImapConnector imap, SmtpConnector smtp, MailboxCredentials credentials, AccountTokens tokens, IDbContextFactory<EnneoDbContext> dbFactory, ServerPauses pauses)
{
    /// <summary>Which servers asked to be left alone.</summary>
    internal ServerPauses Pauses => pauses;

    /// <returns>As <see cref="ImapConnector.ConnectAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The password cannot be decrypted.</exception>
    public async Task<ImapClient> ImapAsync(Mailbox mailbox, CancellationToken cancellationToken)
    {
        await pauses.ThrowIfAskedAsync(mailbox, cancellationToken);
        try
        {
            return await RunAsync(Of(mailbox, mailbox.Imap), (credential, token) => imap.ConnectAsync(mailbox.ImapEndpoint, credential, token), cancellationToken);
        }
        catch (MailConnectionException refused)
        {
            await pauses.NoteAsync(mailbox, refused, cancellationToken);
            throw;
        }
    }

    /// <returns>As <see cref="SmtpConnector.ConnectAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The password cannot be decrypted.</exception>
    public Task<SubmissionClient> SmtpAsync(Mailbox mailbox, CancellationToken cancellationToken) => RunAsync(
        Of(mailbox, mailbox.Smtp), (credential, token) => smtp.ConnectAsync(mailbox.SmtpEndpoint, credential, token), cancellationToken);

    internal CredentialSource Of(Mailbox mailbox, ServerSettings server) => mailbox.IsByLogin
        ? OfAccount(server, token => tokens.AccountOfAsync(mailbox.Id, token))
        : Stored(server);

    /// <exception cref="MailConnectionException">There is none.</exception>
    internal Task<long> AccountAsync(long? accountId, long? mailboxId, CancellationToken cancellationToken) =>
        accountId is { } given ? Task.FromResult(given) : tokens.AccountOfAsync(mailboxId ?? 0, cancellationToken);

    internal CredentialSource Stored(ServerSettings server) => (_, _) => Task.FromResult(credentials.For(server));

    internal CredentialSource OfAccount(ServerSettings server, Func<CancellationToken, Task<long>> accountAsync) => async (rejected, cancellationToken) =>
    {
        var accountId = await accountAsync(cancellationToken);
        var (providerId, home) = await HomeAsync(accountId, cancellationToken);
        if (server.Security is ConnectionSecurity.None || home?.Takes(server.Host, server.Port) is not true)
        {
            throw MailConnectionException.BeforeSigningIn(ConnectionProblem.SignInRefused, Causes.Of(ProviderCauses.CodeOf(Causes.WrongHost, providerId)).Sentence);
        }

        var token = await tokens.GetAsync(accountId, TokenFor.Mail, cancellationToken, rejected);
        return new MailCredential(server.User, token) { Mechanism = home.Mechanism, IsOfOther = providerId is not null };
    };

    internal static async Task<T> RunAsync<T>(CredentialSource source, Func<MailCredential, CancellationToken, Task<T>> connectAsync, CancellationToken cancellationToken)
    {
        var credential = await source(null, cancellationToken);
        try
        {
            return await connectAsync(credential, cancellationToken);
        }
        catch (MailConnectionException closed) when (credential.IsToken && closed.Problem is ConnectionProblem.MailboxClosed)
        {
            throw ClosedTo(credential, closed); // the token was taken: another one would change nothing
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
                throw MailConnectionException.BeforeSigningIn(ConnectionProblem.SignInRefused, CauseOf(renewed, again.ServerText).Sentence, again);
            }
            catch (MailConnectionException closed) when (closed.Problem is ConnectionProblem.MailboxClosed)
            {
                throw ClosedTo(renewed, closed);
            }
        }
    }

    private static MailConnectionException ClosedTo(MailCredential credential, MailConnectionException closed) =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.MailboxClosed, CauseOf(credential, closed.ServerText).Sentence, closed);

    private static Cause CauseOf(MailCredential credential, string? serverText) => credential.IsOfOther ? ProviderCauses.OfServer : Causes.OfServer(serverText);

    private async Task<(long? ProviderId, MailHome? Home)> HomeAsync(long accountId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var providerId = await db.ConnectedAccounts.Where(a => a.Id == accountId).Select(a => a.ProviderId).SingleOrDefaultAsync(cancellationToken);
        return (providerId, await MailHome.OfAsync(db, providerId, cancellationToken));
    }
}
