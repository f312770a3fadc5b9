using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Api;

/// <summary>
/// <c>Idempotency-Key</c>: the same request is done once and answered the same each time. Once it is noted, it is
/// carried through even where the caller has gone.
/// </summary>
internal sealed class KeyedRequestFilter(KeyedRequests requests, IOptions<JsonOptions> json) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    private const int MaxKey = 200;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsPost(http.Request.Method) || http.Request.Headers[Header] is not [{ Length: > 0 } key, ..])
        {
            return await next(context);
        }

        if (key.Length > MaxKey)
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, Header, ApiText.KeyOfRequestTooLong);
        }

        var owner = Identity.SessionClaims.UserIdOf(http.User);
        var isNamed = context.Arguments.OfType<IBody>().FirstOrDefault() is { IsNamed: true };
        var begun = await requests.BeginAsync(owner, key, FingerprintOf(context), isNamed, http.RequestAborted);
        return begun.State switch
        {
            KeyedState.New => await requests.RunAsync(owner, key, () => RunAsync(context, next, owner, key)),
            KeyedState.Answered => Again(http, begun.Answer!),
            KeyedState.Open => ApiProblem.Of(StatusCodes.Status409Conflict, "", ApiText.KeyOfRequestOpen),
            KeyedState.Interrupted => ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, Header, ApiText.KeyOfRequestInterrupted),
            _ => ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, Header, ApiText.KeyOfRequestOther),
        };
    }

    private async Task<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next, long owner, string key)
    {
        for (var i = 0; i < context.Arguments.Count; i++)
        {
            if (context.Arguments[i] is CancellationToken)
            {
                context.Arguments[i] = CancellationToken.None;
            }
        }

        var result = await next(context);
        try
        {
            await SettleAsync(result is INestedHttpResult nested ? nested.Result : result, owner, key);
        }
        catch (Exception exception) when (PassingTrouble.Of(exception) is not null)
        {
            // What was done is answered as it is, and not as something to be done again: the key stays as the change left it.
        }

        return result;
    }

    private async Task SettleAsync(object? answer, long owner, string key)
    {
        if (answer is IStatusCodeHttpResult { StatusCode: >= 200 and < 300 and var status } && answer is IValueHttpResult { Value: { } value })
        {
            await requests.AnswerAsync(owner, key, new KeyedAnswer(status, Written(value is IToldOnce once ? once.ToldAgain : value), LocationOf(answer)), CancellationToken.None);
        }
        else
        {
            await requests.ForgetAsync(owner, key, CancellationToken.None); // refused: nothing was done
        }
    }

    private static ContentHttpResult Again(HttpContext http, KeyedAnswer answer)
    {
        if (answer.Location is { } location)
        {
            http.Response.Headers.Location = location;
        }

        return TypedResults.Content(answer.Json, MediaTypeNames.Application.Json, Encoding.UTF8, answer.Status);
    }

    /// <summary>By its name: results that have one share no interface that tells it.</summary>
    private static string? LocationOf(object answer) => answer.GetType().GetProperty(nameof(Created.Location))?.GetValue(answer) as string;

    private string Written(object value) => JsonSerializer.Serialize(value, value.GetType(), json.Value.SerializerOptions);

    private static string FingerprintOf(EndpointFilterInvocationContext context)
    {
        var request = context.HttpContext.Request;
        var body = context.Arguments.OfType<IBody>().Select(part => part.Hash).FirstOrDefault() ?? "";
        var door = ApiClaims.FindKeyId(context.HttpContext.User); // another key of the same person may see less than the answer tells
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{door} {request.Path}{request.QueryString} {body}"))));
    }
}
