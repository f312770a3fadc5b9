using System.Net;
using System.Net.Sockets;

namespace Enneo.Core.Connections;

/// <summary>
/// Reaches a mail server: looks its name up, leaves out <see cref="ForbiddenAddresses"/>, and connects
/// to the very addresses that were checked, so that a second look-up cannot answer otherwise.
/// </summary>
internal static class MailSocket
{
    /// <summary>For each address but the last: a dead IPv6 route must not use up the time of the IPv4 that works.</summary>
    private static readonly TimeSpan s_perAddress = TimeSpan.FromSeconds(3);

    /// <exception cref="MailConnectionException">Only forbidden addresses.</exception>
    /// <exception cref="SocketException">Unknown name, or no address answered.</exception>
    public static async Task<Socket> ConnectAsync(MailEndpoint endpoint, CancellationToken cancellationToken)
    {
        var found = await ResolveAsync(endpoint.Host, cancellationToken);
        var allowed = found.Where(address => !ForbiddenAddresses.Contains(address)).ToArray();
        if (found.Length > 0 && allowed.Length == 0)
        {
            throw new MailConnectionException(ConnectionProblem.AddressNotAllowed, endpoint);
        }

        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (var address in allowed)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (address != allowed[^1])
            {
                patience.CancelAfter(s_perAddress);
            }

            try
            {
                return await ConnectAsync(new IPEndPoint(address, endpoint.Port), patience.Token);
            }
            catch (SocketException exception)
            {
                failure = exception;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure;
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new SocketException((int)SocketError.HostNotFound, exception.Message); // too long, or no name at all
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A connection that waits for news must notice when the way to the server is gone.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(address, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
