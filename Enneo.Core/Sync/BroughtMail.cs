using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Storage;

namespace Enneo.Core.Sync;

/// <summary>A mail that a program brings: its bytes are safe and read, and it is in no ticket yet.</summary>
public sealed record BroughtMail(StoredSource Source, ParsedMessage Parsed, DateTimeOffset At)
{
    /// <summary>The ticket that the program puts it into; null for mail that comes in as fetched mail does.</summary>
    public long? JoinsTicketId { get; init; }

    /// <summary><see cref="FolderRole.Inbox"/>, or <see cref="FolderRole.Sent"/> for what one of us wrote.</summary>
    public FolderRole Folder { get; init; } = FolderRole.Inbox;

    public bool IsSeen { get; init; }

    public required Actor By { get; init; }

    public required string Origin { get; init; }

    public ProcessingPace Pace { get; init; }
}
