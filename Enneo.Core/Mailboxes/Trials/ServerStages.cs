using System.Globalization;
using Enneo.Core.Connections;
using MailKit;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>The stages that every server has: reach it, look at its certificate, sign in.</summary>
internal sealed class ServerStages<TClient>(
    Func<MailEndpoint, CancellationToken, Task<MailConnection<TClient>>> openAsync,
    Func<MailConnection<TClient>, MailCredential, CancellationToken, Task> signInAsync,
    ServerSettings server,
    CredentialSource credentials) : IAsyncDisposable
    where TClient : MailService
{
    private MailConnection<TClient>? _connection;
    private MailConnectionException? _untrusted;

    /// <summary>Signed in, once the stages have run.</summary>
    public TClient Client => _connection?.Client ?? throw new InvalidOperationException("Not connected.");

    public IReadOnlyList<TestStage> All =>
    [
        new(MailboxText.PurposeReach, ReachAsync),
        new(MailboxText.PurposeCertificate, CertificateAsync, Timed: false),
        new(MailboxText.PurposeSignIn, SignInAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.Client.LeaveAsync(CancellationToken.None);
        }
    }

    /// <summary>Runs a command of a signed-in client; its failure comes out in words.</summary>
    public async Task<StageDone> AskAsync(Func<Task<StageDone>> askAsync)
    {
        try
        {
            return await askAsync();
        }
        catch (Exception exception) when (MailConnectionException.Covers(exception))
        {
            throw MailConnectionException.From(exception, server.Endpoint);
        }
        catch (NotSupportedException exception) // an address beyond ASCII, and no SMTPUTF8 (RFC 6531)
        {
            throw new MailConnectionException(ConnectionProblem.CommandRefused, server.Endpoint, innerException: exception);
        }
    }

    private async Task<StageDone> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = await openAsync(server.Endpoint, cancellationToken);
        }
        catch (MailConnectionException exception) when (exception.Problem is ConnectionProblem.CertificateUntrusted)
        {
            _untrusted = exception; // it was reached: what is wrong belongs to the next stage
            return new StageDone(Format(MailboxText.Reached, server.Host));
        }

        return new StageDone(_connection.TlsVersion is { } version
            ? Format(MailboxText.ReachedEncrypted, server.Host, version)
            : Format(MailboxText.ReachedNotEncrypted, server.Host));
    }

    private Task<StageDone> CertificateAsync(CancellationToken cancellationToken)
    {
        if (_untrusted is not null)
        {
            return Task.FromException<StageDone>(_untrusted);
        }

        var text = _connection?.Certificate is not { } certificate ? MailboxText.CertificateNone
            : Format(
                server.TrustedCertificate is null ? MailboxText.CertificateValid : MailboxText.CertificateByFingerprint,
                certificate.Subject,
                certificate.Issuer,
                certificate.ValidUntil);
        return Task.FromResult(new StageDone(text));
    }

    private async Task<StageDone> SignInAsync(CancellationToken cancellationToken)
    {
        await MailboxSignIn.RunAsync(
            credentials,
            async (credential, token) =>
            {
                var connection = _connection ??= await openAsync(server.Endpoint, token);
                try
                {
                    await signInAsync(connection, credential, token);
                    return connection;
                }
                catch when (credential.IsToken)
                {
                    connection.Dispose(); // it is opened anew for another token
                    _connection = null;
                    throw;
                }
            },
            cancellationToken);
        return new StageDone(Format(MailboxText.SignedIn, server.User));
    }

    private static string Format(string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
