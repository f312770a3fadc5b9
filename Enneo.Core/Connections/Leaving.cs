using System.Net.Sockets;
using MailKit;

namespace Enneo.Core.Connections;

public static class Leaving
{
    /// <summary>For LOGOUT or QUIT; a dead peer would keep us waiting for the whole time-out.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Says good-bye if that is quick, and disposes of the client in any case. Never throws because of the server.</summary>
    /// <param name="cancellationToken">When cancelled the connection is dropped at once.</param>
    public static async Task LeaveAsync(this MailService client, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            if (client.IsConnected)
            {
                await client.DisconnectAsync(quit: true, patience.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or CommandException or ProtocolException or ObjectDisposedException or InvalidOperationException)
        {
            // Gone already, or in the middle of a command: nothing is lost by dropping it.
        }
        finally
        {
            client.Dispose();
        }
    }
}
