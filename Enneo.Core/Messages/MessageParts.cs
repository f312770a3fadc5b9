using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Names, measures and decodes the parts of a mail.</summary>
internal static class MessageParts
{
    private static readonly SearchValues<char> s_idEnds = SearchValues.Create("\"' )<>");

    /// <param name="shownIds">Content-IDs that the HTML shows.</param>
    public static MessagePart Describe(MimeEntity entity, int index, IReadOnlySet<string> shownIds)
    {
        var contentId = HeaderText.Clean(entity.ContentId, HeaderText.MaxSubject).Trim('<', '>', ' ');
        var isShown = entity is MimePart && entity.ContentType.IsMimeType("image", "*") && shownIds.Contains(contentId);
        var (length, sha256) = Measure(entity);
        return new(index, NameOf(entity, index), TypeOf(entity), length, isShown, contentId.Length > 0 ? contentId : null) { Sha256 = sha256 };
    }

    public static PartContent Content(MimeEntity entity, int index)
    {
        using CountingStream count = new();
        Decode(entity, count);
        var content = new byte[count.Length]; // a stream that grows would need three times as much
        using MemoryStream bytes = new(content);
        Decode(entity, bytes);
        return new(NameOf(entity, index), TypeOf(entity), content);
    }

    /// <summary>Signatures and reports: parts for programs.</summary>
    public static bool IsMachinery(MimePart part) =>
        part.ContentType.IsMimeType("application", "pgp-signature")
        || part.ContentType.IsMimeType("application", "pkcs7-signature")
        || part.ContentType.IsMimeType("application", "x-pkcs7-signature")
        || part.ContentType.IsMimeType("application", "applefile")
        || part.ContentType.IsMimeType("message", "*");

    /// <summary>The name that the mail gives to a part, or the subject of an attached mail; cleaned, empty when there is none.</summary>
    public static string GivenName(MimeEntity entity)
    {
        var given = HeaderText.CleanFileName(entity.ContentDisposition?.FileName ?? entity.ContentType.Name);
        if (given.Length > 0 || entity is not MimeKit.MessagePart mail || entity is TextRfc822Headers)
        {
            return given;
        }

        var subject = HeaderText.CleanFileName(mail.Message?.Subject?.Replace('/', '_').Replace('\\', '_'));
        return (subject.Length > 0 ? subject : MessageText.AttachedMail) + ".eml";
    }

    /// <summary>The addresses of "cid:" in HTML, unescaped (RFC 2392).</summary>
    public static IReadOnlySet<string> ContentIdsIn(string? html)
    {
        HashSet<string> ids = new(StringComparer.Ordinal);
        for (var at = Find(html, 0); at >= 0; at = Find(html, at))
        {
            at += "cid:".Length;
            var rest = html.AsSpan(at, Math.Min(HeaderText.MaxSubject, html!.Length - at));
            var end = rest.IndexOfAny(s_idEnds);
            ids.Add(Uri.UnescapeDataString(rest[..(end < 0 ? rest.Length : end)]));
        }

        return ids;
    }

    private static int Find(string? html, int start) => html?.IndexOf("cid:", start, StringComparison.OrdinalIgnoreCase) ?? -1;

    /// <returns>Of its decoded bytes; the hash in lower-case hex.</returns>
    public static (long Length, string Sha256) Measure(MimeEntity entity)
    {
        using CountingStream count = new();
        using var hash = SHA256.Create();
        using (CryptoStream hashing = new(count, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            Decode(entity, hashing);
        }

        return (count.Length, Convert.ToHexStringLower(hash.Hash!));
    }

    private static void Decode(MimeEntity entity, Stream output)
    {
        switch (entity)
        {
            case MimeKit.MessagePart { Message: { } message }:
                message.WriteTo(output);
                break;
            case MimePart { Content: { } content }:
                content.DecodeTo(output);
                break;
            case Multipart multipart: // nested deeper than the parser follows
                multipart.WriteTo(output);
                break;
        }
    }

    private static string TypeOf(MimeEntity entity) => HeaderText.Clean(entity.ContentType.MimeType, HeaderText.MaxName).ToLowerInvariant();

    private static string NameOf(MimeEntity entity, int index)
    {
        if (GivenName(entity) is { Length: > 0 } name)
        {
            return name;
        }

        var number = (index + 1).ToString(CultureInfo.InvariantCulture);
        return TypeOf(entity) switch
        {
            "message/delivery-status" or "message/disposition-notification" or "message/feedback-report" or "text/rfc822-headers" => $"{MessageText.Report}-{number}.txt",
            "text/calendar" => $"{MessageText.Invitation}-{number}.ics",
            var type => $"{MessageText.Attachment}-{number}{(MimeTypes.TryGetExtension(type, out var extension) ? extension : "")}",
        };
    }
}
