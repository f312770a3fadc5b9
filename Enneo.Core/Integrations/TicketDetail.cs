using Enneo.Core.Analysis;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations;

/// <summary>A ticket as programs read it.</summary>
/// <param name="Tag">Another one as soon as anything of the ticket changes: what <c>ETag</c> carries.</param>
/// <param name="MergedInto">This ticket's id, where another one was asked for that was folded into it.</param>
/// <param name="First">The message it began with; null only while it has none.</param>
/// <param name="Customer">Whom it is with.</param>
/// <param name="ClosedAt">Null while it is not closed, and where nobody wrote down when it was.</param>
public sealed record TicketDetail(
    TicketRow Row, string Tag, long? MergedInto, DateTimeOffset ModifiedAt, DateTimeOffset? ClosedAt, MailAddress? Customer, ConversationMessage? First)
{
    /// <summary>What the language model read from its newest mail that it has read; null where it has read none.</summary>
    public Sentiment? Sentiment { get; init; }

    /// <summary>The last word is the customer's.</summary>
    public bool IsCustomerActive { get; init; }

    /// <summary>When an answer that Enneo gives by itself leaves; null when none waits.</summary>
    public DateTimeOffset? AutoExecuteAt { get; init; }

    /// <summary>By what its mailbox is reached.</summary>
    public MailboxMethod Method { get; init; }

    /// <summary>To whom an answer goes, and to whom one to all.</summary>
    public ReplyRecipients Reply { get; init; } = ReplyRecipients.None;
}

/// <summary>To whom an answer to a ticket goes, unless its author says otherwise.</summary>
public sealed record ReplyRecipients(IReadOnlyList<MailAddress> To, IReadOnlyList<MailAddress> Cc)
{
    public static readonly ReplyRecipients None = new([], []);
}

/// <summary>A message of a ticket, with what it says.</summary>
/// <param name="Html">Made harmless, the pictures it brought itself named by their addresses; null where it has no HTML.</param>
/// <param name="Text">Its text, or that of its HTML.</param>
/// <param name="NewText">The same without what it quotes and its signature.</param>
/// <param name="Unreadable">Why only its source can be had.</param>
public sealed record ConversationMessage(
    long Id,
    long TicketId,
    MessageDirection Direction,
    string Subject,
    MailAddress From,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    IReadOnlyList<MailAddress> Bcc,
    DateTimeOffset ReceivedAt,
    string InternetMessageId,
    string? Language,
    string? Html,
    string Text,
    string NewText,
    IReadOnlyList<MessagePart> Parts,
    string? Unreadable)
{
    /// <summary>Who wrote it here; null for what came in, or was written elsewhere.</summary>
    public long? AuthorId { get; init; }

    /// <summary>Null for what did not leave from here.</summary>
    public DeliveryState? Delivery { get; init; }

    /// <summary>What the mail server said last about it.</summary>
    public string? ServerText { get; init; }

    /// <summary>What the system that asks calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>JSON that another system keeps beside it.</summary>
    public string? RawData { get; init; }

    /// <summary>When somebody changed it last; when it came for what nobody did.</summary>
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>When it went to the trash, or was deleted on the mail server; null while it is neither.</summary>
    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Some of a ticket's messages, oldest first, and behind them what the one who asks has begun to write.</summary>
public sealed record ConversationPage(IReadOnlyList<ConversationMessage> Messages, IReadOnlyList<DraftView> Drafts, int Total);
