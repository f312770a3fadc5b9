using System.ComponentModel;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using Enneo.Web.Tickets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Activity.Changes;

/// <summary><c>/changes</c> and <c>/ticket/{id}/activity</c>: what happened, in commit order.</summary>
internal static class ChangeEndpoints
{
    private const int DefaultLimit = 100;
    private const int DefaultOfTicket = 500;

    public static void MapChanges(this IEndpointRouteBuilder api)
    {
        api.MapGet("/changes", ReadAsync).Needs(ApiScopes.Read).WithTags("Changes")
            .WithSummary("What happened since a cursor, in commit order; it may wait for something");
        api.MapGet("/ticket/{id:long}/activity", OfTicketAsync).AddEndpointFilter<MergedTickets>().Needs(ApiScopes.Read).WithTags("Tickets").WithSummary("What happened to a ticket");
    }

    private static async Task<Results<Ok<ChangesAnswer>, ProblemHttpResult>> ReadAsync(
        [Description("The cursor of the last answer; left out, the answer is the cursor of now")] long? since,
        [Description("1 to 1000; 100 where it is left out")] int? limit,
        [Description("Seconds to wait where nothing happened, up to 30")] int? wait,
        Caller caller, ChangeFeed feed, ActorNames names, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var page = await feed.WaitAsync(caller.ReachNowAsync, since, limit ?? DefaultLimit, TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, 30)), lifetime.ApplicationStopping, cancellationToken);
        if (page.Oldest is { } oldest)
        {
            return ApiProblem.Of(StatusCodes.Status410Gone, "since", string.Format(CultureInfo.InvariantCulture, ApiText.CursorTooOld, oldest));
        }

        return TypedResults.Ok(new ChangesAnswer(true, await ChangeResponse.OfAsync(page.Entries, names, cancellationToken), page.Cursor, page.HasMore));
    }

    private static async Task<Results<Ok<ActivityAnswer>, ProblemHttpResult>> OfTicketAsync(
        long id, [Description("The sequence that was read last")] long? since, [Description("1 to 1000; 500 where it is left out")] int? limit,
        Caller caller, TicketQueries queries, ActivityQueries activity, ActorNames names, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        if (await queries.FindThreadAsync(reach, id, cancellationToken) is not { } thread)
        {
            return ApiProblem.NotFound();
        }

        var entries = await activity.OfTicketAsync(reach, [id, .. thread.FoldedIn], since ?? 0, limit ?? DefaultOfTicket, cancellationToken);
        return TypedResults.Ok(new ActivityAnswer(true, await ChangeResponse.OfAsync(entries, names, cancellationToken)));
    }
}
