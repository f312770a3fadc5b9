using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Finds out which mails a bounce is about.</summary>
internal static class ReturnedMail
{
    private const int MaxIds = 20;
    private const int MaxText = 64 * 1024;

    /// <summary>Ids of the mail that is returned: whole, by its headers, or quoted in the text.</summary>
    public static IReadOnlyList<string> MessageIds(MimeMessage message)
    {
        List<string> ids = [];
        foreach (var entity in Leaves(message.Body, 0).Take(MailLimits.MaxParts))
        {
            if (entity is MimeKit.MessagePart { Message: { } returned })
            {
                ids.AddRange(Messages.MessageIds.In(returned.Headers[HeaderId.MessageId]));
            }
            else if (entity is MimePart part && IsReadable(part))
            {
                ids.AddRange(IdsIn(Text(part)));
            }
        }

        ids.AddRange(Messages.MessageIds.In(message.Headers[HeaderId.InReplyTo]));
        return [.. ids.Distinct(StringComparer.Ordinal).Take(MaxIds)];
    }

    private static IEnumerable<MimeEntity> Leaves(MimeEntity? entity, int depth) => entity switch
    {
        null => [],
        Multipart multipart when depth < MailLimits.MaxMimeDepth => multipart.SelectMany(child => Leaves(child, depth + 1)),
        _ => [entity],
    };

    private static bool IsReadable(MimePart part) =>
        part.ContentType.IsMimeType("text", "*")
        || (part.ContentType.IsMimeType("message", "*") && !part.ContentType.IsMimeType("message", "partial"));

    private static string Text(MimePart part)
    {
        if (part is TextPart text)
        {
            return MailCharset.Read(text, MaxText);
        }

        if (part.Content is null)
        {
            return "";
        }

        using var content = part.Content.Open();
        var bytes = new byte[MaxText];
        return MailCharset.Utf8OrWindows1252.GetString(bytes, 0, content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    /// <summary>The values of Message-ID fields, which may be quoted, indented or folded.</summary>
    private static List<string> IdsIn(string text)
    {
        List<string> ids = [];
        var awaitsFold = false;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.TrimStart("> \t|");
            var isField = line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase)
                || line.StartsWith("X-Original-Message-ID:", StringComparison.OrdinalIgnoreCase)
                || line.StartsWith("Original-Message-ID:", StringComparison.OrdinalIgnoreCase);
            if (isField || awaitsFold)
            {
                var value = isField ? line[(line.IndexOf(':') + 1)..].Trim() : line.Trim();
                awaitsFold = isField && value.IsEmpty;
                if (value.Contains('@'))
                {
                    ids.AddRange(Messages.MessageIds.In(value.ToString()));
                }
            }
        }

        return ids;
    }
}
