using System.Net.Mime;
using System.Text.Json;
using Enneo.Core.Integrations.Hooks;
using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Hooks;

/// <summary><c>POST /hook/{id}</c>: another system tells us something. It needs no key; the hook's own secret is asked for.</summary>
internal static class HookEndpoints
{
    /// <summary>Bytes of a body.</summary>
    private const int MaxBody = 1_000_000;

    private const string RetrySoon = "5";

    public static void MapHooks(this IEndpointRouteBuilder routes) => routes
        .MapPost($"{Urls.ApiBase}/hook/{{id:long}}", ReceiveAsync)
        .WithMetadata(new RequestSizeLimitAttribute(2 * MaxBody)) // what is a little too large is told so, rather than cut off
        .AllowAnonymous()
        .Accepts<JsonElement>(MediaTypeNames.Application.Json, "*/*") // whatever the other system says, and however it calls that
        .WithTags("Webhooks")
        .WithSummary("Another system tells what happened there, in its own words")
        .WithDescription(HooksText.Describes);

    private static async Task<Results<Ok<HookCallAnswer>, ProblemHttpResult>> ReceiveAsync(long id, HttpContext context, HookReceiving receiving, HookLimits limits, CancellationToken cancellationToken)
    {
        var address = context.Connection.RemoteIpAddress;
        if (limits.Refuses(id, address) is { } isNoted)
        {
            context.Response.Headers.RetryAfter = RetrySoon;
            return Problem(isNoted
                ? await receiving.RefuseAsync(id, address?.ToString(), StatusCodes.Status429TooManyRequests, HooksText.TooMany, cancellationToken)
                : HookAnswer.Refused(StatusCodes.Status429TooManyRequests, HooksText.TooMany));
        }

        if (await ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return Problem(await receiving.RefuseAsync(id, address?.ToString(), StatusCodes.Status413PayloadTooLarge, HooksText.TooLarge, cancellationToken));
        }

        var answer = await receiving.RunAsync(id, new HookRequest(name => HeaderOf(context.Request, name), body, address?.ToString()), cancellationToken);
        if (answer.Errors.Count == 0)
        {
            return TypedResults.Ok(new HookCallAnswer(true, HookWords.Word(answer.Outcome), answer.CallId, answer.TicketId, answer.MessageId));
        }

        if (answer.Status == StatusCodes.Status409Conflict)
        {
            context.Response.Headers.RetryAfter = RetrySoon;
        }

        return Problem(answer);
    }

    /// <returns>Null for one that is too large.</returns>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBody)
        {
            return null;
        }

        try
        {
            using MemoryStream bytes = new();
            await request.Body.CopyToAsync(bytes, cancellationToken);
            return bytes.Length > MaxBody ? null : bytes.ToArray();
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    /// <summary>One that comes twice says nothing that could be relied on.</summary>
    private static string? HeaderOf(HttpRequest request, string name) => request.Headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;

    private static ProblemHttpResult Problem(HookAnswer answer) => ApiProblem.Of(answer.Status, answer.Errors);
}

/// <summary>How a call was taken.</summary>
/// <param name="Outcome">done, ignored (not of interest) or repeated (done before, and not again).</param>
/// <param name="Call">Its number in the hook's log.</param>
internal sealed record HookCallAnswer(bool Success, string Outcome, long? Call, long? TicketId, long? ConversationId);
