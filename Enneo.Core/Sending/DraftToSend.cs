using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>Everything of which a mail is composed, as it was at one moment.</summary>
/// <param name="Answered">Null for a new message.</param>
internal sealed record DraftToSend(Draft Draft, IReadOnlyList<DraftAttachment> Attachments, Message? Answered, Mailbox Mailbox, string AuthorName);

/// <summary>What is to be forwarded is no longer there to be read.</summary>
internal sealed class OriginalMissingException : Exception;
