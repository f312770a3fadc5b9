using Enneo.Core.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Shell;

internal static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Urls.Health, () => TypedResults.Text("ok")).AllowAnonymous();
        routes.MapGet(Urls.Ready, LookAsync).AllowAnonymous();
        return routes;
    }

    private static async Task<JsonHttpResult<ReadinessReport>> LookAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var report = await readiness.LookAsync(cancellationToken);
        return TypedResults.Json(report, statusCode: report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
