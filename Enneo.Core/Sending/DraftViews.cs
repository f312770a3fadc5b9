using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>A draft as the composer shows it.</summary>
/// <param name="TicketId">Null for a new message.</param>
/// <param name="AnsweredMessageId">What is answered or forwarded; null for a new message.</param>
/// <param name="Attachments">Without the pictures of the text.</param>
public sealed record DraftView(
    long Id,
    long MailboxId,
    long? TicketId,
    long? AnsweredMessageId,
    DraftMode Mode,
    MailAddress From,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    IReadOnlyList<MailAddress> Bcc,
    string Subject,
    string Html,
    int Revision,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<DraftAttachment> Attachments);

/// <summary>A draft as the list of drafts shows it.</summary>
/// <param name="TicketId">Null for a new message.</param>
public sealed record DraftSummary(
    long Id, long MailboxId, long? TicketId, DraftMode Mode, IReadOnlyList<MailAddress> To, string Subject, string Snippet, bool HasAttachments, DateTimeOffset UpdatedAt);

/// <summary>An address that a mail may come from.</summary>
/// <param name="HasSignature">Its mailbox puts something around the text.</param>
public sealed record SenderChoice(long MailboxId, MailAddress Address, bool HasSignature = false)
{
    public bool IsSame(SenderChoice other) => (MailboxId, Address.Address) == (other.MailboxId, other.Address.Address);
}

/// <summary>What the composer sends while somebody types.</summary>
/// <param name="Revision">Counts up with each save; an older one that arrives late is dropped.</param>
/// <param name="From">Null leaves the sender as it is.</param>
/// <param name="MailboxId">The mailbox that has <paramref name="From"/>; null for that of the draft.</param>
public sealed record DraftSave(
    int Revision,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    IReadOnlyList<MailAddress> Bcc,
    string Subject,
    string Html,
    string? From = null,
    long? MailboxId = null);

/// <summary>More was attached than one mail may carry.</summary>
public sealed class AttachmentTooLargeException(long limit) : Exception($"A mail may carry at most {limit / 1_000_000} MB of attachments.")
{
    /// <summary>Bytes.</summary>
    public long Limit { get; } = limit;
}
