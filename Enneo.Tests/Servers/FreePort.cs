using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enneo.Tests.Servers;

/// <summary>
/// Ports of the loopback that nobody listens on; none is given twice in one run. They lie below those that the kernel
/// gives to outgoing connections, which would take them before the server starts that they are meant for.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly ConcurrentDictionary<int, bool> s_given = new();

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (s_given.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
