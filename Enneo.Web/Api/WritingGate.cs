using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;

namespace Enneo.Web.Api;

/// <summary>Refuses a change that would wait behind very many: who tries again later waits outside, and holds no memory meanwhile.</summary>
internal sealed class WritingGate(WriterLane lane) : IEndpointFilter
{
    /// <summary>A second or so of work.</summary>
    public const int MostWaiting = 1000;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        lane.Waiting > MostWaiting && IsChange(context.HttpContext)
            ? ValueTask.FromResult<object?>(ApiProblem.Busy(context.HttpContext, ApiText.TooManyWrites))
            : next(context);

    private static bool IsChange(HttpContext context) => !HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<NeededScope>() is not { Scope: ApiScopes.Read };
}
