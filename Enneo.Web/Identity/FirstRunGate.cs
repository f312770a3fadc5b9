using Enneo.Core.Identity;
using Enneo.Web.Shell;

namespace Enneo.Web.Identity;

/// <summary>While there is no admin, everything leads to the page that makes the first one.</summary>
internal sealed class FirstRunGate(RequestDelegate next, Accounts accounts)
{
    private volatile bool _closed; // once closed it never opens again, so that is asked only until then

    public async Task InvokeAsync(HttpContext context)
    {
        if (!_closed && Security.IsGuarded(context))
        {
            _closed = !await accounts.IsFirstRunOpenAsync(context.RequestAborted);
            if (!_closed && !context.Request.Path.Equals(Urls.FirstRun, StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Redirect(Urls.FirstRun);
                return;
            }
        }

        await next(context);
    }
}
