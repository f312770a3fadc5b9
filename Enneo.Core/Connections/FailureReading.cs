using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Enneo.Core.Connections;

/// <summary>Reads MailKit's exceptions and servers' refusals: what they mean for the connection.</summary>
internal static partial class FailureReading
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1);

    public static (ConnectionProblem Problem, string? ServerText) Of(Exception exception) => exception switch
    {
        AuthenticationException or SaslException => (OfRefusal(exception.Message, ConnectionProblem.SignInRefused), exception.Message),
        SslHandshakeException { InnerException: OperationCanceledException or TimeoutException } => (ConnectionProblem.TimedOut, null),
        SslHandshakeException or System.Security.Authentication.AuthenticationException => (ConnectionProblem.TlsFailed, null),
        ImapCommandException refused => OfCommand($"{refused.Response.ToString().ToUpperInvariant()} {refused.ResponseText}"),
        SmtpCommandException refused => OfCommand(string.Create(CultureInfo.InvariantCulture, $"{(int)refused.StatusCode} {refused.Message}")),
        CommandException or FolderNotFoundException or MessageNotFoundException or FolderNotOpenException => (ConnectionProblem.CommandRefused, exception.Message),
        ProtocolException when Disconnection().IsMatch(exception.Message) => (ConnectionProblem.Disconnected, null),
        ProtocolException or ServiceNotAuthenticatedException => (ConnectionProblem.ProtocolError, null),
        SocketException socket => (OfSocket(socket), null),
        TimeoutException or OperationCanceledException => (ConnectionProblem.TimedOut, null),
        IOException { InnerException: { } inner and (TimeoutException or SocketException) } => Of(inner),
        _ => (ConnectionProblem.Disconnected, null),
    };

    /// <param name="refusal">A status line as <see cref="RefusalListener"/> keeps it.</param>
    /// <param name="otherwise">What it is when the words do not say that the server is merely busy.</param>
    public static ConnectionProblem OfRefusal(string refusal, ConnectionProblem otherwise) =>
        NotConnected().IsMatch(refusal) ? ConnectionProblem.MailboxClosed
        : HeldBack().IsMatch(refusal) || ServerBusy().IsMatch(refusal) ? ConnectionProblem.ServerUnavailable
        : otherwise;

    /// <summary>Signed in, and then every command is refused: how Microsoft 365 answers an account that may not use IMAP.</summary>
    public static bool SaysNotConnected(string refusal) => NotConnected().IsMatch(refusal);

    /// <summary>Signed in, and then no command is taken for a while.</summary>
    public static bool SaysHeldBack(string refusal) => HeldBack().IsMatch(refusal);

    /// <returns>For how long the server asks to be left alone, an hour at most; null where it does not say.</returns>
    public static TimeSpan? PauseIn(string? refusal) =>
        refusal is not null && Pause().Match(refusal) is { Success: true } told && long.TryParse(told.Groups["milliseconds"].Value, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, s_longestPause.TotalMilliseconds))
            : null;

    private static (ConnectionProblem Problem, string? ServerText) OfCommand(string refusal)
    {
        var problem = NotConnected().IsMatch(refusal) ? ConnectionProblem.MailboxClosed
            : HeldBack().IsMatch(refusal) || ServerGone().IsMatch(refusal) ? ConnectionProblem.ServerUnavailable
            : ConnectionProblem.CommandRefused;
        return (problem, refusal);
    }

    private static ConnectionProblem OfSocket(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => ConnectionProblem.HostNotFound,
        SocketError.TimedOut => ConnectionProblem.TimedOut,
        SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.NetworkDown or SocketError.AccessDenied or SocketError.AddressFamilyNotSupported => ConnectionProblem.Refused,
        _ => ConnectionProblem.Disconnected,
    };

    [GeneratedRegex("authenticated but not connected", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotConnected();

    /// <summary>What Exchange says to who asks too much of it, and while it is out of order.</summary>
    [GeneratedRegex(@"request is throttled|suggested backoff time|^(?:NO|BAD) server unavailable", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HeldBack();

    [GeneratedRegex("suggested backoff time: *(?<milliseconds>[0-9]{1,12}) *milliseconds", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pause();

    /// <summary>RFC 5530 codes, SMTP replies 4xx, and what servers say in place of them.</summary>
    [GeneratedRegex(@"\[(?:UNAVAILABLE|LIMIT|INUSE|SERVERBUG)\]|^BYE\b|^4[0-9][0-9]\b|too many|maximum number of|temporar|try again", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ServerBusy();

    /// <summary>Of a command in a session: 421 means that the server closes (RFC 5321, section 4.2.3).</summary>
    [GeneratedRegex(@"\[UNAVAILABLE\]|^BYE\b|^421\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ServerGone();

    [GeneratedRegex("disconnect", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Disconnection();
}
