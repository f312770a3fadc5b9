using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Net;

namespace Enneo.Core.Integrations.Connected;

/// <summary>The other system did not do what it was asked.</summary>
/// <param name="status">Of its answer; null when none came.</param>
internal class OtherSystemException(int? status, string words, TimeSpan? retryAfter) : Exception(words)
{
    public int? Status => status;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>The ticket was changed there meanwhile.</summary>
    public bool IsChangedMeanwhile => status is 412;

    /// <summary>It would be refused the next time too.</summary>
    public bool IsRefusal => status is >= 300 and < 500 and not 408 and not 412 and not 429;

    /// <summary>What is wrong is the message that was to cross, such as its size: nothing else has to wait for it.</summary>
    public bool IsOfMessage => status is 400 or 409 or 413 or 415 or 422;

    /// <summary>A file cannot be had, the next time neither; that we may not call at all is another matter.</summary>
    public bool IsFileRefusal => IsRefusal && status is not 401;

    /// <summary>Nothing gets through at present, whatever is asked; else it is the trouble of one ticket.</summary>
    public bool IsOutage { get; init; }

    /// <summary>It may be done all the same, and must not be done twice: a person says how it ended.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Nothing has gone out to be done.</summary>
    public bool IsUnsent { get; init; }

    /// <summary>It was certainly not done.</summary>
    public bool IsNotDone => IsUnsent || IsRefusal || status is 429;

    /// <summary>A mail that was handed over before, without an answer, and is not found there.</summary>
    public static OtherSystemException Uncertain() => new(null, ConnectedText.EndUnknown, null) { IsUncertain = true };
}

/// <summary>Calls of the API of one other system, with its credential.</summary>
internal sealed class OtherCalls(GuardedCalls http, Integration integration, string credential, TimeProvider clock)
{
    private const int MaxJson = 30_000_000;
    private const int MaxFile = 30_000_000;
    private const int MaxWords = 300;

    /// <summary>Also what we say of what we asked for, and what is longer than we read.</summary>
    private const int TooLarge = 413;

    private const int MostTries = 4;

    /// <summary>Who asks for no more than this is waited for at once.</summary>
    private static readonly TimeSpan s_shortWait = TimeSpan.FromSeconds(10);

    /// <summary>Besides the time that bodies take.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public Integration Integration => integration;

    /// <returns>The answer, and its ETag; null where there is no such thing.</returns>
    public async Task<(JsonNode Json, string? ETag)?> GetAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, path, null, [], MaxJson, cancellationToken);
        return answer.Status is 404 or 410 ? null : (Read(answer), answer.ETag);
    }

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject body, string? ifMatch, CancellationToken cancellationToken)
    {
        Dictionary<string, string> headers = ifMatch is null ? [] : new() { ["if-match"] = ifMatch };
        var answer = await SendAsync(method, path, Encoding.UTF8.GetBytes(body.ToJsonString()), headers, MaxJson, cancellationToken);
        return answer is { Problem: { } problem, Status: >= 200 and < 300 } ? throw new OtherSystemException(null, problem, null) // done, as far as anybody knows: it is looked for
            : Read(answer);
    }

    /// <returns>False for what is not there, any more or at all: also where the other system knows no such call.</returns>
    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Delete, path, null, [], MaxJson, cancellationToken);
        return answer.Status is >= 200 and < 300 || (answer.Status is 404 or 410 ? false : throw ExceptionOf(answer)); // whatever else it says
    }

    /// <exception cref="OtherSystemException">It cannot be had.</exception>
    public async Task<byte[]> FileAsync(string address, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, address, null, [], MaxFile, cancellationToken);
        return answer.Succeeded ? answer.Bytes : throw ExceptionOf(answer);
    }

    private async Task<CalledAnswer> SendAsync(HttpMethod method, string path, byte[]? json, Dictionary<string, string> headers, int maxBytes, CancellationToken cancellationToken)
    {
        Uri start = new(integration.Url.TrimEnd('/') + "/");
        Uri address = new(start, path);
        if (address.Host != start.Host || address.Port != start.Port || address.Scheme != start.Scheme)
        {
            throw new OtherSystemException(422, NetText.AddressNotAllowed, null); // nobody else gets the credential
        }

        headers["authorization"] = integration.Kind is OtherKind.Zammad ? $"Token token={credential}" : $"Bearer {credential}";
        headers["accept"] = "*/*";
        headers["user-agent"] = "Enneo-Integration/1";
        for (var tries = 1; ; tries++)
        {
            var answer = await http.SendAsync(method, address, integration.MayBePrivate, json, headers, s_limit, maxBytes, cancellationToken);
            if (answer is not { Status: 429, RetryAfter: { } wait } || wait > s_shortWait || tries == MostTries)
            {
                return answer;
            }

            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    private static JsonNode Read(CalledAnswer answer)
    {
        if (!answer.Succeeded)
        {
            throw ExceptionOf(answer);
        }

        try
        {
            return JsonNode.Parse(answer.Bytes) ?? new JsonObject();
        }
        catch (JsonException)
        {
            throw new OtherSystemException(null, ConnectedText.NoJson, null);
        }
    }

    private static OtherSystemException ExceptionOf(CalledAnswer answer)
    {
        var words = answer.Problem ?? Encoding.UTF8.GetString(answer.Bytes);
        var status = answer is { Problem: not null, Status: >= 200 and < 300 } ? TooLarge : answer.Status;
        return new OtherSystemException(status, words.Length > MaxWords ? words[..MaxWords] : words, answer.RetryAfter)
        {
            IsOutage = status is null or 408 or 429 or 502 or 503 or 504,
            IsUnsent = answer.IsUnsent,
        };
    }
}
