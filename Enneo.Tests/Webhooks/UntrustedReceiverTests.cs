using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Webhooks;

/// <summary>A receiver, or another system, for whose certificate nobody vouches is told nothing.</summary>
public sealed class UntrustedReceiverTests : IDisposable
{
    private readonly TestCertificate _certificate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASelfSignedReceiverGetsNothing_NotEvenACredential()
    {
        await using var desk = await WebhookDesk.OpenAsync();
        _listener.Start();
        var address = string.Create(CultureInfo.InvariantCulture, $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/told");
        var heard = HearAsync(connections: 2);
        var (webhook, _) = await desk.AddAsync(input => input with { Url = address });
        await desk.ToggleAsync(await desk.TicketAsync());

        await desk.RunAsync(webhook);
        using GuardedCalls calls = new(TimeProvider.System);
        var called = await calls.SendAsync(HttpMethod.Get, new Uri(address), mayBePrivate: true, null, new Dictionary<string, string> { ["authorization"] = "Bearer secret" }, TimeSpan.FromSeconds(20), 1000, Cancel);

        var delivery = Assert.Single(await desk.DeliveriesAsync(webhook));
        Assert.Equal((WebhookDeliveryState.Waiting, null), (delivery.State, delivery.Status));
        Assert.NotEmpty(delivery.Problem!);
        Assert.Null(called.Status);
        Assert.NotEmpty(called.Problem!);
        Assert.Equal(0, await heard);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    /// <returns>Bytes that came once the line was encrypted.</returns>
    private async Task<int> HearAsync(int connections)
    {
        var heard = 0;
        for (var i = 0; i < connections; i++)
        {
            using var client = await _listener.AcceptTcpClientAsync(Cancel);
            await using SslStream line = new(client.GetStream());
            try
            {
                await line.AuthenticateAsServerAsync(_certificate.Certificate);
                heard += await line.ReadAsync(new byte[1000], Cancel);
            }
            catch (Exception exception) when (exception is AuthenticationException or IOException)
            {
                // Who is refused hangs up.
            }
        }

        return heard;
    }
}
