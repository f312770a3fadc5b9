using System.Net.Sockets;
using MailKit;
using MailKit.Security;

namespace Enneo.Core.Connections;

/// <summary>
/// A mail server could not be used. The message is a plain sentence for people: what is wrong and what
/// to do; it holds no secret and nothing that the server wrote, that is <see cref="ServerText"/>.
/// </summary>
public sealed class MailConnectionException : Exception
{
    public MailConnectionException(
        ConnectionProblem problem, MailEndpoint endpoint, string? serverText = null, ServerCertificate? certificate = null, Exception? innerException = null)
        : base(ProblemSentence.For(problem, endpoint, serverText, certificate), innerException)
    {
        Problem = problem;
        ServerText = ServerWords.CleanOrNull(serverText);
        Certificate = certificate;
    }

    private MailConnectionException(ConnectionProblem problem, string sentence, Exception? innerException)
        : base(sentence, innerException) =>
        Problem = problem;

    public ConnectionProblem Problem { get; }

    /// <summary>The server's own words, cleaned and capped; still to be encoded where they are shown.</summary>
    public string? ServerText { get; }

    /// <summary>For how long the server asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter => FailureReading.PauseIn(ServerText);

    /// <summary>The certificate that was refused; only with <see cref="ConnectionProblem.CertificateUntrusted"/>.</summary>
    public ServerCertificate? Certificate { get; }

    /// <summary>Whether the client that threw must be thrown away; false when the server merely said no.</summary>
    public bool ConnectionLost => Problem is not ConnectionProblem.CommandRefused;

    /// <summary>Whether <paramref name="exception"/> is one with which MailKit or the network reports a failure. Cancellation is not.</summary>
    public static bool Covers(Exception exception) => exception
        is MailConnectionException
        or CommandException
        or ProtocolException
        or AuthenticationException
        or SaslException
        or SslHandshakeException
        or ServiceNotConnectedException
        or ServiceNotAuthenticatedException
        or FolderNotFoundException
        or MessageNotFoundException
        or FolderNotOpenException
        or System.Security.Authentication.AuthenticationException
        or SocketException
        or IOException
        or TimeoutException
        or ObjectDisposedException;

    /// <summary>It failed before the server was asked: whoever vouches for us does not.</summary>
    /// <param name="sentence">For people, and without secrets.</param>
    public static MailConnectionException BeforeSigningIn(ConnectionProblem problem, string sentence, Exception? innerException = null) =>
        new(problem, sentence, innerException);

    /// <summary>Says what a failure of a connected client means; use it for exceptions that <see cref="Covers"/> names.</summary>
    public static MailConnectionException From(Exception exception, MailEndpoint endpoint)
    {
        if (exception is MailConnectionException already)
        {
            return already;
        }

        var (problem, serverText) = FailureReading.Of(exception);
        return new MailConnectionException(problem, endpoint, serverText, innerException: exception);
    }
}
