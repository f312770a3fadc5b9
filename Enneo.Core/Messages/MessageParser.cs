using Enneo.Core.Storage;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Turns raw mail into what we keep of it, behind limits that hostile mail cannot pass.</summary>
public sealed class MessageParser(TimeProvider clock)
{
    private const int MaxReferences = 100;

    /// <summary>Loads what the first HTML mail would have to wait for: MimeKit's table of entities alone takes longer than a hundred mails.</summary>
    public static void Warm() => HtmlText.Of("&amp;", 1);

    /// <summary>As <see cref="Parse"/>; a mail that keeps the parser busy for 10 s is given up as unreadable.</summary>
    /// <param name="raw">Must stay unchanged even after a mail was given up: its parser may still be reading. It may be disposed of.</param>
    public async ValueTask<ParsedMessage> ParseAsync(MailBytes raw, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadingBudget.RunAsync(raw.Length, () => Parse(raw), clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return HeaderRescue.Read(raw, MessageText.TookTooLong);
        }
    }

    /// <summary>
    /// Never throws for what is in the mail: what cannot be read comes back with
    /// <see cref="ParsedMessage.Unreadable"/> set and whatever headers could be saved.
    /// </summary>
    public ParsedMessage Parse(MailBytes raw)
    {
        if (MailLimits.Refusal(raw) is { } refusal)
        {
            return HeaderRescue.Read(raw, refusal);
        }

        try
        {
            using var message = MailLimits.Load(raw);
            return Read(message);
        }
        catch (Exception exception) when (MailLimits.IsFault(exception))
        {
            return HeaderRescue.Read(raw, MessageText.NotAMail);
        }
    }

    private static ParsedMessage Read(MimeMessage message)
    {
        var headers = message.Headers;
        var from = MailAddresses.Sender(message);
        var automatic = AutomaticMail.Classify(message);
        var (text, fileNames) = MailWords.Of(message);
        return new ParsedMessage
        {
            InternetMessageId = MessageIds.In(headers[HeaderId.MessageId]).FirstOrDefault() ?? "",
            InReplyTo = MessageIds.In(headers[HeaderId.InReplyTo]).LastOrDefault() ?? "",
            References = [.. MessageIds.In(headers[HeaderId.References]).TakeLast(MaxReferences)],
            Subject = HeaderText.Clean(message.Subject, HeaderText.MaxSubject),
            FromName = from.Name,
            FromAddress = from.Address,
            ReplyTo = MailAddresses.Of(message.ReplyTo),
            To = MailAddresses.Of(message.To),
            Cc = MailAddresses.Of(message.Cc),
            Bcc = MailAddresses.Of(message.Bcc),
            SentAt = headers.Contains(HeaderId.Date) && message.Date.Year is >= 1970 and < 2200 ? message.Date : null,
            Snippet = Snippets.Of(message),
            HasAttachments = MessageBody.HasAttachments(message.Body),
            Text = text,
            FileNames = fileNames,
            Automatic = automatic,
            ReturnedMessageIds = automatic is AutomaticKind.Bounce ? ReturnedMail.MessageIds(message) : [],
            TicketToken = HeaderText.Clean(headers[MailHeaders.Ticket], HeaderText.MaxAddress),
            FilterHeaders = FilterTraces.In(headers),
        };
    }
}
