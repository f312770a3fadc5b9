using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enneo.Tests.Servers;

/// <summary>Takes connections and then says nothing, for as long as it lives; optionally after a greeting.</summary>
public sealed class SilentServer : IAsyncLifetime
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    /// <summary>Said once, such as <c>* OK ready</c>; empty means nothing at all.</summary>
    public string Greeting { get; init; } = "";

    public int Connections => _clients.Count;

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
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                _clients.Add(client);
                if (Greeting.Length > 0)
                {
                    await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(Greeting + "\r\n"), _stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        await _accepting;
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stop.Dispose();
    }
}
