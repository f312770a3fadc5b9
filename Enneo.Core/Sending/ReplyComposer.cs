using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using MimeKit;
using MimeKit.Text;

namespace Enneo.Core.Sending;

/// <summary>A composed mail, fixed for good.</summary>
/// <param name="Snippet">Of what was written, without the quote and its heading.</param>
/// <param name="Source">RFC 5322 bytes: ASCII only, lines of at most 998 characters, ending in CRLF; without Bcc.</param>
internal sealed record ComposedMail(string InternetMessageId, string Snippet, byte[] Source);

/// <summary>Turns a draft into the mail that leaves.</summary>
internal sealed class ReplyComposer(MessageReader reader, MessageParser parser, MailHtml mailHtml, TicketTokens tokens, DraftUploads uploads, TimeProvider clock)
{
    private static readonly FormatOptions s_format = CreateFormat();

    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    public async Task<ComposedMail> ComposeAsync(
        Draft draft, IReadOnlyList<DraftAttachment> attachments, Message answered, Mailbox mailbox, CancellationToken cancellationToken)
    {
        var token = await tokens.CreateAsync(draft.TicketId, cancellationToken);
        using MimeMessage mail = new();
        mail.From.Add(AddressOf(Sender.Of(mailbox)));
        mail.To.AddRange(draft.To.Select(AddressOf));
        mail.Cc.AddRange(draft.Cc.Select(AddressOf));
        mail.Subject = draft.Subject;
        mail.Date = clock.GetUtcNow();
        mail.MessageId = $"{token}@{DomainOf(mailbox)}";
        mail.Headers.Add(MailHeaders.Ticket, token);
        await ReferAsync(mail, answered, cancellationToken);
        mail.Body = await BodyAsync(draft, attachments, answered, cancellationToken);
        mail.Prepare(EncodingConstraint.SevenBit);

        using MemoryStream source = new();
        await mail.WriteToAsync(s_format, source, cancellationToken);
        return new ComposedMail(mail.MessageId, Snippets.OfText(mailHtml.ToText(draft.Html)), source.ToArray());
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = false;
        return format;
    }

    private static MailboxAddress AddressOf(MailAddress address) => new(address.Name, address.Address);

    private static string DomainOf(Mailbox mailbox) =>
        HostSyntax.Normalize(mailbox.Address[(mailbox.Address.LastIndexOf('@') + 1)..]);

    private async Task ReferAsync(MimeMessage mail, Message answered, CancellationToken cancellationToken)
    {
        using var source = await reader.FindSourceAsync(answered.Id, cancellationToken);
        if (source is null)
        {
            return;
        }

        var parsed = parser.Parse(source);
        if (ReplyReferences.IsQuotable(parsed.InternetMessageId))
        {
            mail.Headers.Add(HeaderId.InReplyTo, $"<{parsed.InternetMessageId}>");
        }

        var references = ReplyReferences.For(parsed);
        if (references.Count > 0)
        {
            mail.Headers.Add(HeaderId.References, string.Join(' ', references.Select(id => $"<{id}>")));
        }
    }

    private async Task<MimeEntity> BodyAsync(
        Draft draft, IReadOnlyList<DraftAttachment> attachments, Message answered, CancellationToken cancellationToken)
    {
        var quote = await reader.FindAsync(answered.Id, cancellationToken) is { } content ? ReplyQuote.Of(answered, content, mailHtml) : ReplyQuote.None;
        var text = mailHtml.ToText(draft.Html).TrimEnd();
        MultipartAlternative alternatives = new()
        {
            TextPart(TextFormat.Plain, quote.Text.Length > 0 ? $"{text}\n\n{quote.Text}\n" : text + "\n"),
            TextPart(TextFormat.Html, $"<html><body>{draft.Html}{(quote.Html.Length > 0 ? "<br>" : "")}{quote.Html}</body></html>\n"),
        };
        if (attachments.Count == 0)
        {
            return alternatives;
        }

        Multipart mixed = new("mixed") { alternatives };
        foreach (var attachment in attachments)
        {
            mixed.Add(FilePart(attachment, await uploads.ReadAsync(attachment, cancellationToken)));
        }

        return mixed;
    }

    private static TextPart TextPart(TextFormat format, string text)
    {
        TextPart part = new(format) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(System.Text.Encoding.UTF8, text);
        return part;
    }

    private static MimePart FilePart(DraftAttachment attachment, byte[] content) => new(TypeOf(attachment))
    {
        Content = new MimeContent(new MemoryStream(content, writable: false)),
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { Size = attachment.Size },
        ContentTransferEncoding = ContentEncoding.Base64,
        FileName = attachment.Name,
    };

    /// <summary>RFC 2046 allows no base64 for messages and multiparts; as files they are plain bytes.</summary>
    private static ContentType TypeOf(DraftAttachment attachment) =>
        ContentType.TryParse(attachment.ContentType, out var type) && type.MediaType.ToUpperInvariant() is not ("MESSAGE" or "MULTIPART")
            ? type
            : new ContentType("application", "octet-stream");
}
