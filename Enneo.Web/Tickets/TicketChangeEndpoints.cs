using System.ComponentModel;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Patching;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Tickets;

/// <summary><c>/ticket</c>: what is changed of tickets.</summary>
internal static class TicketChangeEndpoints
{
    private const string Worklog = "Whether you have worked on it by this: then you are in workedOnBy";

    private static readonly Dictionary<string, ReprocessScope> s_scopes = new(StringComparer.OrdinalIgnoreCase) { ["all"] = ReprocessScope.All, ["newest"] = ReprocessScope.Newest };

    public static void MapTicketChanges(this IEndpointRouteBuilder api)
    {
        var tickets = api.MapGroup("/ticket").WithTags("Tickets");
        tickets.MapPatch("/{id:long}", PatchAsync).AddEndpointFilter<MergedTickets>().Needs(ApiScopes.Write).WithSummary("Change a ticket; with If-Match only as long as it is what you saw");
        tickets.MapPatch("/", PatchSeveralAsync).Needs(ApiScopes.Write).WithSummary("Change several tickets: all of them, or none where a rule is broken");
        tickets.MapPost("/{id:long}/reprocess", ReprocessAsync).AddEndpointFilter<MergedTickets>().Needs(ApiScopes.Write).WithSummary("Analyse the mails of a ticket again");
    }

    private static async Task<Results<Ok<TicketAnswer>, ProblemHttpResult>> PatchAsync(
        long id, HttpContext context, [Description(Worklog)] bool? includeInWorklog, Body<TicketPatchRequest> body, Caller caller, TicketPatching patching, TicketReading reading, CancellationToken cancellationToken)
    {
        var condition = EntityTags.IfMatch(context.Request.Headers.IfMatch) ?? EntityTags.IfMatch(body.Value.IfMatch);
        var result = await patching.RunAsync([body.Value.ToPatch(id, condition, includeInWorklog is true)], caller.Actor, Caller.Origin, cancellationToken);
        if (result.Errors.Count > 0)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, result.Errors.ToDictionary(error => error.Key[2..], error => error.Value));
        }

        if (result.Outcomes[0] is PatchOutcome.ChangedMeanwhile)
        {
            return ApiProblem.Of(StatusCodes.Status412PreconditionFailed, "", ApiText.ChangedMeanwhile);
        }

        if (result.Outcomes[0] is PatchOutcome.NotFound
            || await reading.FindAsync(await caller.ReachAsync(cancellationToken), id, caller.UserId, AttachmentResponse.Address, cancellationToken) is not { } ticket)
        {
            return ApiProblem.NotFound();
        }

        context.Response.Headers.ETag = ticket.Tag;
        return TypedResults.Ok(new TicketAnswer(true, TicketResponse.Of(ticket)));
    }

    private static async Task<Results<Ok<TicketPatchListAnswer>, ProblemHttpResult>> PatchSeveralAsync(
        [Description(Worklog)] bool? includeInWorklog, Body<TicketPatchList> body, Caller caller, TicketPatching patching, CancellationToken cancellationToken)
    {
        var result = await patching.RunAsync([.. body.Value.Select(patch => patch!.ToPatch(patch.Id!.Value, EntityTags.IfMatch(patch.IfMatch), includeInWorklog is true))], caller.Actor, Caller.Origin, cancellationToken);
        return result.Errors.Count > 0
            ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, result.Errors)
            : TypedResults.Ok(new TicketPatchListAnswer(true, [.. body.Value.Zip(result.Outcomes, (patch, outcome) => new TicketPatchOutcome(
                patch!.Id!.Value, outcome is PatchOutcome.Done, StatusOf(outcome)))]));
    }

    private static int StatusOf(PatchOutcome outcome) => outcome switch
    {
        PatchOutcome.Done => StatusCodes.Status200OK,
        PatchOutcome.ChangedMeanwhile => StatusCodes.Status412PreconditionFailed,
        _ => StatusCodes.Status404NotFound,
    };

    /// <summary>What the address says goes before what the body says.</summary>
    private static async Task<Results<Accepted<ReprocessAnswer>, ProblemHttpResult>> ReprocessAsync(
        long id, [Description("all of its mails (the newest 20), or the newest alone")] string? scope, [Description("Whether automations act; else they only propose")] bool? performActions,
        Body<ReprocessRequest> body, Caller caller, Reprocessing reprocessing, CancellationToken cancellationToken)
    {
        var which = body.Value.Scope ?? ReprocessScope.All;
        if (scope is not null && !s_scopes.TryGetValue(scope, out which))
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, "scope", MailRules.Say(ApiText.WordUnknown, string.Join(", ", s_scopes.Keys)));
        }

        return await reprocessing.RunAsync(
            id, which is ReprocessScope.Newest, performActions ?? body.Value.PerformActions is true, caller.Actor, Caller.Origin, cancellationToken) is { } waiting
            ? TypedResults.Accepted((string?)null, new ReprocessAnswer(true, waiting))
            : ApiProblem.NotFound();
    }
}
