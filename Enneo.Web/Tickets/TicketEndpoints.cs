using System.ComponentModel;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Tickets;

/// <summary><c>/ticket</c>: what is read of tickets.</summary>
internal static class TicketEndpoints
{
    private const int MaxHistory = 1000;
    private const int DefaultHistory = 100;
    private const int MaxHistoryOffset = 100_000;

    public static void MapTickets(this IEndpointRouteBuilder api)
    {
        var tickets = api.MapGroup("/ticket").WithTags("Tickets");
        tickets.MapGet("/{id:long}", GetAsync).Needs(ApiScopes.Read).WithSummary("A whole ticket");
        tickets.MapPost("/search", SearchAsync).Needs(ApiScopes.Read).WithSummary("Tickets by conditions");
        tickets.MapPost("/getLatest", GetLatestAsync).Needs(ApiScopes.Read).WithSummary("The next ticket to work on: open, not snoozed, no spam");
        tickets.MapGet("/{id:long}/ping", PingAsync).AddEndpointFilter<MergedTickets>().Needs(ApiScopes.Read).WithSummary("Say that you work on a ticket, and see who else does");
        tickets.MapGet("/stats", CountAsync).Needs(ApiScopes.Read).WithSummary("How much there is in each list");
        tickets.MapGet("/{id:long}/history", GetHistoryAsync).AddEndpointFilter<MergedTickets>().Needs(ApiScopes.Read).WithSummary("Tickets of the same person");
    }

    private static async Task<Results<Ok<TicketAnswer>, StatusCodeHttpResult, ProblemHttpResult>> GetAsync(
        long id, HttpContext context, Caller caller, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        if (await reading.FindUnchangedAsync(reach, id, EntityTags.IfNoneMatch(context.Request.Headers.IfNoneMatch), cancellationToken) is { } tag)
        {
            context.Response.Headers.ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (await reading.FindAsync(reach, id, caller.UserId, AttachmentResponse.Address, cancellationToken) is not { } ticket)
        {
            return ApiProblem.NotFound();
        }

        context.Response.Headers.ETag = ticket.Tag;
        return TypedResults.Ok(new TicketAnswer(true, TicketResponse.Of(ticket)));
    }

    private static async Task<Results<Ok<TicketListAnswer>, ProblemHttpResult>> SearchAsync(
        Body<TicketSearchRequest> body, Caller caller, TicketSearch search, CancellationToken cancellationToken)
    {
        var criteria = body.Value.ToCriteria();
        var found = await search.FindAsync(await caller.ReachAsync(cancellationToken), criteria, caller.UserId, cancellationToken);
        return found.Errors.Count > 0
            ? ApiProblem.Of(StatusCodes.Status400BadRequest, found.Errors)
            : TypedResults.Ok(new TicketListAnswer(true, [.. found.Tickets.Select(TicketRowResponse.From)], found.Total, criteria.Limit, criteria.Offset, found.Next, found.TotalIsAtLeast));
    }

    private static async Task<Results<Ok<LatestAnswer>, ProblemHttpResult>> GetLatestAsync(Body<LatestRequest> body, Caller caller, TicketSearch search, CancellationToken cancellationToken)
    {
        var (wanted, reach) = (body.Value, await caller.ReachAsync(cancellationToken));
        var from = wanted.PreferredDirection is PreferredDirection.Earliest ? null : wanted.TicketId;
        var found = await search.FindNextAsync(
            reach, [.. (wanted.Filters ?? []).Select(filter => filter!.ToCondition())], wanted.PreferredDirection is PreferredDirection.Previous, from, caller.UserId, cancellationToken);
        return found.Errors.Count > 0
            ? ApiProblem.Of(StatusCodes.Status400BadRequest, found.Errors)
            : TypedResults.Ok(new LatestAnswer(true, found.Tickets is [var next] ? TicketRowResponse.From(next) : null));
    }

    private static async Task<Results<Ok<PresenceAnswer>, ProblemHttpResult>> PingAsync(
        long id, [Description("Whether you write in it")] bool? replying, Caller caller, TicketQueries queries, Presence presence, Accounts accounts, CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(await caller.ReachAsync(cancellationToken), [id], cancellationToken) is [])
        {
            return ApiProblem.NotFound();
        }

        var present = presence.Ping(id, caller.UserId, replying is true);
        var names = (await accounts.ListAsync(cancellationToken)).ToDictionary(person => person.Id, person => person.DisplayName);
        return TypedResults.Ok(new PresenceAnswer(true, [.. present.Select(person => new PresenceResponse(person.UserId, names.GetValueOrDefault(person.UserId), person.SeenAt, person.IsReplying))]));
    }

    private static async Task<Ok<StatsAnswer>> CountAsync(Caller caller, TicketQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Ok(StatsAnswer.From(await queries.CountsAsync(await caller.ReachAsync(cancellationToken), caller.UserId, cancellationToken)));

    private static async Task<Results<Ok<HistoryAnswer>, ProblemHttpResult>> GetHistoryAsync(
        long id, [Description("1 to 1000; 100 where it is left out")] int? limit, int? offset,
        Caller caller, Requesters requesters, PersonTickets theirs, CancellationToken cancellationToken)
    {
        var (count, start) = (Math.Clamp(limit ?? DefaultHistory, 1, MaxHistory), Math.Clamp(offset ?? 0, 0, MaxHistoryOffset));
        var reach = await caller.ReachAsync(cancellationToken);
        if (await requesters.FindAsync(reach, id, cancellationToken) is not { Person: var person })
        {
            return ApiProblem.NotFound();
        }

        var tickets = await theirs.ListAsync(reach, person.Address, count, cancellationToken, start);
        return TypedResults.Ok(new HistoryAnswer(true, AddressResponse.From(person), [.. tickets.Select(HistoryResponse.From)], count, start));
    }
}
