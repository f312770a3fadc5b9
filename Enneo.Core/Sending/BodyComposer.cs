using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;

namespace Enneo.Core.Sending;

/// <summary>Builds what stands in a mail: the new text, what it answers or forwards below it, pictures and files.</summary>
internal sealed class BodyComposer(MessageReader reader, Requesters requesters, MailHtml mailHtml, DraftUploads uploads)
{
    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    /// <exception cref="OriginalMissingException">What is to be forwarded is gone.</exception>
    public async Task<MimeEntity> ComposeAsync(DraftToSend sending, CancellationToken cancellationToken)
    {
        List<MimeEntity> pictures = [];
        var (belowHtml, belowText) = await BelowAsync(sending, pictures, cancellationToken);
        var (html, text) = Signed(sending, await ShowPicturesAsync(sending, pictures, cancellationToken));
        MultipartAlternative alternatives = new()
        {
            MailParts.Text(TextFormat.Plain, belowText.Length > 0 ? $"{text}\n\n{belowText}\n" : text + "\n"),
            WithPictures(MailParts.Text(TextFormat.Html, $"<html><body>{html}{(belowHtml.Length > 0 ? "<br>" : "")}{belowHtml}</body></html>\n"), pictures),
        };
        var files = await FilesAsync(sending, cancellationToken);
        if (files.Count == 0)
        {
            return alternatives;
        }

        Multipart mixed = new("mixed") { alternatives };
        files.ForEach(mixed.Add);
        return mixed;
    }

    /// <returns>The new text, with the pictures in it named by Content-ID; what is no picture of the draft is left out.</returns>
    private async Task<string> ShowPicturesAsync(DraftToSend sending, List<MimeEntity> pictures, CancellationToken cancellationToken)
    {
        Dictionary<long, string> contentIds = [];
        foreach (var picture in sending.Attachments.Where(attachment => attachment.IsInline && DraftPictures.Shows(sending.Draft.Html, attachment.Id)))
        {
            contentIds[picture.Id] = MimeUtils.GenerateMessageId();
            PartContent content = new(picture.Name, picture.ContentType, await uploads.ReadAsync(picture.StoredName!, cancellationToken));
            pictures.Add(MailParts.Picture(content, contentIds[picture.Id]));
        }

        return DraftPictures.Replace(sending.Draft.Html, id => contentIds.TryGetValue(id, out var contentId) ? $"cid:{contentId}" : null);
    }

    /// <summary>The new text with the mailbox's signature below or its frame around it.</summary>
    private (string Html, string Text) Signed(DraftToSend sending, string html)
    {
        var template = sending.Mailbox.Signature;
        if (template.Length == 0 || sending.Draft.Mode.IsNote())
        {
            return (html, mailHtml.ToText(html).TrimEnd());
        }

        var sender = Sender.Of(sending.Mailbox, sending.Draft.FromAddress);
        var filled = MailTemplate.Fill(template, html, sending.AuthorName.Length > 0 ? sending.AuthorName : sender.Name, sender.Address);
        return MailTemplate.IsSignature(template)
            ? ($"{html}<br><div>{filled}</div>", $"{mailHtml.ToText(html).TrimEnd()}\n\n-- \n{mailHtml.ToText(filled).Trim()}") // RFC 3676, section 4.3
            : (filled, mailHtml.ToText(filled).Trim());
    }

    private async Task<(string Html, string Text)> BelowAsync(DraftToSend sending, List<MimeEntity> pictures, CancellationToken cancellationToken)
    {
        if (sending is not { Answered: { } answered, Draft.Mode: DraftMode.Reply or DraftMode.ReplyAll or DraftMode.Forward })
        {
            return ("", "");
        }

        var content = await reader.FindAsync(Reach.All, answered.Id, cancellationToken);
        if (sending.Draft.Mode is not DraftMode.Forward)
        {
            var quote = content is null ? ReplyQuote.None
                : await requesters.FindOriginAsync(answered, cancellationToken) is { } origin ? ReplyQuote.Of(origin, mailHtml)
                : ReplyQuote.Of(answered, content, mailHtml);
            return (quote.Html, quote.Text);
        }

        if (content is not { Unreadable: null })
        {
            throw new OriginalMissingException();
        }

        var forwarded = ForwardedText.Of(answered, content, mailHtml);
        foreach (var (index, contentId) in forwarded.Pictures)
        {
            pictures.Add(MailParts.Picture(await PartAsync(answered.Id, index, cancellationToken), contentId));
        }

        return (forwarded.Html, forwarded.Text);
    }

    private static MimeEntity WithPictures(TextPart html, List<MimeEntity> pictures)
    {
        if (pictures.Count == 0)
        {
            return html;
        }

        MultipartRelated related = new() { Root = html };
        pictures.ForEach(related.Add);
        return related;
    }

    private async Task<List<MimeEntity>> FilesAsync(DraftToSend sending, CancellationToken cancellationToken)
    {
        List<MimeEntity> files = [];
        if (sending is { Answered: { } answered, Draft.Mode: DraftMode.ForwardAsAttachment })
        {
            files.Add(await WholeAsync(answered, cancellationToken));
        }

        foreach (var attachment in sending.Attachments.Where(attachment => !attachment.IsInline))
        {
            files.Add(attachment is { PartIndex: { } index }
                ? MailParts.File(attachment.Name, attachment.ContentType, (await PartAsync(sending.Answered!.Id, index, cancellationToken)).Bytes)
                : MailParts.File(attachment.Name, attachment.ContentType, await uploads.ReadAsync(attachment.StoredName!, cancellationToken)));
        }

        return files;
    }

    private async Task<MimeEntity> WholeAsync(Message message, CancellationToken cancellationToken)
    {
        using var source = await reader.FindSourceAsync(Reach.All, message.Id, cancellationToken) ?? throw new OriginalMissingException();
        var bytes = new byte[source.Length];
        await using (var stream = source.Open())
        {
            await stream.ReadExactlyAsync(bytes, cancellationToken);
        }

        return MailParts.Mail(ForwardedText.FileName(message), bytes);
    }

    private async Task<PartContent> PartAsync(long messageId, int index, CancellationToken cancellationToken) =>
        await reader.FindPartAsync(Reach.All, messageId, index, cancellationToken) ?? throw new OriginalMissingException();
}
