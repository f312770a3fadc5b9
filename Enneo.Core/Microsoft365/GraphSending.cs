using System.Net;
using System.Text.Json;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

public enum GraphEnd
{
    /// <summary>Graph has taken it (202); whether it arrives is another matter.</summary>
    Accepted,
    Refused,

    /// <summary>It was not taken, and may be later.</summary>
    Later,

    /// <summary>Only a person can help.</summary>
    SignInAgain,

    /// <summary>It may have been taken.</summary>
    Unknown,

    /// <summary>Somebody took it back before it left.</summary>
    TakenBack,
}

/// <summary>What Graph said to a mail.</summary>
/// <param name="Words">For people.</param>
/// <param name="RetryAfter">Not before this has passed, says Graph.</param>
public sealed record GraphAnswer(GraphEnd End, string Words, TimeSpan? RetryAfter = null);

/// <summary>Sends finished mail through Microsoft Graph, which files it in Sent itself. Large mail goes as a draft whose files are uploaded one by one.</summary>
public sealed class GraphSending
{
    /// <summary>A request may have 4 MB, of which Base64 takes a quarter.</summary>
    internal const int MaxMime = 3_000_000;

    /// <summary>Whatever Graph asks for.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_discardPatience = TimeSpan.FromSeconds(10);

    private readonly AccountTokens _tokens;
    private readonly CloudHttp _http;
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;

    internal GraphSending(AccountTokens tokens, CloudHttp http, IDbContextFactory<EnneoDbContext> dbFactory) => (_tokens, _http, _dbFactory) = (tokens, http, dbFactory);

    /// <param name="accountId">See <see cref="AccountTokens.AccountOfAsync"/>.</param>
    /// <param name="address">The mailbox that sends, a shared one too.</param>
    /// <param name="mime">With all recipients in its header.</param>
    /// <param name="beginAsync">Runs before it can have left; false takes it back.</param>
    /// <param name="isPatient">The token alone says how long an answer may take, in place of half a minute.</param>
    /// <exception cref="MailConnectionException">There is no token; in words, why.</exception>
    public async Task<GraphAnswer> SendAsync(
        long accountId, string address, byte[] mime, Func<CancellationToken, Task<bool>> beginAsync, CancellationToken cancellationToken, bool isPatient = false)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var cloud = (await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses;
        GraphSession session = new(_tokens, isPatient ? _http.PatientFor(cloud) : _http.For(cloud), accountId, await GraphAddress.OfAsync(db, cloud, accountId, address, cancellationToken));
        var mayHaveLeft = false;
        try
        {
            await session.SignInAsync(cancellationToken);
            var draft = mime.Length > MaxMime ? await GraphDraft.PrepareAsync(session, mime, cancellationToken) : null;
            if (!await BeginAsync(session, draft, beginAsync, cancellationToken))
            {
                await DiscardAsync(session, draft);
                return new GraphAnswer(GraphEnd.TakenBack, "");
            }

            mayHaveLeft = true;
            using var response = await session.PostAsync(
                draft is null ? "/sendMail" : $"/messages/{draft}/send", draft is null ? GraphSession.Mime(mime) : () => new ByteArrayContent([]), cancellationToken);
            var answer = await ReadAsync(response, cancellationToken);
            if (answer.End is not (GraphEnd.Accepted or GraphEnd.Unknown))
            {
                await DiscardAsync(session, draft);
            }

            return answer;
        }
        catch (GraphRefusedException refused)
        {
            return refused.Answer; // of a draft, which nobody has been sent
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException && !(cancellationToken.IsCancellationRequested && !mayHaveLeft))
        {
            var neverLeft = !mayHaveLeft || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
            return new GraphAnswer(neverLeft ? GraphEnd.Later : GraphEnd.Unknown, neverLeft ? Microsoft365Text.GraphUnreachable : Microsoft365Text.GraphEndUnknown);
        }
    }

    /// <summary>Where it cannot be written down that the mail leaves, it does not, and leaves no draft behind.</summary>
    private static async Task<bool> BeginAsync(GraphSession session, string? draft, Func<CancellationToken, Task<bool>> beginAsync, CancellationToken cancellationToken)
    {
        try
        {
            return await beginAsync(cancellationToken);
        }
        catch
        {
            await DiscardAsync(session, draft);
            throw;
        }
    }

    /// <summary>A draft that is not sent would be in the way of the next attempt's. What became of the mail is known, however this ends.</summary>
    internal static async Task DiscardAsync(GraphSession session, string? draft)
    {
        if (draft is null)
        {
            return;
        }

        using CancellationTokenSource patience = new(s_discardPatience);
        try
        {
            using var removed = await session.DeleteAsync($"/messages/{draft}", patience.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or MailConnectionException)
        {
            // It stays among the drafts, where a person finds it.
        }
    }

    /// <summary>What an answer of Graph means for a mail.</summary>
    internal static async Task<GraphAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return new GraphAnswer(GraphEnd.Accepted, "202 Accepted");
        }

        var (code, message) = await ErrorOfAsync(response, cancellationToken);
        var words = ServerWords.Clean($"{(int)response.StatusCode} {code} {message}");
        var cause = Causes.All.FirstOrDefault(known => known.Code == code);
        var patience = Causes.Of(response.StatusCode is HttpStatusCode.TooManyRequests ? Causes.GraphThrottled : Causes.GraphBusy);
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new(GraphEnd.Later, $"{words}. {(cause is { Mender: Mender.Time } ? cause : patience).Sentence}", PauseOf(response)),
            HttpStatusCode.Unauthorized => new(GraphEnd.SignInAgain, cause?.Sentence ?? Causes.Of(code).Sentence),
            HttpStatusCode.Forbidden or HttpStatusCode.NotFound when cause is { Code: not "ErrorSendAsDenied" } => new(GraphEnd.SignInAgain, cause.Sentence),
            HttpStatusCode.InternalServerError when cause is { Mender: Mender.Time } => new(GraphEnd.Later, $"{words}. {cause.Sentence}", PauseOf(response)),
            >= HttpStatusCode.InternalServerError when cause is null or { Mender: Mender.Time } => new(GraphEnd.Unknown, words), // a gateway's word: what is behind it may have taken the mail
            _ => new(GraphEnd.Refused, cause is null ? words : $"{words}. {cause.Sentence}"),
        };
    }

    /// <summary>In seconds, or until a time of the server's own clock (RFC 9110, section 10.2.3).</summary>
    internal static TimeSpan? PauseOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date - response.Headers.Date);
        return pause > LongestPause ? LongestPause : pause > TimeSpan.Zero ? pause : null;
    }

    internal static async Task<(string Code, string Message)> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)); // which may be read again
            var error = body.RootElement.GetProperty("error");
            return (error.GetProperty("code").GetString() ?? "", error.GetProperty("message").GetString() ?? "");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (response.ReasonPhrase ?? "", "");
        }
    }
}
