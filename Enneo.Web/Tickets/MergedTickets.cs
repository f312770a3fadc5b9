using Enneo.Core.Tickets;
using Enneo.Web.Api;

namespace Enneo.Web.Tickets;

/// <summary>A ticket that was folded into another answers as that one: who knows its id goes on using it.</summary>
internal static class MergedTickets
{
    /// <summary>Of the routes with an <c>id</c> of a ticket.</summary>
    public static TBuilder FollowMerges<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilterFactory((factory, next) =>
        {
            var index = Array.FindIndex(factory.MethodInfo.GetParameters(), parameter => parameter.Name == "id");
            return index < 0 ? next : async context =>
            {
                var services = context.HttpContext.RequestServices;
                var cancellationToken = context.HttpContext.RequestAborted;
                var reach = await services.GetRequiredService<Caller>().ReachAsync(cancellationToken);
                if (await services.GetRequiredService<TicketQueries>().FindSurvivorAsync(reach, context.GetArgument<long>(index), cancellationToken) is { } survivor)
                {
                    context.Arguments[index] = survivor;
                }

                return await next(context);
            };
        });
}
