using System.Net;
using Enneo.Core.Connections;
using Enneo.Core.OAuth;

namespace Enneo.Core.Microsoft365;

/// <summary>Graph's refusals, as those of any mail server.</summary>
internal static class GraphFailure
{
    /// <param name="isOfOne">A single message was asked about: what may not be done to it, or makes Graph stumble, says nothing of the others.</param>
    public static async Task<MailConnectionException> OfAsync(HttpResponseMessage response, bool isOfOne, CancellationToken cancellationToken)
    {
        var answer = await GraphSending.ReadAsync(response, cancellationToken);
        return MailConnectionException.BeforeSigningIn(
            isOfOne && (response.StatusCode is HttpStatusCode.Forbidden || Stumbles(response.StatusCode)) ? ConnectionProblem.CommandRefused : answer.End switch
            {
                GraphEnd.SignInAgain => ConnectionProblem.SignInRefused,
                GraphEnd.Refused => ConnectionProblem.CommandRefused,
                _ => ConnectionProblem.ServerUnavailable,
            },
            answer.Words);
    }

    /// <summary>Answered, and not for lack of time: as to <c>ErrorMimeContentConversionFailed</c>, which stays.</summary>
    public static bool Stumbles(HttpStatusCode status) =>
        status is >= HttpStatusCode.InternalServerError and not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);

    /// <summary>A mail has more than nothing in it.</summary>
    public static MailConnectionException Empty() => MailConnectionException.BeforeSigningIn(ConnectionProblem.CommandRefused, Microsoft365Text.GraphEmpty);

    public static MailConnectionException Throttled() =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ServerUnavailable, Causes.Of(Causes.GraphThrottled).Sentence);

    public static MailConnectionException Unreachable(Exception exception) =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ServerUnavailable, Microsoft365Text.GraphUnreachable, exception);

    public static MailConnectionException Unreadable(Exception? exception = null) =>
        MailConnectionException.BeforeSigningIn(ConnectionProblem.ProtocolError, Microsoft365Text.GraphUnreadable, exception);
}
