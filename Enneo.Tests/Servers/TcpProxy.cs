using System.Net;
using System.Net.Sockets;

namespace Enneo.Tests.Servers;

/// <summary>Passes bytes on between clients and a port of the loopback, as slowly as told.</summary>
public sealed class TcpProxy(int target) : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _pipes = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    /// <summary>From the server to each client; 0 is as fast as it goes.</summary>
    public int BytesPerSecond { get; set; }

    public ValueTask InitializeAsync()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _pipes.Add(ServeAsync(await listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
                await Task.WhenAny(PassAsync(client.GetStream(), server.GetStream(), slowly: false), PassAsync(server.GetStream(), client.GetStream(), slowly: true));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side is gone: so is the other.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool slowly)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                if (slowly && BytesPerSecond is > 0 and var rate)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)count / rate), TimeProvider.System, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        await _accepting;
        await Task.WhenAll(_pipes);
        _stop.Dispose();
    }
}
