using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Connections;

/// <summary>Opens SMTP connections, for submission (RFC 6409).</summary>
public sealed class SmtpConnector(IOptions<ConnectionOptions> options)
{
    /// <returns>Connected, encrypted as the endpoint says, signed in. End it with <see cref="Leaving.LeaveAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    /// <exception cref="InvalidOperationException">Nothing may be sent through it.</exception>
    public async Task<SubmissionClient> ConnectAsync(MailEndpoint endpoint, MailCredential credential, CancellationToken cancellationToken)
    {
        if (endpoint.IsReadOnly)
        {
            throw new InvalidOperationException("Nothing is sent through this mail server.");
        }

        var connection = await MailConnecting.OpenAsync(refusals => new SubmissionClient(refusals), endpoint, options.Value, cancellationToken);
        try
        {
            await MailConnecting.SignInAsync(connection, credential, options.Value, cancellationToken);
            return connection.Client;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal Task<MailConnection<SmtpClient>> OpenAsync(MailEndpoint endpoint, CancellationToken cancellationToken) =>
        MailConnecting.OpenAsync(refusals => new SmtpClient(refusals), endpoint, options.Value, cancellationToken);

    internal Task SignInAsync(MailConnection<SmtpClient> connection, MailCredential credential, CancellationToken cancellationToken) =>
        MailConnecting.SignInAsync(connection, credential, options.Value, cancellationToken);
}
