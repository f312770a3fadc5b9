using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using MimeKit;
using MimeKit.Utils;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>Makes of what a program says a mail as it would have come.</summary>
internal static class NewMailComposing
{
    public static byte[] Compose(NewMail mail, string ownAddress, DateTimeOffset at)
    {
        using MimeMessage message = new();
        message.From.Add(AddressOf(mail.From!));
        message.To.AddRange(mail.To.DefaultIfEmpty(new MailAddress("", ownAddress)).Select(AddressOf));
        message.Cc.AddRange(mail.Cc.Select(AddressOf));
        message.Bcc.AddRange(mail.Bcc.Select(AddressOf));
        message.Subject = mail.Subject;
        message.Date = at;
        message.MessageId = mail.InternetMessageId ?? MimeUtils.GenerateMessageId(AddressSyntax.DomainOf(ownAddress));
        BodyBuilder body = new() { HtmlBody = mail.IsHtml ? mail.Text : null, TextBody = mail.IsHtml ? null : mail.Text };
        foreach (var file in mail.Files)
        {
            body.Attachments.Add(AttachmentName.Clean(file.Name), file.Bytes, ContentType.TryParse(file.ContentType, out var type) ? type : new ContentType("application", "octet-stream"));
        }

        message.Body = body.ToMessageBody();
        message.Prepare(EncodingConstraint.SevenBit);
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        using MemoryStream bytes = new();
        message.WriteTo(format, bytes);
        return bytes.ToArray();
    }

    private static MailboxAddress AddressOf(MailAddress address) => new(address.Name, address.Address);
}
