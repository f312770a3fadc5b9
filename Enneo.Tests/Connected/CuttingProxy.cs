using System.Net;
using System.Net.Sockets;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Connected;

/// <summary>Passes bytes on to a port of the loopback, and now and then cuts a connection in the middle.</summary>
internal sealed class CuttingProxy(int target, int seed) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random = new(seed);
    private readonly TcpListener _listener = new(IPAddress.Loopback, FreePort.Next());
    private Task _accepting = Task.CompletedTask;

    /// <summary>From 0 to 1: how many of the connections do not live.</summary>
    public double Chance { get; set; }

    /// <summary>Connections are kept for many calls: those that live are cut at some time, too.</summary>
    public bool CutsLiving { get; init; }

    public int Cuts { get; private set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                served.Add(ServeAsync(client, Draw() < Chance ? (int)(200 + (Draw() * 5800)) : null));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    /// <param name="limit">After so many bytes, of both ways, it is cut.</param>
    private async Task ServeAsync(TcpClient client, int? limit)
    {
        using TcpClient server = new();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
                var (passed, isCut) = (0, false);
                bool MayPass(int count)
                {
                    isCut |= (limit is not null && Interlocked.Add(ref passed, count) >= limit) || (CutsLiving && Draw() < Chance / 50);
                    return !isCut;
                }

                await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream(), MayPass), PassAsync(server.GetStream(), client.GetStream(), MayPass));
                Cuts += isCut ? 1 : 0;
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone: so is the other.
            }
        }
    }

    private double Draw()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, Func<int, bool> mayPass)
    {
        var buffer = new byte[1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count && mayPass(count))
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
