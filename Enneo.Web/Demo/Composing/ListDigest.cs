using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>What a mailing list sends those who want one mail a day (RFC 1153 in MIME: multipart/digest).</summary>
internal static class ListDigest
{
    /// <param name="text">An introduction, then mails that each begin with <c>~~ from | subject</c>.</param>
    public static Multipart Compose(string text, MimeMessage digest)
    {
        var parts = text.Split("\n~~ ");
        Multipart mails = new("digest");
        foreach (var (part, index) in parts.Skip(1).Select((part, index) => (part, index)))
        {
            mails.Add(new MessagePart { Message = Mail(part, index, digest) });
        }

        return new Multipart("mixed") { new TextPart("plain") { Text = parts[0].Trim() }, mails };
    }

    private static MimeMessage Mail(string part, int index, MimeMessage digest)
    {
        var lines = part.Split('\n');
        var fields = lines[0].Split(" | ");
        MimeMessage mail = new()
        {
            Date = digest.Date.AddHours(-20 + (3 * index)),
            Subject = fields[1],
            MessageId = $"{index + 1}.{digest.MessageId}",
            Body = new TextPart("plain") { Text = LineWrapping.Wrap(string.Join('\n', lines.Skip(1)).Trim(), 72) },
        };
        mail.From.Add(MailboxAddress.Parse(fields[0]));
        mail.To.AddRange(digest.From);
        return mail;
    }
}
