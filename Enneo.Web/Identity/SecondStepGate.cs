using Enneo.Web.Shell;

namespace Enneo.Web.Identity;

/// <summary>Whether the person of this request must set up a second step before anything else.</summary>
internal sealed record SecondStepFeature(bool IsMissing);

/// <summary>Who must have a second step and has none gets to the pages where it is set up, and to the way out, and to nothing else.</summary>
internal sealed class SecondStepGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<SecondStepFeature>() is not { IsMissing: true } || IsOpen(context))
        {
            return next(context);
        }

        if (HttpMethods.IsGet(context.Request.Method) && ErrorAnswers.WantsPage(context.Request) && !ErrorAnswers.IsFrame(context.Request))
        {
            context.Response.Redirect(Urls.Account);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        return Task.CompletedTask;
    }

    private static bool IsOpen(HttpContext context) =>
        !Security.IsGuarded(context)
        || context.Request.Path.StartsWithSegments(Urls.Account, StringComparison.OrdinalIgnoreCase)
        || context.Request.Path.Equals(Urls.SignOut, StringComparison.OrdinalIgnoreCase);
}
