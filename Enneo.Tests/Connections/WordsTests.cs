using System.Net;
using System.Net.Sockets;
using Enneo.Core.Connections;

namespace Enneo.Tests.Connections;

public sealed class WordsTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("169.254.0.1", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("168.63.129.16", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("febf::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("::169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("2002:a9fe:a9fe::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("10.0.0.5", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("::ffff:10.0.0.5", false)]
    [InlineData("9.9.9.9", false)]
    [InlineData("2620:fe::9", false)]
    public void Addresses_PrivateOnesAreAllowed_MetadataNever(string address, bool forbidden) =>
        Assert.Equal(forbidden, ForbiddenAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("NO\r\n[ALERT]\tbusy", "NO [ALERT] busy")]
    [InlineData("a\u0000b\u001b[31mc\u202Ed\u200Be", "ab[31mcde")]
    [InlineData("  plain  ", "plain")]
    public void ServerWords_AreOneCleanLine(string said, string shown) => Assert.Equal(shown, ServerWords.Clean(said));

    [Fact]
    public void ServerWords_AreCapped() => Assert.Equal(301, ServerWords.Clean(new string('x', 5000)).Length);

    public static TheoryData<Exception, ConnectionProblem> Failures => new()
    {
        { new SocketException((int)SocketError.HostNotFound), ConnectionProblem.HostNotFound },
        { new SocketException((int)SocketError.TryAgain), ConnectionProblem.HostNotFound },
        { new SocketException((int)SocketError.ConnectionRefused), ConnectionProblem.Refused },
        { new SocketException((int)SocketError.NetworkUnreachable), ConnectionProblem.Refused },
        { new SocketException((int)SocketError.TimedOut), ConnectionProblem.TimedOut },
        { new SocketException((int)SocketError.ConnectionReset), ConnectionProblem.Disconnected },
        { new IOException("cut"), ConnectionProblem.Disconnected },
        { new IOException("slow", new TimeoutException()), ConnectionProblem.TimedOut },
        { new IOException("reset", new SocketException((int)SocketError.ConnectionReset)), ConnectionProblem.Disconnected },
        { new TimeoutException(), ConnectionProblem.TimedOut },
        { new ObjectDisposedException("client"), ConnectionProblem.Disconnected },
        { new MailKit.ServiceNotConnectedException(), ConnectionProblem.Disconnected },
        { new MailKit.Security.AuthenticationException("no"), ConnectionProblem.SignInRefused },
        { new MailKit.Security.AuthenticationException("454: 4.7.0 later"), ConnectionProblem.ServerUnavailable },
        { new MailKit.Security.SslHandshakeException("no"), ConnectionProblem.TlsFailed },
        { new MailKit.Net.Imap.ImapProtocolException("The IMAP server has unexpectedly disconnected."), ConnectionProblem.Disconnected },
        { new MailKit.Net.Imap.ImapProtocolException("Syntax error in greeting."), ConnectionProblem.ProtocolError },
        { new MailKit.Net.Smtp.SmtpProtocolException("The SMTP server has unexpectedly disconnected."), ConnectionProblem.Disconnected },
        { new MailKit.Net.Imap.ImapCommandException(MailKit.Net.Imap.ImapCommandResponse.No, "quota", "NO"), ConnectionProblem.CommandRefused },
        { new MailKit.Net.Imap.ImapCommandException(MailKit.Net.Imap.ImapCommandResponse.Bad, "User is authenticated but not connected.", "BAD"), ConnectionProblem.MailboxClosed },
        { new MailKit.Net.Imap.ImapCommandException(MailKit.Net.Imap.ImapCommandResponse.Bad, "Request is throttled. Suggested Backoff Time: 89117 milliseconds", "BAD"), ConnectionProblem.ServerUnavailable },
        { new MailKit.Net.Imap.ImapCommandException(MailKit.Net.Imap.ImapCommandResponse.No, "Server Unavailable. 15", "NO"), ConnectionProblem.ServerUnavailable },
        { new MailKit.Net.Smtp.SmtpCommandException(MailKit.Net.Smtp.SmtpErrorCode.MessageNotAccepted, MailKit.Net.Smtp.SmtpStatusCode.MailboxUnavailable, "no"), ConnectionProblem.CommandRefused },
        { new MailKit.Net.Smtp.SmtpCommandException(MailKit.Net.Smtp.SmtpErrorCode.UnexpectedStatusCode, MailKit.Net.Smtp.SmtpStatusCode.ServiceNotAvailable, "closing"), ConnectionProblem.ServerUnavailable },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failure_MeansOneProblem(Exception exception, ConnectionProblem problem)
    {
        var failure = MailConnectionException.From(exception, new MailEndpoint("mail.example.test", 993, ConnectionSecurity.Tls));

        Assert.True(MailConnectionException.Covers(exception));
        Assert.Equal(problem, failure.Problem);
        Assert.Equal(problem is ConnectionProblem.CommandRefused, !failure.ConnectionLost);
        Assert.StartsWith("mail.example.test", failure.Message.Replace("There is no server named ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_IsNotCovered() => Assert.False(MailConnectionException.Covers(new OperationCanceledException()));
}
