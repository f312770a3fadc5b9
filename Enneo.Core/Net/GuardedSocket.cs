using System.Net;
using System.Net.Sockets;

namespace Enneo.Core.Net;

/// <summary>Connects to one of the very addresses that were checked, so that a name that changes its mind gains nothing.</summary>
internal static class GuardedSocket
{
    /// <param name="mayBePrivate">An admin says so.</param>
    /// <exception cref="HttpRequestException">The name is unknown, leads to an address that is not public, or nothing answers there.</exception>
    public static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint to, bool mayBePrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = await resolve(to.Host, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException("The name cannot be resolved.", exception);
        }

        if (!mayBePrivate && !Array.TrueForAll(addresses, PublicAddresses.Contains))
        {
            throw new HttpRequestException("The name leads to an address that is not public.");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var isConnected = false;
        try
        {
            await socket.ConnectAsync(addresses, to.Port, cancellationToken);
            isConnected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException("The server cannot be reached.", exception);
        }
        finally
        {
            if (!isConnected)
            {
                socket.Dispose();
            }
        }
    }
}
