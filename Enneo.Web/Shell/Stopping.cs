namespace Enneo.Web.Shell;

/// <summary>
/// While the server stops it takes nothing new. Its open pages are cut off first and connect again at
/// once: one that still got in would hold up the end for half a minute.
/// </summary>
internal static class Stopping
{
    /// <summary>Seconds that a restart takes at the least.</summary>
    private const string RetryAfter = "5";

    public static void UseStopping(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.Connection = "close";
            context.Response.Headers.RetryAfter = RetryAfter;
            return Task.CompletedTask;
        });
    }
}
