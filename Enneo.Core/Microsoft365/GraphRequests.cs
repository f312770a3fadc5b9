using System.Net;
using System.Text.Json;
using Enneo.Core.Connections;

namespace Enneo.Core.Microsoft365;

/// <summary>Asks Graph patiently: what is throttled or busy is asked again after the pause that Graph names. Failures come out in words.</summary>
/// <param name="graph">Whose next pages are believed.</param>
/// <param name="restAsync">Told when Graph wants to be left alone for longer than anybody waits here: nothing more is asked then.</param>
internal sealed class GraphRequests(GraphSession session, Uri graph, Func<TimeSpan, CancellationToken, Task> restAsync, TimeProvider clock)
{
    private const int Attempts = 4;

    /// <summary>Of a message over which Graph stumbles: the next look asks for it again.</summary>
    private const int AttemptsOfOne = 2;

    private const string OneMessage = "/messages/";

    private static readonly TimeSpan s_usualPause = TimeSpan.FromSeconds(5);

    /// <summary>Before a message that Graph stumbled over is asked for once more.</summary>
    private static readonly TimeSpan s_shortPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Of one answer, however large: a peer that stops in the middle holds up nobody for ever.</summary>
    private static readonly TimeSpan s_longestAnswer = TimeSpan.FromMinutes(10);

    private volatile bool _rests;

    public string Host => graph.Host;

    /// <param name="path">Below the mailbox, or the address of a next page.</param>
    /// <returns>What <paramref name="readAsync"/> makes of it; null when there is nothing (404), and when a state that was kept is void (410).</returns>
    /// <exception cref="MailConnectionException">Any failure, in words.</exception>
    public async Task<T?> AskAsync<T>(
        HttpMethod method, string path, Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync, CancellationToken cancellationToken, Func<HttpContent>? content = null)
        where T : class
    {
        if (!path.StartsWith('/') && !IsOfGraph(path))
        {
            throw GraphFailure.Unreadable(); // a token is shown to Graph alone
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_longestAnswer);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (_rests)
                {
                    throw GraphFailure.Throttled(); // others may have been asking meanwhile
                }

                using var response = await session.AskAsync(method, path, patience.Token, content);
                if (response.IsSuccessStatusCode)
                {
                    return await readAsync(response, patience.Token);
                }

                if (await IsAbsentAsync(response, patience.Token))
                {
                    return null;
                }

                await PauseAsync(response, attempt, path.StartsWith(OneMessage, StringComparison.Ordinal), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw GraphFailure.Unreachable(exception);
        }
    }

    /// <summary>As <see cref="AskAsync{T}"/>, for what is answered in JSON.</summary>
    public async Task<JsonElement?> JsonAsync(HttpMethod method, string path, CancellationToken cancellationToken, Func<HttpContent>? content = null)
    {
        try
        {
            using var document = await AskAsync(
                method, path, async (response, token) => await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(token), default, token), cancellationToken, content);
            return document?.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw GraphFailure.Unreadable(exception);
        }
    }

    private bool IsOfGraph(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && Uri.Compare(uri, graph, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>A mailbox that is not there is another matter than a message: then nothing in it is gone. A void state comes as 410 or as 400.</summary>
    private static async Task<bool> IsAbsentAsync(HttpResponseMessage response, CancellationToken cancellationToken) => response.StatusCode switch
    {
        HttpStatusCode.Gone => true,
        HttpStatusCode.NotFound => (await GraphSending.ErrorOfAsync(response, cancellationToken)).Code is "ErrorItemNotFound" or "ErrorFolderNotFound" or "itemNotFound",
        HttpStatusCode.BadRequest => (await GraphSending.ErrorOfAsync(response, cancellationToken)).Code.Equals("syncStateNotFound", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private async Task PauseAsync(HttpResponseMessage response, int attempt, bool isOfOne, CancellationToken cancellationToken)
    {
        if (isOfOne && attempt == 1 && GraphFailure.Stumbles(response.StatusCode))
        {
            await Task.Delay(s_shortPause, clock, cancellationToken);
            return;
        }

        var isThrottled = response.StatusCode is HttpStatusCode.TooManyRequests;
        var isBusy = isThrottled || response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        var pause = GraphSending.PauseOf(response) ?? s_usualPause;
        if (!isBusy || pause > s_longestPause || attempt == (isOfOne && !isThrottled ? AttemptsOfOne : Attempts))
        {
            if (isThrottled || (isBusy && !isOfOne && pause > s_longestPause)) // of one message, it need not be so of the mailbox; throttled is the mailbox
            {
                _rests = true; // the whole look backs off, and the next one waits for as long
                await restAsync(pause, cancellationToken);
            }

            throw await GraphFailure.OfAsync(response, isOfOne, cancellationToken);
        }

        await Task.Delay(pause, clock, cancellationToken);
    }
}
