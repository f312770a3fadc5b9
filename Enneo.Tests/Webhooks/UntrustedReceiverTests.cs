using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Enneo.Core.Activity;
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
    [Trait("Check", "AK09")]
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

    [Fact]
    [Trait("Check", "AK09")]
    public async Task ACertificateThatAnAdminTrustsIsEnoughForThatWebhook_AndAnotherOneIsRefusedAgain()
    {
        await using var desk = await WebhookDesk.OpenAsync();
        await using var receiver = await WebhookReceiver.StartAsync(_certificate);
        WebhookInput input = new() { Url = receiver.Url, MayBePrivate = true };
        var (webhook, secret) = await desk.AddAsync(_ => input);
        var (other, _) = await desk.AddAsync(_ => input);
        var ticket = await desk.TicketAsync();
        await desk.ToggleAsync(ticket);
        await desk.RunAsync(webhook, other);

        Assert.Empty(receiver.Received);
        Assert.Equal(_certificate.Fingerprint, Assert.Single(await desk.DeliveriesAsync(webhook)).UntrustedCertificate);
        var tried = await desk.Get<WebhookTrial>().RunAsync(webhook, WebhookEvent.TicketCreated, Actor.Operator, Cancel);
        Assert.Equal((null, _certificate.Fingerprint), (tried!.Status, tried.UntrustedCertificate));

        await TrustAsync(string.Join(':', _certificate.Fingerprint.ToLowerInvariant().Chunk(2).Select(two => new string(two)))); // as openssl prints it
        await desk.RunAsync(webhook, other);

        Assert.True(Assert.Single(receiver.Taken).IsSignedBy(secret)); // the other webhook does not trust it
        var told = Assert.Single(await desk.DeliveriesAsync(webhook));
        Assert.Equal((WebhookDeliveryState.Delivered, null, null), (told.State, told.Problem, told.UntrustedCertificate));

        using TestCertificate another = new();
        await receiver.CloseAsync();
        receiver.Certificate = another;
        await receiver.OpenAsync();
        await desk.ToggleAsync(ticket);
        await desk.RunAsync(webhook);

        Assert.Single(receiver.Received);
        var refused = (await desk.DeliveriesAsync(webhook))[^1];
        Assert.Equal((WebhookDeliveryState.Waiting, NetText.CertificateChanged, another.Fingerprint), (refused.State, refused.Problem, refused.UntrustedCertificate));

        await TrustAsync(another.Fingerprint);
        await desk.RunAsync(webhook);
        Assert.Equal(2, receiver.Taken.Count);
        Assert.Equal(2, (await desk.ActivityAsync(ActivityKind.WebhookChanged)).Count(entry => entry.Changes.Contains("trustedCertificate", StringComparison.Ordinal)));

        async Task TrustAsync(string fingerprint) =>
            Assert.Empty((await desk.Get<WebhookEditing>().UpdateAsync(webhook, input with { TrustedCertificate = fingerprint }, rotate: false, Actor.Operator, "test", Cancel)).Errors);
    }

    [Theory]
    [Trait("Check", "AK09")]
    [InlineData("https://127.0.0.1/", "AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34", "Url")]
    [InlineData("http://tickets.example.com/", "AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34AB12CD34", "Url")]
    [InlineData("https://tickets.example.com/", "anything", "TrustedCertificate")]
    public async Task ACertificateThatIsTrustedOpensNoAddressThatWasForbidden(string url, string fingerprint, string field)
    {
        await using var desk = await WebhookDesk.OpenAsync();

        var added = await desk.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = url, TrustedCertificate = fingerprint }, Actor.Operator, "test", Cancel);

        Assert.Equal(field, Assert.Single(added.Errors).Key, ignoreCase: true);
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
