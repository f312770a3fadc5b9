using Enneo.Core.Data;

namespace Enneo.Web.Shell;

internal static class ErrorStatus
{
    /// <summary>The status of the answer to an exception nobody caught.</summary>
    public static int For(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when PassingTrouble.Of(exception) is not null => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
