using System.Net.Http.Json;
using System.Text.Json;
using MimeKit;

namespace Enneo.Core.Microsoft365;

/// <summary>Graph would not take a draft or a file of it; nobody was sent anything.</summary>
internal sealed class GraphRefusedException(GraphAnswer answer) : Exception(answer.Words)
{
    public GraphAnswer Answer => answer;
}

/// <summary>Mail that is too large for one request: a draft without its files, to which they are uploaded.</summary>
internal static class GraphDraft
{
    /// <summary>Below, Graph takes a file in one request and by no other way.</summary>
    private const int LargeFile = 3_000_000;

    /// <summary>A multiple of 320 KiB, as Graph wants it.</summary>
    private const int Chunk = 10 * 320 * 1024;

    /// <returns>The draft's id, ready to be sent.</returns>
    /// <exception cref="GraphRefusedException">It was not taken.</exception>
    public static async Task<string> PrepareAsync(GraphSession session, byte[] mime, CancellationToken cancellationToken)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(mime), cancellationToken);
        var files = TakeFiles(mail);
        using MemoryStream bare = new();
        await mail.WriteToAsync(bare, cancellationToken);
        using var created = await DemandAsync(await session.PostAsync("/messages", GraphSession.Mime(bare.ToArray()), cancellationToken), cancellationToken);
        var id = Uri.EscapeDataString(await TextAsync(created, "id", cancellationToken));
        try
        {
            foreach (var file in files)
            {
                await AttachAsync(session, id, file, cancellationToken);
            }
        }
        catch
        {
            await GraphSending.DiscardAsync(session, id);
            throw;
        }

        return id;
    }

    /// <summary>Files of the mail, and pictures that its text shows.</summary>
    private static List<MimePart> TakeFiles(MimeMessage mail)
    {
        List<MimePart> files = [];
        foreach (var parts in MultipartsOf(mail.Body))
        {
            var text = parts is MultipartRelated related ? related.Root : null;
            foreach (var file in parts.OfType<MimePart>().Where(part => part.IsAttachment || (text is not null && part != text)).ToList())
            {
                parts.Remove(file);
                files.Add(file);
            }
        }

        return files;
    }

    private static IEnumerable<Multipart> MultipartsOf(MimeEntity? entity) => entity is Multipart { ContentType.MediaSubtype: not ("signed" or "encrypted") } parts
        ? [parts, .. parts.SelectMany(MultipartsOf)]
        : [];

    private static async Task AttachAsync(GraphSession session, string id, MimePart file, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        if (file.Content is { } encoded)
        {
            await encoded.DecodeToAsync(content, cancellationToken);
        }

        var bytes = content.ToArray();
        var name = file.FileName ?? "file";
        var isInline = !file.IsAttachment && file.ContentId is not null;
        if (bytes.Length < LargeFile)
        {
            Dictionary<string, object> small = new()
            {
                ["@odata.type"] = "#microsoft.graph.fileAttachment",
                ["name"] = name,
                ["contentType"] = file.ContentType.MimeType,
                ["contentBytes"] = Convert.ToBase64String(bytes),
                ["isInline"] = isInline,
                ["contentId"] = file.ContentId ?? "",
            };
            using var attached = await DemandAsync(await session.PostAsync($"/messages/{id}/attachments", () => JsonContent.Create(small), cancellationToken), cancellationToken);
            return;
        }

        var large = new { AttachmentItem = new { attachmentType = "file", name, size = bytes.Length, contentType = file.ContentType.MimeType, isInline, contentId = file.ContentId } };
        using var begun = await DemandAsync(await session.PostAsync($"/messages/{id}/attachments/createUploadSession", () => JsonContent.Create(large), cancellationToken), cancellationToken);
        var address = await TextAsync(begun, "uploadUrl", cancellationToken);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var upload) || upload.Scheme != Uri.UriSchemeHttps)
        {
            throw Unreadable();
        }

        for (var from = 0; from < bytes.Length; from += Chunk)
        {
            using var taken = await DemandAsync(
                await session.PutChunkAsync(address, bytes.AsMemory(from, Math.Min(Chunk, bytes.Length - from)), from, bytes.Length, cancellationToken), cancellationToken);
        }
    }

    private static async Task<HttpResponseMessage> DemandAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var answer = await GraphSending.ReadAsync(response, cancellationToken);
            throw new GraphRefusedException(answer.End is GraphEnd.Unknown ? answer with { End = GraphEnd.Later } : answer);
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return body.RootElement.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw Unreadable();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unreadable();
        }
    }

    private static GraphRefusedException Unreadable() => new(new GraphAnswer(GraphEnd.Later, Microsoft365Text.GraphUnreadable));
}
