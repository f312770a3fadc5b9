using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>A composed mail, fixed for good.</summary>
/// <param name="Snippet">Of what was written, without the quote and its heading.</param>
/// <param name="Source">RFC 5322 bytes: ASCII only, lines of at most 998 characters, ending in CRLF; without Bcc.</param>
internal sealed record ComposedMail(string InternetMessageId, string Snippet, byte[] Source);

/// <summary>Turns a draft into the mail that leaves.</summary>
internal sealed class MailComposer(MessageReader reader, Requesters requesters, MessageParser parser, MailHtml mailHtml, TicketTokens tokens, DraftUploads uploads, TimeProvider clock)
{
    private static readonly FormatOptions s_format = CreateFormat();

    private readonly BodyComposer _body = new(reader, requesters, mailHtml, uploads);

    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    /// <exception cref="OriginalMissingException">What is to be forwarded is gone.</exception>
    public async Task<ComposedMail> ComposeAsync(DraftToSend sending, long ticketId, CancellationToken cancellationToken)
    {
        var draft = sending.Draft;
        var token = await tokens.CreateAsync(ticketId, cancellationToken);
        using MimeMessage mail = new();
        mail.From.Add(AddressOf(Sender.Of(sending.Mailbox, draft.FromAddress)));
        mail.To.AddRange(draft.To.Select(AddressOf));
        mail.Cc.AddRange(draft.Cc.Select(AddressOf));
        mail.Subject = draft.Subject;
        mail.Date = clock.GetUtcNow();
        mail.MessageId = $"{token}@{DomainOf(sending.Mailbox)}";
        mail.Headers.Add(MailHeaders.Ticket, token);
        var references = sending.Answered is { } answered ? await ReferAsync(mail, answered, draft.Mode, cancellationToken) : [];
        references = await MarkedAsync(references, ticketId, mail.MessageId, cancellationToken);
        mail.Headers.Add(HeaderId.References, string.Join(' ', references.Select(id => $"<{id}>")));

        mail.Body = await _body.ComposeAsync(sending, cancellationToken);
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

    /// <summary>
    /// An answer names what it answers and its ancestors. A forward answers nothing: it names the one mail that it
    /// holds, so that whoever knows that mail sees them together, and two forwards of one thread stay two.
    /// </summary>
    /// <returns>What it refers to.</returns>
    private async Task<IReadOnlyList<string>> ReferAsync(MimeMessage mail, Message answered, DraftMode mode, CancellationToken cancellationToken)
    {
        using var source = await reader.FindSourceAsync(Reach.All, answered.Id, cancellationToken);
        if (source is null)
        {
            return [];
        }

        var parsed = parser.Parse(source);
        var isAnswer = mode is DraftMode.Reply or DraftMode.ReplyAll;
        if (isAnswer && ReplyReferences.IsQuotable(parsed.InternetMessageId))
        {
            mail.Headers.Add(HeaderId.InReplyTo, $"<{parsed.InternetMessageId}>");
        }

        return isAnswer ? ReplyReferences.For(parsed) : [.. new[] { parsed.InternetMessageId }.Where(ReplyReferences.IsQuotable)];
    }

    /// <summary>
    /// A server may put another Message-ID in the place of ours and name it to nobody. Whoever answers copies our
    /// references, so one of them is our mark: a new one for each thread, that two of one ticket stay two for their readers.
    /// </summary>
    private async Task<IReadOnlyList<string>> MarkedAsync(IReadOnlyList<string> references, long ticketId, string messageId, CancellationToken cancellationToken)
    {
        foreach (var reference in references)
        {
            if (await tokens.FindTicketAsync(reference, cancellationToken) == ticketId)
            {
                return references;
            }
        }

        // Mail programs that shorten references keep the first.
        return [$"{await tokens.CreateAsync(ticketId, cancellationToken)}{messageId[messageId.LastIndexOf('@')..]}", .. references];
    }
}
