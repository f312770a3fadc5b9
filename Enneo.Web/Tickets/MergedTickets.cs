using Enneo.Core.Tickets;
using Enneo.Web.Api;

namespace Enneo.Web.Tickets;

/// <summary>A ticket that was folded into another answers as that one: who knows its id goes on using it.</summary>
internal sealed class MergedTickets(EndpointFilterFactoryContext endpoint, Caller caller, TicketQueries tickets) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var index = Array.FindIndex(endpoint.MethodInfo.GetParameters(), parameter => parameter.Name == "id");
        var cancellationToken = context.HttpContext.RequestAborted;
        if (await tickets.FindSurvivorAsync(await caller.ReachAsync(cancellationToken), context.GetArgument<long>(index), cancellationToken) is { } survivor)
        {
            context.Arguments[index] = survivor;
        }

        return await next(context);
    }
}
