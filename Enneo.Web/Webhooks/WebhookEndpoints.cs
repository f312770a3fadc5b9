using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Webhooks;

/// <summary><c>/webhook</c>: who is told what happens, and how that went.</summary>
internal static class WebhookEndpoints
{
    private const int DefaultLimit = 50;

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhook").WithTags("Webhooks");
        webhooks.MapGet("/", ListAsync).Needs(ApiScopes.Admin).WithSummary("All webhooks and how they are doing");
        webhooks.MapGet("/{id:long}", GetAsync).Needs(ApiScopes.Admin).WithSummary("One webhook");
        webhooks.MapPost("/", AddAsync).Needs(ApiScopes.Admin).WithSummary("Add a webhook; the answer shows its secret, this once");
        webhooks.MapPut("/{id:long}", UpdateAsync).Needs(ApiScopes.Admin).WithSummary("Change a webhook, or give it a new secret; what is left out is as if it were new");
        webhooks.MapDelete("/{id:long}", RemoveAsync).Needs(ApiScopes.Admin).WithSummary("Remove a webhook, and what it is still to be told");
        webhooks.MapGet("/{id:long}/delivery", DeliveriesAsync).Needs(ApiScopes.Admin).WithSummary("What it was told, and will be, the newest first");
        webhooks.MapPost("/{id:long}/delivery/{did:long}/replay", ReplayOneAsync).Needs(ApiScopes.Admin).WithSummary("Tell it one thing again, under the same id");
        webhooks.MapPost("/{id:long}/replay", ReplayAsync).Needs(ApiScopes.Admin).WithSummary("Tell it all again that happened since a place in the log, or between two; also what it was never told");
        webhooks.MapPost("/{id:long}/test", TestAsync).Needs(ApiScopes.Admin).WithSummary("Post a sample, and show what is answered");
    }

    private static async Task<Ok<WebhookListAnswer>> ListAsync(Caller caller, WebhookQueries queries, CancellationToken cancellationToken) =>
        TypedResults.Ok(new WebhookListAnswer(true, [.. (await queries.ListAsync(caller.Actor, cancellationToken)).Select(WebhookResponse.From)]));

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> GetAsync(long id, Caller caller, WebhookQueries queries, CancellationToken cancellationToken) =>
        await queries.FindAsync(id, caller.Actor, cancellationToken) is { } webhook ? TypedResults.Ok(new WebhookAnswer(true, WebhookResponse.From(webhook), null)) : ApiProblem.NotFound();

    private static async Task<Results<Created<WebhookAnswer>, ProblemHttpResult>> AddAsync(
        Body<WebhookRequest> body, Caller caller, WebhookEditing editing, WebhookQueries queries, CancellationToken cancellationToken)
    {
        var added = await editing.AddAsync(body.Value.ToInput(caller.Actor.ApiKeyId), caller.Actor, Caller.Origin, cancellationToken);
        return added.WebhookId is { } id && await queries.FindAsync(id, caller.Actor, cancellationToken) is { } webhook
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{Urls.ApiBase}/webhook/{id}"), new WebhookAnswer(true, WebhookResponse.From(webhook), added.Secret))
            : ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, added.Errors);
    }

    private static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> UpdateAsync(
        long id, Body<WebhookRequest> body, Caller caller, WebhookEditing editing, WebhookQueries queries, CancellationToken cancellationToken)
    {
        var changed = await editing.UpdateAsync(id, body.Value.ToInput(caller.Actor.ApiKeyId), body.Value.RotateSecret, caller.Actor, Caller.Origin, cancellationToken);
        if (changed.Errors.Count > 0)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, changed.Errors);
        }

        return changed.Succeeded && await queries.FindAsync(id, caller.Actor, cancellationToken) is { } webhook
            ? TypedResults.Ok(new WebhookAnswer(true, WebhookResponse.From(webhook), changed.Secret))
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<DoneAnswer>, ProblemHttpResult>> RemoveAsync(long id, Caller caller, WebhookEditing editing, CancellationToken cancellationToken) =>
        await editing.RemoveAsync(id, caller.Actor, Caller.Origin, cancellationToken) ? TypedResults.Ok(new DoneAnswer(true)) : ApiProblem.NotFound();

    private static async Task<Results<Ok<DeliveryListAnswer>, ProblemHttpResult>> DeliveriesAsync(
        long id, [Description("waiting, delivered, parked or withheld (of spam); left out for all")] string? state, [Description("Only those before the delivery of this id")] long? before,
        [Description("1 to 200; 50 where it is left out")] int? limit, Caller caller, WebhookQueries queries, CancellationToken cancellationToken)
    {
        WebhookDeliveryState? wanted = null;
        if (state is not null)
        {
            if (!Enum.TryParse<WebhookDeliveryState>(state, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            {
                return ApiProblem.Of(StatusCodes.Status400BadRequest, "state", string.Format(CultureInfo.InvariantCulture, ApiText.WordUnknown, string.Join(", ", Enum.GetNames<WebhookDeliveryState>().Select(JsonNamingPolicy.CamelCase.ConvertName))));
            }

            wanted = known;
        }

        return await queries.DeliveriesAsync(id, wanted, before, limit ?? DefaultLimit, caller.Actor, cancellationToken) is { } deliveries
            ? TypedResults.Ok(new DeliveryListAnswer(true, [.. deliveries.Select(DeliveryResponse.From)]))
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<ReplayAnswer>, ProblemHttpResult>> ReplayOneAsync(long id, long did, Caller caller, WebhookReplay replay, CancellationToken cancellationToken) =>
        await replay.OneAsync(id, did, caller.Actor, Caller.Origin, cancellationToken) ? TypedResults.Ok(new ReplayAnswer(true, 1)) : ApiProblem.NotFound();

    private static async Task<Results<Ok<ReplayAnswer>, ProblemHttpResult>> ReplayAsync(
        long id, Body<ReplayRequest> body, Caller caller, WebhookReplay replay, CancellationToken cancellationToken) =>
        await replay.RangeAsync(id, body.Value.Since ?? 0, body.Value.Until, caller.Actor, Caller.Origin, cancellationToken) is { } count
            ? TypedResults.Ok(new ReplayAnswer(true, count))
            : ApiProblem.NotFound();

    private static async Task<Results<Ok<WebhookTestAnswer>, ProblemHttpResult>> TestAsync(
        long id, Body<WebhookTestRequest> body, Caller caller, WebhookTrial trial, CancellationToken cancellationToken) =>
        await trial.RunAsync(id, body.Value.Wanted, caller.Actor, cancellationToken) is { } answer ? TypedResults.Ok(WebhookTestAnswer.From(answer)) : ApiProblem.NotFound();
}
