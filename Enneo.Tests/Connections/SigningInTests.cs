using Enneo.Core.Connections;
using Enneo.Tests.Servers;
using MailKit;
using static Enneo.Tests.Connections.Connectors;

namespace Enneo.Tests.Connections;

public sealed class SigningInTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("NO [AUTHENTICATIONFAILED] Authentication failed.", ConnectionProblem.SignInRefused)]
    [InlineData("NO [UNAVAILABLE] Temporary authentication failure.", ConnectionProblem.ServerUnavailable)]
    [InlineData("NO [ALERT] Too many simultaneous connections. (Failure)", ConnectionProblem.ServerUnavailable)]
    [InlineData("NO User is authenticated but not connected", ConnectionProblem.MailboxClosed)]
    [InlineData("BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", ConnectionProblem.ServerUnavailable)]
    [InlineData("NO Server Unavailable. 15", ConnectionProblem.ServerUnavailable)]
    public async Task ImapRefusal_IsReadByItsWords(string answer, ConnectionProblem problem)
    {
        await using ScriptedImapServer server = new();
        server.Override = async (command, session) =>
        {
            if (command.Name is not ("AUTHENTICATE" or "LOGIN"))
            {
                return false;
            }

            await session.WriteAsync($"{command.Tag} {answer}");
            return true;
        };
        await server.InitializeAsync();

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal((problem, answer), (failure.Problem, failure.ServerText));
    }

    /// <summary>Microsoft 365 accepts the sign-in and refuses every command after it.</summary>
    [Theory]
    [InlineData("BAD User is authenticated but not connected.", ConnectionProblem.MailboxClosed, "does not open the mailbox", null)]
    [InlineData("BAD Request is throttled. Suggested Backoff Time: 89117 milliseconds", ConnectionProblem.ServerUnavailable, "holds this mailbox back", 89117)]
    [InlineData("NO Server Unavailable. 15", ConnectionProblem.ServerUnavailable, "holds this mailbox back", null)]
    public async Task SignedInAndRefusedFromThenOn_IsNoMatterOfTheSignIn(string answer, ConnectionProblem problem, string words, int? milliseconds)
    {
        await using ScriptedImapServer server = new();
        server.Override = async (command, session) =>
        {
            if (command.Name is "CAPABILITY" or "AUTHENTICATE" or "LOGIN")
            {
                return false;
            }

            await session.WriteAsync($"{command.Tag} {answer}");
            return true;
        };
        await server.InitializeAsync();

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal((problem, milliseconds), (failure.Problem, (int?)failure.RetryAfter?.TotalMilliseconds));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatRepeatsThePassword_IsNotQuoted()
    {
        await using ScriptedImapServer server = new();
        server.Override = async (command, session) =>
        {
            if (command.Name is not ("AUTHENTICATE" or "LOGIN"))
            {
                return false;
            }

            await session.WriteAsync($"{command.Tag} NO wrong: {Credential.Password}");
            return true;
        };
        await server.InitializeAsync();

        var failure = await ImapFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal(ConnectionProblem.SignInRefused, failure.Problem);
    }

    [Theory]
    [InlineData("535 5.7.8 Error: authentication failed", ConnectionProblem.SignInRefused)]
    [InlineData("454 4.7.0 Temporary authentication failure", ConnectionProblem.ServerUnavailable)]
    [InlineData("421 4.7.0 Try again later", ConnectionProblem.ServerUnavailable)]
    public async Task SmtpRefusal_IsReadByItsCode(string answer, ConnectionProblem problem)
    {
        await using SmtpSink server = new() { User = Credential.User, Password = Credential.Password };
        server.Faults.Answer(SmtpStage.Authentication, answer);
        await server.InitializeAsync();

        var failure = await SmtpFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal((problem, answer), (failure.Problem, failure.ServerText));
    }

    [Fact]
    public async Task SmtpWithoutAuthentication_SaysSo()
    {
        await using SmtpSink server = new();
        await server.InitializeAsync();

        var failure = await SmtpFailureAsync(Endpoint(server.Port, ConnectionSecurity.None), Cancelled);

        Assert.Equal(ConnectionProblem.SignInRefused, failure.Problem);
        Assert.Contains("no way to sign in", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionCutLater_IsLost_AndARefusalIsNot()
    {
        await using ScriptedImapServer server = new();
        await server.InitializeAsync();
        var endpoint = Endpoint(server.Port, ConnectionSecurity.None);
        using var client = await Imap().ConnectAsync(endpoint, Credential, Cancelled);

        server.Override = async (command, session) =>
        {
            await session.WriteAsync($"{command.Tag} NO [SERVERBUG] not now");
            return true;
        };
        var refused = await FailureAsync(() => client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancelled), endpoint);

        server.Override = (_, session) =>
        {
            session.HangUp();
            return Task.FromResult(true);
        };
        var cut = await FailureAsync(() => client.NoOpAsync(Cancelled), endpoint);
        var after = await FailureAsync(() => client.NoOpAsync(Cancelled), endpoint);

        Assert.Equal((ConnectionProblem.CommandRefused, false), (refused.Problem, refused.ConnectionLost));
        Assert.Equal((ConnectionProblem.Disconnected, true), (cut.Problem, cut.ConnectionLost));
        Assert.Equal((ConnectionProblem.Disconnected, true), (after.Problem, after.ConnectionLost));
    }

    private static async Task<MailConnectionException> FailureAsync(Func<Task> command, MailEndpoint endpoint)
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(command);
        Assert.True(MailConnectionException.Covers(exception));
        return MailConnectionException.From(exception, endpoint);
    }
}
