using MailKit.Net.Imap;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Connections;

/// <summary>Opens IMAP connections. Each client belongs to its caller, who uses it for one command at a time.</summary>
public sealed class ImapConnector(IOptions<ConnectionOptions> options)
{
    /// <returns>Connected, encrypted as the endpoint says, signed in. End it with <see cref="Leaving.LeaveAsync"/>.</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    public async Task<ImapClient> ConnectAsync(MailEndpoint endpoint, MailCredential credential, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(endpoint, cancellationToken);
        try
        {
            await SignInAsync(connection, credential, cancellationToken);
            return connection.Client;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal Task<MailConnection<ImapClient>> OpenAsync(MailEndpoint endpoint, CancellationToken cancellationToken) =>
        MailConnecting.OpenAsync<ImapClient>(refusals => new ReceivingClient(refusals, endpoint.IsReadOnly), endpoint, options.Value, cancellationToken);

    internal Task SignInAsync(MailConnection<ImapClient> connection, MailCredential credential, CancellationToken cancellationToken) =>
        MailConnecting.SignInAsync(connection, credential, options.Value, cancellationToken);
}
