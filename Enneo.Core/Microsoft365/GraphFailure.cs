using Enneo.Core.Connections;
using Enneo.Core.OAuth;

namespace Enneo.Core.Microsoft365;

/// <summary>Graph's refusals, as those of any mail server.</summary>
internal static class GraphFailure
{
    public static async Task<MailConnectionException> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var answer = await GraphSending.ReadAsync(response, cancellationToken);
        return MailConnectionException.BeforeSigningIn(
            answer.End switch
            {
                GraphEnd.SignInAgain => ConnectionProblem.SignInRefused,
                GraphEnd.Refused => ConnectionProblem.CommandRefused,
                _ => ConnectionProblem.ServerUnavailable,
            },
            answer.Words);
    }

    public static MailConnectionException Throttled() =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ServerUnavailable, Causes.Of(Causes.GraphThrottled).Sentence);

    public static MailConnectionException Unreachable(Exception exception) =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ServerUnavailable, Microsoft365Text.GraphUnreachable, exception);

    public static MailConnectionException Unreadable(Exception? exception = null) =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ProtocolError, Microsoft365Text.GraphUnreadable, exception);
}
