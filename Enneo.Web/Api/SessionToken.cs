using Microsoft.AspNetCore.Antiforgery;

namespace Enneo.Web.Api;

/// <summary>What a browser's session changes needs the token of our own page besides; a key is proof enough.</summary>
internal sealed class SessionToken(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        return http.User.Identity?.IsAuthenticated is not true || ApiClaims.FindKeyId(http.User) is not null || HttpMethods.IsGet(http.Request.Method) || await antiforgery.IsRequestValidAsync(http)
            ? await next(context)
            : TypedResults.Problem(ApiText.TokenMissing, statusCode: StatusCodes.Status400BadRequest);
    }
}
