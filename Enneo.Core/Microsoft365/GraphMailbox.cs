using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Enneo.Core.Connections;

namespace Enneo.Core.Microsoft365;

/// <summary>A mailbox as Microsoft Graph (v1.0) shows it: its folders, what changed in them, and each mail byte for byte.</summary>
public sealed class GraphMailbox
{
    private const string Fields = "$select=receivedDateTime,isRead,flag,isDraft,internetMessageId,changeKey";
    private const string FolderFields = "$select=id,displayName,totalItemCount,unreadItemCount,childFolderCount&$top=100";

    /// <summary>Deeper than any mailbox, so that a list that leads back to itself ends.</summary>
    private const int Deepest = 50;

    private readonly GraphRequests _requests;
    private readonly bool _isReadOnly;

    internal GraphMailbox(GraphRequests requests, bool isReadOnly) => (_requests, _isReadOnly) = (requests, isReadOnly);

    /// <summary>Where it is asked.</summary>
    public string Host => _requests.Host;

    /// <summary>All folders that are not hidden, those above before those below.</summary>
    /// <exception cref="MailConnectionException">As with all here: any failure, in words.</exception>
    public Task<IReadOnlyList<GraphListedFolder>> FoldersAsync(CancellationToken cancellationToken) => FoldersAsync(FolderFields, cancellationToken);

    /// <summary>The hidden ones as well.</summary>
    public Task<IReadOnlyList<GraphListedFolder>> AllFoldersAsync(CancellationToken cancellationToken) => FoldersAsync($"{FolderFields}&includeHiddenFolders=true", cancellationToken);

    /// <param name="name">Graph's own for what it is for, such as <c>sentitems</c>.</param>
    /// <returns>Its id; null when there is none.</returns>
    public async Task<string?> WellKnownAsync(string name, CancellationToken cancellationToken) =>
        await _requests.JsonAsync(HttpMethod.Get, $"/mailFolders/{name}?$select=id", cancellationToken) is { } folder ? Text(folder, "id") : null;

    /// <summary>Sees that the mailbox opens: only then a message that is not found is gone.</summary>
    public async Task ProveAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await WellKnownAsync("inbox", cancellationToken) ?? throw GraphFailure.Unreadable();
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused)
        {
            throw MailConnectionException.BeforeSigningIn(ConnectionProblem.ServerUnavailable, refused.Message, refused); // of the mailbox, and no refusal of what was to be done in it
        }
    }

    /// <summary>A folder is gone only if Graph says so when asked for it.</summary>
    public async Task<bool> HasFolderAsync(string folderId, CancellationToken cancellationToken)
    {
        try
        {
            return await _requests.JsonAsync(HttpMethod.Get, $"/mailFolders/{Uri.EscapeDataString(folderId)}?$select=id", cancellationToken) is not null;
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused or ConnectionProblem.SignInRefused)
        {
            return true;
        }
    }

    /// <returns>The id of the folder in which the message lies; null when it is gone.</returns>
    public async Task<string?> FolderOfAsync(string id, CancellationToken cancellationToken) =>
        await _requests.JsonAsync(HttpMethod.Get, $"{PathOf(id)}?$select=parentFolderId", cancellationToken) is { } found ? Text(found, "parentFolderId") : null;

    /// <returns>How many lie in the inbox, and when the newest came; null when none did.</returns>
    public async Task<(int Total, DateTimeOffset? Newest)> InboxAsync(CancellationToken cancellationToken)
    {
        var folder = await _requests.JsonAsync(HttpMethod.Get, "/mailFolders/inbox?$select=id,totalItemCount", cancellationToken) ?? throw GraphFailure.Unreadable();
        var newest = await _requests.JsonAsync(HttpMethod.Get, "/mailFolders/inbox/messages?$select=receivedDateTime&$orderby=receivedDateTime desc&$top=1", cancellationToken);
        var first = newest is { } page ? GraphJson.Items(page).FirstOrDefault() : null;
        return (folder.TryGetProperty("totalItemCount", out var total) ? total.GetInt32() : 0, first?.ReceivedAt);
    }

    /// <param name="link">As the last look gave it; null for everything that lies there.</param>
    /// <returns>Null when the link is void, or the folder gone.</returns>
    public async Task<GraphChanges?> ChangesAsync(string folderId, string? link, CancellationToken cancellationToken)
    {
        Dictionary<string, GraphItem> items = [];
        var next = link ?? $"/mailFolders/{Uri.EscapeDataString(folderId)}/messages/delta?{Fields}";
        while (true)
        {
            if (await _requests.JsonAsync(HttpMethod.Get, next, cancellationToken) is not { } page)
            {
                return null;
            }

            foreach (var item in GraphJson.Items(page))
            {
                items[item.Id] = items.TryGetValue(item.Id, out var earlier) && !earlier.IsRemoved ? earlier.With(item) : item;
            }

            if (GraphJson.Text(page, "@odata.deltaLink") is { } last)
            {
                return new GraphChanges([.. items.Values], last);
            }

            next = Text(page, "@odata.nextLink");
        }
    }

    /// <returns>Null when it is gone.</returns>
    public async Task<GraphItem?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _requests.JsonAsync(HttpMethod.Get, $"{PathOf(id)}?{Fields}", cancellationToken) is { } found ? GraphJson.Item(found) : null;

    /// <summary>Reads a mail as it was received.</summary>
    /// <returns>Null when it is gone.</returns>
    public Task<T?> ReadMimeAsync<T>(string id, Func<Stream, CancellationToken, Task<T>> takeAsync, CancellationToken cancellationToken)
        where T : class => _requests.AskAsync(
            HttpMethod.Get, $"{PathOf(id)}/$value", async (response, token) => await takeAsync(await response.Content.ReadAsStreamAsync(token), token), cancellationToken);

    /// <summary>What was sent since, oldest first, with Message-ID and the header <paramref name="header"/>.</summary>
    public async IAsyncEnumerable<(string InternetMessageId, string Header)> SentSinceAsync(DateTimeOffset since, string header, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = string.Create(
            CultureInfo.InvariantCulture, $"/mailFolders/sentitems/messages?$select=internetMessageId,internetMessageHeaders&$filter=sentDateTime ge {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&$orderby=sentDateTime asc&$top=50");
        while (next is not null && await _requests.JsonAsync(HttpMethod.Get, next, cancellationToken) is { } page)
        {
            foreach (var sent in GraphJson.Sent(page, header))
            {
                yield return sent;
            }

            next = GraphJson.Text(page, "@odata.nextLink");
        }
    }

    /// <summary>A message that is gone is passed over.</summary>
    public Task MarkReadAsync(string id, bool isRead, CancellationToken cancellationToken) => PatchAsync(id, new { isRead }, cancellationToken);

    /// <inheritdoc cref="MarkReadAsync"/>
    public Task FlagAsync(string id, bool isFlagged, CancellationToken cancellationToken) =>
        PatchAsync(id, new { flag = new { flagStatus = isFlagged ? "flagged" : "notFlagged" } }, cancellationToken);

    /// <summary>The message keeps its id.</summary>
    public async Task<GraphMove> MoveAsync(string id, string folderId, CancellationToken cancellationToken)
    {
        Guard();
        var moved = await _requests.JsonAsync(HttpMethod.Post, $"{PathOf(id)}/move", cancellationToken, () => JsonContent.Create(new { destinationId = folderId }));
        return moved is not null ? GraphMove.Done
            : await FindAsync(id, cancellationToken) is null ? GraphMove.MessageGone
            : GraphMove.FolderGone;
    }

    /// <summary>Out of the deleted items, too; Exchange lets it be recovered for a while. What is gone is passed over.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        Guard();
        return _requests.AskAsync(HttpMethod.Delete, PathOf(id), (_, _) => Task.FromResult(id), cancellationToken);
    }

    private Task PatchAsync(string id, object change, CancellationToken cancellationToken)
    {
        Guard();
        return _requests.AskAsync(HttpMethod.Patch, PathOf(id), (_, _) => Task.FromResult(id), cancellationToken, () => JsonContent.Create(change));
    }

    private async Task<IReadOnlyList<GraphListedFolder>> FoldersAsync(string fields, CancellationToken cancellationToken)
    {
        List<GraphListedFolder> folders = [];
        await AddFoldersAsync(folders, "/mailFolders", fields, [], cancellationToken);
        return folders;
    }

    private async Task AddFoldersAsync(List<GraphListedFolder> folders, string path, string fields, IReadOnlyList<string> parents, CancellationToken cancellationToken)
    {
        List<GraphListedFolder> withChildren = [];
        for (var next = $"{path}?{fields}"; next is not null;)
        {
            var page = await _requests.JsonAsync(HttpMethod.Get, next, cancellationToken) ?? throw GraphFailure.Unreadable();
            foreach (var (folder, children) in GraphJson.Folders(page, parents))
            {
                folders.Add(folder);
                withChildren.AddRange(children > 0 && parents.Count < Deepest ? [folder] : []);
            }

            next = GraphJson.Text(page, "@odata.nextLink");
        }

        foreach (var folder in withChildren)
        {
            await AddFoldersAsync(folders, $"/mailFolders/{Uri.EscapeDataString(folder.Id)}/childFolders", fields, [.. parents, folder.Name], cancellationToken);
        }
    }

    private void Guard()
    {
        if (_isReadOnly)
        {
            throw new InvalidOperationException("In shadow mode nothing is changed on the server.");
        }
    }

    private static string PathOf(string id) => $"/messages/{Uri.EscapeDataString(id)}";

    private static string Text(JsonElement element, string name) => GraphJson.Text(element, name) ?? throw GraphFailure.Unreadable();
}
