using System.Diagnostics;
using Enneo.Core.Connections;
using Enneo.Tests.Servers;
using static Enneo.Tests.Connections.Connectors;

namespace Enneo.Tests.Connections;

public sealed class ReachingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownName_IsHostNotFound()
    {
        var failure = await ImapFailureAsync(new MailEndpoint("imap.nowhere.invalid", 993, ConnectionSecurity.Tls), Cancelled);

        Assert.Equal(ConnectionProblem.HostNotFound, failure.Problem);
        Assert.Contains("imap.nowhere.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyListening_IsRefused()
    {
        var failure = await SmtpFailureAsync(Endpoint(FreePort.Next(), ConnectionSecurity.Tls), Cancelled);

        Assert.Equal(ConnectionProblem.Refused, failure.Problem);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("2852039166")] // the same as one number
    [InlineData("0xA9FEA9FE")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("0.0.0.0")]
    public async Task ForbiddenAddress_IsRefusedBeforeAnyPacket(string host)
    {
        var failure = await ImapFailureAsync(new MailEndpoint(host, 80, ConnectionSecurity.None), Cancelled);

        Assert.Equal(ConnectionProblem.AddressNotAllowed, failure.Problem);
    }

    [Theory]
    [InlineData("", ConnectionSecurity.Tls)]
    [InlineData("", ConnectionSecurity.None)]
    [InlineData("* OK ready", ConnectionSecurity.StartTls)]
    public async Task SilentServer_TimesOutWithinItsBound(string greeting, ConnectionSecurity security)
    {
        await using SilentServer server = new() { Greeting = greeting };
        await server.InitializeAsync();
        var started = Stopwatch.GetTimestamp();

        var failure = await ImapFailureAsync(Endpoint(server.Port, security), Cancelled, connector: Imap(connectTimeout: TimeSpan.FromSeconds(1)));

        Assert.Equal(ConnectionProblem.TimedOut, failure.Problem);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task ServerThatFallsSilentAtSignIn_TimesOutWithinItsBound()
    {
        await using ScriptedImapServer server = new() { Override = (command, _) => Task.FromResult(command.Name is "AUTHENTICATE" or "LOGIN") };
        await server.InitializeAsync();
        var started = Stopwatch.GetTimestamp();

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled, connector: Imap(timeout: TimeSpan.FromSeconds(1)));

        Assert.Equal(ConnectionProblem.TimedOut, failure.Problem);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cancelling_IsNoFailureOfTheServer()
    {
        await using SilentServer server = new();
        await server.InitializeAsync();
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Imap().ConnectAsync(Endpoint(server.Port, ConnectionSecurity.Tls), Credential, stop.Token));
    }

    [Theory]
    [InlineData("* BYE Too many connections from your address\r\n", ConnectionProblem.ServerUnavailable, "BYE Too many connections from your address")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", ConnectionProblem.ProtocolError, null)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", ConnectionProblem.ProtocolError, null)]
    public async Task ImapGreeting_SaysWhatIsThere(string greeting, ConnectionProblem problem, string? words)
    {
        await using RecordingServer server = new(greeting, (_, _) => null);

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal((problem, words), (failure.Problem, failure.ServerText));
    }

    [Fact]
    public async Task SmtpGreeting421_IsUnavailable()
    {
        await using RecordingServer server = new("421 4.3.2 under maintenance\r\n", (_, _) => null);

        var failure = await SmtpFailureAsync(Endpoint(server.Port, ConnectionSecurity.StartTls), Cancelled);

        Assert.Equal((ConnectionProblem.ServerUnavailable, "421 4.3.2 under maintenance"), (failure.Problem, failure.ServerText));
    }

    [Fact]
    public async Task Leaving_DoesNotHangOnADeadPeer()
    {
        await using ScriptedImapServer server = new() { Override = (command, _) => Task.FromResult(command.Name is "LOGOUT") };
        await server.InitializeAsync();
        var client = await Imap().ConnectAsync(Endpoint(server.Port, ConnectionSecurity.None), Credential, Cancelled);
        var started = Stopwatch.GetTimestamp();

        await client.LeaveAsync(Cancelled);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(4));
    }
}
