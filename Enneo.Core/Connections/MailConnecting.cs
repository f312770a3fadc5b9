using MailKit;
using MailKit.Security;

namespace Enneo.Core.Connections;

/// <summary>How IMAP and SMTP connections are opened alike: reached, encrypted, and only then signed in.</summary>
internal static class MailConnecting
{
    /// <exception cref="MailConnectionException">It did not succeed; nothing secret was sent.</exception>
    public static async Task<MailConnection<TClient>> OpenAsync<TClient>(
        Func<IProtocolLogger, TClient> create, MailEndpoint endpoint, ConnectionOptions options, CancellationToken cancellationToken)
        where TClient : MailService
    {
        CertificateCheck certificate = new(endpoint);
        RefusalListener refusals = new();
        var client = create(refusals);
        try
        {
            client.ServerCertificateValidationCallback = certificate.Accept;
            client.CheckCertificateRevocation = false; // asking the authority would tell it, and fail, whenever it is slow
            client.Timeout = (int)options.Timeout.TotalMilliseconds;

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(options.ConnectTimeout);
            await ConnectAsync(client, endpoint, patience.Token);
            return new MailConnection<TClient>(client, endpoint, certificate, refusals);
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            client.Dispose();
            cancellationToken.ThrowIfCancellationRequested(); // MailKit hides it in a failed handshake
            throw FailedToOpen(exception, endpoint, certificate, refusals.LastRefusal);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <exception cref="MailConnectionException">The server refused, or went away; the connection is to be disposed of.</exception>
    public static async Task SignInAsync<TClient>(
        MailConnection<TClient> connection, MailCredential credential, ConnectionOptions options, CancellationToken cancellationToken)
        where TClient : MailService
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        try
        {
            if (!connection.Client.IsAuthenticated) // a server may have done so by itself (PREAUTH, RFC 9051, section 7.1.4)
            {
                await (credential.Mechanism is { } mechanism
                    ? connection.Client.AuthenticateAsync(BearerSignIn.Of(credential, mechanism), patience.Token)
                    : connection.Client.AuthenticateAsync(credential.User, credential.Password, patience.Token));
            }

            if (connection.Refusals.LastRefusal is { } refusal && FailureReading.SaysNotConnected(refusal))
            {
                // MailKit shrugs this off while it asks for namespaces and folders; every later command would fail.
                throw new MailConnectionException(ConnectionProblem.MailboxClosed, connection.Endpoint, refusal);
            }

            if (connection.Refusals.LastRefusal is { } held && FailureReading.SaysHeldBack(held))
            {
                throw new MailConnectionException(ConnectionProblem.ServerUnavailable, connection.Endpoint, held);
            }

            connection.Refusals.StopListening();
        }
        catch (Exception exception) when (IsFailure(exception, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailedToSignIn(exception, connection.Endpoint, credential, connection.Refusals.LastRefusal);
        }
    }

    private static async Task ConnectAsync(MailService client, MailEndpoint endpoint, CancellationToken cancellationToken)
    {
        var socket = await MailSocket.ConnectAsync(endpoint, cancellationToken);
        try
        {
            await client.ConnectAsync(socket, endpoint.Host, endpoint.Port, endpoint.Security switch
            {
                ConnectionSecurity.Tls => SecureSocketOptions.SslOnConnect,
                ConnectionSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            }, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        if (endpoint.Security is not ConnectionSecurity.None && !client.IsSecure)
        {
            throw new MailConnectionException(ConnectionProblem.TlsFailed, endpoint);
        }
    }

    private static MailConnectionException FailedToOpen(Exception exception, MailEndpoint endpoint, CertificateCheck certificate, string? refusal)
    {
        if (exception is MailConnectionException already)
        {
            return already;
        }

        if (certificate.Refused)
        {
            return new MailConnectionException(ConnectionProblem.CertificateUntrusted, endpoint, certificate: certificate.Shown, innerException: exception);
        }

        if (exception is NotSupportedException)
        {
            return new MailConnectionException(ConnectionProblem.StartTlsMissing, endpoint, innerException: exception);
        }

        var (problem, serverText) = FailureReading.Of(exception);
        if (refusal is not null && problem is not (ConnectionProblem.TimedOut or ConnectionProblem.TlsFailed))
        {
            // Refused in the greeting or by STARTTLS: there is no session in which a mere "no" would be harmless.
            problem = FailureReading.OfRefusal(refusal, endpoint.Security is ConnectionSecurity.StartTls ? ConnectionProblem.StartTlsMissing : ConnectionProblem.ServerUnavailable);
            serverText = refusal;
        }

        return new MailConnectionException(problem, endpoint, serverText, innerException: exception);
    }

    private static MailConnectionException FailedToSignIn(Exception exception, MailEndpoint endpoint, MailCredential credential, string? refusal)
    {
        if (exception is MailConnectionException already)
        {
            return already;
        }

        var (problem, serverText) = exception is NotSupportedException
            ? (ConnectionProblem.SignInRefused, null) // no way to sign in is offered
            : FailureReading.Of(exception);
        if (refusal is not null && problem is not ConnectionProblem.TimedOut)
        {
            problem = FailureReading.OfRefusal(refusal, ConnectionProblem.SignInRefused);
            serverText = refusal;
        }

        // A server that repeats what we sent must not bring the password into a log or onto a page.
        return Repeats(exception.ToString(), credential) || Repeats(serverText, credential)
            ? new MailConnectionException(problem, endpoint, ConnectionText.RepeatedPassword)
            : new MailConnectionException(problem, endpoint, serverText, innerException: exception);
    }

    private static bool Repeats(string? text, MailCredential credential) =>
        credential.Password.Length > 0 && text?.Contains(credential.Password, StringComparison.Ordinal) == true;

    /// <summary>NotSupportedException is MailKit's word for STARTTLS or authentication that the server does not offer.</summary>
    private static bool IsFailure(Exception exception, CancellationToken cancellationToken) =>
        MailConnectionException.Covers(exception)
        || exception is NotSupportedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
