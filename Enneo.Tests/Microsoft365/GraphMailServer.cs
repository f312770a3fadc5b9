using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>An answer in place of the next one to a request whose path holds a word.</summary>
/// <param name="Status">0 for none: the connection ends.</param>
internal sealed record GraphFault(string Path, int Status, string Code, int? RetryAfter = null, string Message = "said so by the test", bool Lasts = false);

/// <summary>Reading and changing mailboxes, as Microsoft Graph v1.0 does: folders, deltas, MIME, and what it says when it does not.</summary>
internal sealed class GraphMailServer
{
    private string _audience = "";
    private string _root = "";

    public ConcurrentDictionary<string, GraphMail> Mailboxes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was asked, method and path with its query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentDictionary<GraphFault, byte> Faults { get; } = new();

    /// <summary>Mails of which nothing is given, and no reason.</summary>
    public HashSet<string> Empty { get; } = [];

    /// <summary>So many tokens are refused.</summary>
    public int Rejections { get; set; }

    /// <summary>Whether a request's token is refused; answers when it likes.</summary>
    public Func<HttpRequest, Task<bool>> RejectsAsync { get; set; } = _ => Task.FromResult(false);

    /// <summary>Items on one page, unless fewer are asked for.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>How many mails were read whole.</summary>
    public int Fetched => Requests.Count(request => request.EndsWith("/$value", StringComparison.Ordinal));

    public GraphMail Add(string address) => Mailboxes[address] = new GraphMail();

    public void Fail(string path, int status, string code, int? retryAfter = null, bool lasts = false) => Faults[new GraphFault(path, status, code, retryAfter, Lasts: lasts)] = 0;

    public void Map(WebApplication app, string graph)
    {
        (_audience, _root) = (graph, $"{graph}/v1.0/users");
        MapFolders(app);
        MapMessages(app);
    }

    public Task<IResult> DeleteAsync(HttpRequest request, string address, string id) =>
        AnswerAsync(request, address, mail => Task.FromResult(mail.Delete(id) ? Results.NoContent() : ItemGone()));

    private static string At(string path) => $"/graph/v1.0/users/{{address}}{path}";

    private void MapFolders(WebApplication app)
    {
        app.MapGet(At("/mailFolders"), (string address, HttpRequest request) => AnswerAsync(request, address, mail => Json(new { value = mail.Boxes(null, ShowsHidden(request)).Select(box => Shape(mail, box)) })));
        app.MapGet(At("/mailFolders/{id}/childFolders"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail => Json(new { value = mail.Boxes(id, ShowsHidden(request)).Select(box => Shape(mail, box)) })));
        app.MapGet(At("/mailFolders/{id}"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail =>
            mail.FindBox(id) is { } box ? Json(Shape(mail, box)) : Task.FromResult(FolderGone())));
        app.MapGet(At("/mailFolders/{id}/messages"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail =>
            mail.FindBox(id) is { } box ? Json(Page(request, mail, box)) : Task.FromResult(FolderGone())));
        app.MapGet(At("/mailFolders/{id}/messages/delta"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail => DeltaAsync(request, address, mail, id)));
    }

    private void MapMessages(WebApplication app)
    {
        app.MapGet(At("/messages/{id}"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail =>
            mail.Find(id) is { } letter ? Json(Shape(request, letter, null)) : Task.FromResult(ItemGone())));
        app.MapGet(At("/messages/{id}/$value"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, mail => Task.FromResult(
            mail.Find(id) is { } letter ? Results.Stream(new MemoryStream(Empty.Contains(id) ? [] : letter.Mime), "text/plain") : ItemGone())));
        app.MapPatch(At("/messages/{id}"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, async mail =>
        {
            if (mail.Find(id) is not { } letter)
            {
                return ItemGone();
            }

            using var change = await JsonDocument.ParseAsync(request.Body);
            if (change.RootElement.TryGetProperty("isRead", out var isRead))
            {
                mail.Mark(letter.Id, isRead.GetBoolean());
            }

            if (change.RootElement.TryGetProperty("flag", out var flag))
            {
                mail.Flag(letter.Id, flag.GetProperty("flagStatus").GetString() == "flagged");
            }

            return await Json(Shape(request, mail.Find(letter.Id)!, null));
        }));
        app.MapPost(At("/messages/{id}/move"), (string address, string id, HttpRequest request) => AnswerAsync(request, address, async mail =>
        {
            using var wish = await JsonDocument.ParseAsync(request.Body);
            return mail.Find(id) is null ? ItemGone()
                : !mail.Move(id, wish.RootElement.GetProperty("destinationId").GetString()!) ? FolderGone()
                : Results.Json(Shape(request, mail.Find(id)!, null), statusCode: 201);
        }));
    }

    private async Task<IResult> AnswerAsync(HttpRequest request, string address, Func<GraphMail, Task<IResult>> answerAsync)
    {
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        if (GraphToken.Of(request, _audience) is not { } token || Rejections-- > 0 || await RejectsAsync(request))
        {
            return Error(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.");
        }

        if (!token.May("Mail.ReadWrite", address))
        {
            return Error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }

        if (Faults.Keys.FirstOrDefault(fault => $"{request.Method} {request.Path}".Contains(fault.Path, StringComparison.Ordinal)) is { } fault && (fault.Lasts || Faults.TryRemove(fault, out _)))
        {
            if (fault.Status == 0)
            {
                request.HttpContext.Abort();
                return Results.Empty;
            }

            if (fault.RetryAfter is { } seconds)
            {
                request.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            return Error(fault.Status, fault.Code, fault.Message);
        }

        return Mailboxes.TryGetValue(address, out var mail)
            ? await answerAsync(mail)
            : Error(404, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
    }

    private Dictionary<string, object> Page(HttpRequest request, GraphMail mail, GraphBox box)
    {
        var (skip, size) = (request.Query["$skip"] is [{ } done] ? (int)Number(done)! : 0, Math.Min(PageSize, request.Query["$top"] is [{ } top] ? (int)Number(top)! : 10));
        var letters = mail.Letters(box.Id).OrderBy(letter => letter.ReceivedAt).ToList();
        if (request.Query["$orderby"].ToString().EndsWith(" desc", StringComparison.Ordinal))
        {
            letters.Reverse();
        }

        Dictionary<string, object> page = new() { ["value"] = letters.Skip(skip).Take(size).Select(letter => Shape(request, letter, null)) };
        if (skip + size < letters.Count)
        {
            var kept = string.Join('&', request.Query.Where(pair => pair.Key != "$skip").Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value.ToString())}"));
            page["@odata.nextLink"] = string.Create(CultureInfo.InvariantCulture, $"{_audience[..^"/graph".Length]}{request.PathBase}{request.Path.ToUriComponent()}?{kept}&$skip={skip + size}");
        }

        return page;
    }

    private Task<IResult> DeltaAsync(HttpRequest request, string address, GraphMail mail, string id)
    {
        if (mail.FindBox(id) is not { } box)
        {
            return Task.FromResult(FolderGone());
        }

        var (since, skip) = request.Query["$skiptoken"] is [{ } next] && next.Split('.') is [var begun, var done] ? (Number(begun), (int)Number(done)!)
            : (request.Query["$deltatoken"] is [{ } token] ? Number(token) : null, 0);
        if (since < mail.Forgotten)
        {
            return Task.FromResult(Error(410, "SyncStateNotFound", "The sync state generation is not found; generation=149;[highest=157][157][155][156]."));
        }

        var (items, version) = mail.Since(box.Id, since);
        var size = Math.Min(PageSize, MaxPageSize(request));
        Dictionary<string, object> page = new()
        {
            ["value"] = items.Skip(skip).Take(size).Select(item => item.Letter is { } letter
                ? Shape(request, letter, item.Property)
                : new Dictionary<string, object> { ["id"] = Told(request, item.Id, box.Id), ["@removed"] = new { reason = "deleted" } }),
        };
        var link = string.Create(CultureInfo.InvariantCulture, $"{_root}/{Uri.EscapeDataString(address)}/mailFolders/{Uri.EscapeDataString(id)}/messages/delta");
        page[skip + size < items.Count ? "@odata.nextLink" : "@odata.deltaLink"] = skip + size < items.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{link}?$skiptoken={since}.{skip + size}")
            : string.Create(CultureInfo.InvariantCulture, $"{link}?$deltatoken={version}");
        return Json(page);
    }

    private static bool ShowsHidden(HttpRequest request) => request.Query["includeHiddenFolders"] == "true";

    private static long? Number(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);

    private static int MaxPageSize(HttpRequest request) => request.Headers["Prefer"].SelectMany(value => value!.Split(", "))
        .Where(preference => preference.StartsWith("odata.maxpagesize=", StringComparison.Ordinal))
        .Select(preference => int.Parse(preference.AsSpan(18), CultureInfo.InvariantCulture)).SingleOrDefault(10);

    /// <summary>Only who asks for immutable ids is told such.</summary>
    private static string Told(HttpRequest request, string id, string folderId) =>
        request.Headers["Prefer"].Any(value => value!.Contains("IdType=\"ImmutableId\"", StringComparison.Ordinal)) ? id : $"{id}@{folderId}";

    /// <param name="property">What changed alone; null for all.</param>
    private static Dictionary<string, object> Shape(HttpRequest request, GraphLetter letter, string? property)
    {
        Dictionary<string, object> all = new()
        {
            ["id"] = Told(request, letter.Id, letter.FolderId),
            ["changeKey"] = string.Create(CultureInfo.InvariantCulture, $"CQAAABYA{letter.Version}"),
            ["isRead"] = letter.IsRead,
            ["flag"] = new { flagStatus = letter.IsFlagged ? "flagged" : "notFlagged" },
        };
        if (property is not null)
        {
            return all.Where(pair => pair.Key is "id" || pair.Key == property).ToDictionary();
        }

        using var mail = letter.Load();
        all["receivedDateTime"] = letter.ReceivedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        all["parentFolderId"] = letter.FolderId;
        all["isDraft"] = letter.IsDraft;
        all["internetMessageId"] = mail.MessageId is { } id ? $"<{id}>" : "";
        if (request.Query["$select"].ToString().Contains("internetMessageHeaders", StringComparison.Ordinal))
        {
            all["internetMessageHeaders"] = mail.Headers.Where(header => header.Field.StartsWith("X-", StringComparison.OrdinalIgnoreCase)).Select(header => new { name = header.Field, value = header.Value });
        }

        return all;
    }

    private static object Shape(GraphMail mail, GraphBox box)
    {
        var letters = mail.Letters(box.Id);
        return new
        {
            id = box.Id,
            displayName = box.Name,
            parentFolderId = box.ParentId ?? "AQMkroot=",
            childFolderCount = mail.Boxes(box.Id).Count,
            totalItemCount = letters.Count,
            unreadItemCount = letters.Count(letter => !letter.IsRead),
        };
    }

    private static Task<IResult> Json(object value) => Task.FromResult(Results.Json(value));

    private static IResult ItemGone() => Error(404, "ErrorItemNotFound", "The specified object was not found in the store.");

    private static IResult FolderGone() => Error(404, "ErrorFolderNotFound", "The specified folder could not be found in the store.");

    private static IResult Error(int status, string code, string message) => Results.Json(
        new { error = new { code, message, innerError = new { date = "2026-11-30T12:00:00", requestId = "11111111-2222-3333-4444-555555555555" } } }, statusCode: status);
}
