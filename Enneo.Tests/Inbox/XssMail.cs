using System.Globalization;
using System.Text;
using MimeKit;

namespace Enneo.Tests.Inbox;

/// <summary>Mail that carries a hostile piece in subject, names, body and attachments.</summary>
internal static class XssMail
{
    /// <summary>The payload at each place of a mail.</summary>
    public static MimeMessage Of(XssPayload payload, string user)
    {
        MimeMessage mail = new() { Subject = OneLine(payload.Html, 600), MessageId = $"{payload.Id}@evil.example" };
        mail.From.Add(new MailboxAddress(OneLine(payload.Html, 190), "mallory@evil.example"));
        mail.To.Add(new MailboxAddress(OneLine(payload.Html, 190), user));
        mail.Cc.Add(new MailboxAddress(OneLine(payload.Html, 190), "carol@evil.example"));
        mail.Body = new Multipart("mixed")
        {
            new TextPart("html") { Text = $"<p>Good morning, {payload.Id}</p>{payload.Html}" },
            Attachment(payload, "text", "html", ".html"),
            Attachment(payload, "image", "svg+xml", ".svg"),
        };
        return mail;
    }

    private static MimePart Attachment(XssPayload payload, string type, string subtype, string extension) => new(type, subtype)
    {
        Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(payload.Html))),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = OneLine(payload.Html, 120) + extension,
    };

    public static string DraftSubject(XssPayload payload) => OneLine(payload.Html, 150);

    /// <summary>A header ends at a line's end, and a mail written by the rules has no control characters in it.</summary>
    private static string OneLine(string text, int length)
    {
        var line = string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString()));
        return (line.Length <= length ? line : line[..(char.IsHighSurrogate(line[length - 1]) ? length - 1 : length)]).Trim();
    }
}
