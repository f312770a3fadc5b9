using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>A draft as the composer shows it.</summary>
public sealed record DraftView(
    long Id,
    long TicketId,
    long AnsweredMessageId,
    ReplyMode Mode,
    MailAddress From,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    IReadOnlyList<MailAddress> Bcc,
    string Subject,
    string Html,
    int Revision,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<DraftAttachment> Attachments);

/// <summary>What the composer sends while somebody types.</summary>
/// <param name="Revision">Counts up with each save; an older one that arrives late is dropped.</param>
public sealed record DraftSave(
    int Revision,
    IReadOnlyList<MailAddress> To,
    IReadOnlyList<MailAddress> Cc,
    IReadOnlyList<MailAddress> Bcc,
    string Subject,
    string Html);

/// <summary>More was attached than one mail may carry.</summary>
public sealed class AttachmentTooLargeException(long limit) : Exception($"A mail may carry at most {limit / 1_000_000} MB of attachments.")
{
    /// <summary>Bytes.</summary>
    public long Limit { get; } = limit;
}
