using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Identity;

/// <summary>No passwords and no mail over plain http, except from this machine to itself: a page says what to do instead.</summary>
internal sealed class PlainHttpGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.IsHttps || Security.IsLocal(context) || !Security.IsGuarded(context))
        {
            return next(context);
        }

        if (context.Request.Path.StartsWithSegments(Urls.Api, StringComparison.OrdinalIgnoreCase))
        {
            return TypedResults.Problem(ApiText.PlainHttp, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        }

        RazorComponentResult<PlainHttpPage> page = new(new { Host = context.Request.Host.Host }) { StatusCode = StatusCodes.Status403Forbidden };
        return page.ExecuteAsync(context);
    }
}
