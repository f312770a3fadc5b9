using System.Text;
using Enneo.Core.Messages;
using MimeKit;
using MimeKit.Text;

namespace Enneo.Core.Sending;

/// <summary>The parts that our mail is made of; each can pass any server.</summary>
internal static class MailParts
{
    private const int MaxLine = 998; // RFC 5322, section 2.1.1
    private static readonly ContentType s_unknown = new("application", "octet-stream");

    public static TextPart Text(TextFormat format, string text)
    {
        TextPart part = new(format) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        return part;
    }

    public static MimePart File(string name, string contentType, byte[] content) => Part(TypeOf(contentType), content, ContentDisposition.Attachment, name);

    /// <summary>A picture that the text shows by its Content-ID.</summary>
    public static MimePart Picture(PartContent picture, string contentId)
    {
        var part = Part(TypeOf(picture.ContentType), picture.Bytes, ContentDisposition.Inline, picture.Name);
        part.ContentId = contentId;
        return part;
    }

    /// <summary>
    /// A mail as a file, byte for byte. Such a part may not be encoded (RFC 2046, section 5.2.1), and not every
    /// server takes it otherwise: what cannot pass as it is travels as a file of no type but with its ending.
    /// </summary>
    public static MimePart Mail(string name, byte[] mail)
    {
        if (!CanPass(mail))
        {
            return File(name, s_unknown.MimeType, mail);
        }

        return new Untouched
        {
            Content = new MimeContent(new MemoryStream(mail, writable: false), ContentEncoding.SevenBit),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.SevenBit,
            FileName = name,
        };
    }

    private static MimePart Part(ContentType type, byte[] content, string disposition, string name) => new(type)
    {
        Content = new MimeContent(new MemoryStream(content, writable: false)),
        ContentDisposition = new ContentDisposition(disposition) { Size = content.Length },
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = name,
    };

    /// <summary>RFC 2046 allows no base64 for messages and multiparts; as files they are plain bytes.</summary>
    private static ContentType TypeOf(string contentType) =>
        ContentType.TryParse(contentType, out var type) && type.MediaType.ToUpperInvariant() is not ("MESSAGE" or "MULTIPART") ? type : s_unknown;

    /// <summary>ASCII without NUL, in lines that end in CRLF and are not too long, the last one too.</summary>
    private static bool CanPass(ReadOnlySpan<byte> mail)
    {
        if (!mail.EndsWith("\r\n"u8) || mail.ContainsAnyExceptInRange((byte)1, (byte)127))
        {
            return false;
        }

        foreach (var line in mail.Split("\r\n"u8))
        {
            if (mail[line].Length > MaxLine || mail[line].ContainsAny((byte)'\r', (byte)'\n'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Written as it is: nobody chooses another encoding for it.</summary>
    private sealed class Untouched() : MimePart("message", "rfc822")
    {
        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
            // 7-bit and short lines already.
        }
    }
}
