using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Core.Automations;

/// <summary>An answer that is composed and stored, and not queued yet.</summary>
internal sealed record PreparedReply(Message Answered, MailAddress Recipient, StoredSource Source, ParsedMessage Parsed, string Text);

/// <summary>
/// Answers a mail by itself: marked as such, to its sender alone, through the outbox like any other answer, so that it
/// leaves once. Whether it may be answered is decided by <see cref="ReplyRules"/>, before and once more when it is queued.
/// </summary>
public sealed class AutoReplying(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, MessageParser parser, TicketTokens tokens, TimeProvider clock)
{
    /// <summary>Nobody: a machine wrote it.</summary>
    public const long Author = 0;

    /// <param name="text">As it will be sent.</param>
    internal async Task<(PreparedReply? Reply, NoReply? WhyNot)> PrepareAsync(Message mail, Mailbox mailbox, MailBytes raw, string text, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await ReplyRules.WhyNotAsync(db, mail, mailbox, MessageHeaders.Read(raw), clock.GetUtcNow(), cancellationToken) is { } whyNot)
        {
            return (null, whyNot);
        }

        var bytes = await ComposeAsync(mail, mailbox, parser.Parse(raw), text, cancellationToken);
        var source = (await store.AppendAsync([bytes], cancellationToken))[0];
        return (new PreparedReply(mail, new MailAddress(mail.FromName, mail.FromAddress), source, parser.Parse(bytes), text), null);
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    /// <returns>Why it was not queued; null when it was.</returns>
    internal async Task<NoReply?> QueueAsync(EnneoDbContext db, PreparedReply reply, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await ReplyRules.OfTicketAsync(db, reply.Answered, now, cancellationToken) is { } whyNot)
        {
            return whyNot;
        }

        var ticketId = await db.Messages.Where(m => m.Id == reply.Answered.Id).Select(m => m.TicketId).SingleAsync(cancellationToken);
        db.AutoReplies.Add(new AutoReply { MessageId = reply.Answered.Id, Address = reply.Answered.FromAddress.ToLowerInvariant(), At = now });
        db.Sources.Add(reply.Source);
        await db.SaveChangesAsync(cancellationToken);
        var message = MessageOf(reply, ticketId, now);
        db.Messages.Add(message);
        await db.SaveChangesAsync(cancellationToken);
        OutgoingMessage outgoing = new()
        {
            MailboxId = message.MailboxId,
            TicketId = ticketId,
            MessageId = message.Id,
            DraftId = -reply.Answered.Id, // there is none; one answer for each mail
            InternetMessageId = message.InternetMessageId,
            AuthorId = Author,
            Recipients = [reply.Recipient],
            CreatedAt = now,
            NextAttemptAt = now,
        };
        db.Outbox.Add(outgoing);
        await db.SaveChangesAsync(cancellationToken);
        using (ThreadIndex index = new(db, message.MailboxId))
        using (TicketSummaries summaries = new(db))
        using (SearchWriter search = new(db))
        {
            index.Add(ticketId, message.Id, reply.Parsed, message.ThreadRule);
            summaries.Refresh(ticketId);
            search.Add(SearchDocument.Of(message, reply.Parsed));
        }

        db.Activity.Add(OutgoingActivity.Queued(outgoing, DraftMode.Reply, Actor.System, clock));
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task<byte[]> ComposeAsync(Message mail, Mailbox mailbox, ParsedMessage answered, string text, CancellationToken cancellationToken)
    {
        var token = await tokens.CreateAsync(mail.TicketId, cancellationToken);
        var sender = Sender.Of(mailbox);
        using MimeMessage reply = new();
        reply.From.Add(new MailboxAddress(sender.Name, sender.Address));
        reply.To.Add(new MailboxAddress(mail.FromName, mail.FromAddress));
        reply.Subject = ReplySubject.For(mail.Subject);
        reply.Date = clock.GetUtcNow();
        reply.MessageId = $"{token}@{mailbox.Address[(mailbox.Address.LastIndexOf('@') + 1)..]}";
        reply.Headers.Add(MailHeaders.Ticket, token);
        reply.Headers.Add(HeaderId.AutoSubmitted, "auto-replied"); // RFC 3834, section 5
        reply.Headers.Add("X-Auto-Response-Suppress", "All");
        if (ReplyReferences.IsQuotable(answered.InternetMessageId))
        {
            reply.Headers.Add(HeaderId.InReplyTo, $"<{answered.InternetMessageId}>");
            reply.Headers.Add(HeaderId.References, string.Join(' ', ReplyReferences.For(answered).Select(id => $"<{id}>")));
        }

        reply.Body = new TextPart("plain") { Text = text };
        reply.Prepare(EncodingConstraint.SevenBit);
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        using MemoryStream bytes = new();
        await reply.WriteToAsync(format, bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static Message MessageOf(PreparedReply reply, long ticketId, DateTimeOffset now) => new()
    {
        MailboxId = reply.Answered.MailboxId,
        TicketId = ticketId,
        SourceId = reply.Source.Id,
        Sha256 = reply.Source.Sha256,
        Direction = MessageDirection.Out,
        InternetMessageId = reply.Parsed.InternetMessageId,
        InReplyTo = reply.Parsed.InReplyTo,
        Subject = reply.Parsed.Subject,
        FromName = reply.Parsed.FromName,
        FromAddress = reply.Parsed.FromAddress,
        To = [reply.Recipient],
        SentAt = reply.Parsed.SentAt,
        ReceivedAt = now,
        IsSeen = true,
        Snippet = reply.Parsed.Snippet,
        Size = reply.Source.RawLength,
        Automatic = AutomaticKind.AutoReply,
        ThreadRule = ThreadRule.WrittenHere,
    };
}
