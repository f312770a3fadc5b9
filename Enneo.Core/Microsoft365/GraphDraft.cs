using System.Net.Http.Json;
using System.Text.Json;
using Enneo.Core.Connections;
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

    private static readonly FormatOptions s_asSent = AsSent();

    /// <returns>The draft's id, ready to be sent.</returns>
    /// <exception cref="GraphRefusedException">It was not taken.</exception>
    public static async Task<string> PrepareAsync(GraphSession session, byte[] mime, CancellationToken cancellationToken)
    {
        using var mail = await MimeMessage.LoadAsync(new MemoryStream(mime), cancellationToken);
        await DiscardEarlierAsync(session, mail.MessageId, cancellationToken);
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

    /// <summary>Of a mail that was to be sent when the token ended, the draft could not be deleted either.</summary>
    private static async Task DiscardEarlierAsync(GraphSession session, string? messageId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(messageId))
        {
            return;
        }

        var filter = Uri.EscapeDataString($"internetMessageId eq '<{messageId.Replace("'", "''", StringComparison.Ordinal)}>'");
        using var found = await session.AskAsync(HttpMethod.Get, $"/mailFolders/drafts/messages?$select=id&$filter={filter}", cancellationToken);
        if (!found.IsSuccessStatusCode)
        {
            return; // which keeps no mail from leaving
        }

        foreach (var id in IdsIn(await found.Content.ReadAsByteArrayAsync(cancellationToken)))
        {
            await GraphSending.DiscardAsync(session, Uri.EscapeDataString(id));
        }
    }

    private static List<string> IdsIn(byte[] page)
    {
        try
        {
            using var read = JsonDocument.Parse(page);
            return [.. GraphJson.Items(read.RootElement).Select(item => item.Id)];
        }
        catch (Exception exception) when (exception is JsonException or MailConnectionException)
        {
            throw Unreadable();
        }
    }

    /// <summary>Files of the mail, a mail that is passed on among them, and pictures that its text shows.</summary>
    private static List<MimeEntity> TakeFiles(MimeMessage mail)
    {
        List<MimeEntity> files = [];
        foreach (var parts in MultipartsOf(mail.Body))
        {
            var text = parts is MultipartRelated related ? related.Root : null;
            foreach (var file in parts.Where(part => part is MessagePart || (part is MimePart && (part.IsAttachment || (text is not null && part != text)))).ToList())
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

    private static async Task AttachAsync(GraphSession session, string id, MimeEntity file, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(file, cancellationToken);
        var name = file.ContentDisposition?.FileName ?? file.ContentType.Name ?? (file is MessagePart ? "mail.eml" : "file");
        var isInline = file is MimePart { IsAttachment: false, ContentId: not null };
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

    private static FormatOptions AsSent()
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        return options;
    }

    private static async Task<byte[]> BytesAsync(MimeEntity file, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        await (file switch
        {
            MimePart { Content: { } encoded } => encoded.DecodeToAsync(content, cancellationToken),
            MessagePart { Message: { } mail } => mail.WriteToAsync(s_asSent, content, cancellationToken),
            _ => Task.CompletedTask,
        });
        return content.ToArray();
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
