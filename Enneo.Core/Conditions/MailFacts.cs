using Enneo.Core.Messages;
using Enneo.Core.Storage;

namespace Enneo.Core.Conditions;

/// <summary>What conditions can see of a mail: nothing of it changes while they are asked, and nothing comes from another mailbox than its own.</summary>
public sealed record MailFacts
{
    public required long MessageId { get; init; }
    public required long TicketId { get; init; }
    public required long MailboxId { get; init; }
    public string Subject { get; init; } = "";
    public string Body { get; init; } = "";
    public string FromName { get; init; } = "";
    public string FromAddress { get; init; } = "";

    /// <summary>To and Cc.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>Two letters; empty where it is not known.</summary>
    public string Language { get; init; } = "";

    public IReadOnlyList<string> AttachmentNames { get; init; } = [];
    public IReadOnlyList<MessageHeader> Headers { get; init; } = [];

    /// <summary>Tags of its ticket.</summary>
    public IReadOnlyList<long> TagIds { get; init; } = [];

    /// <summary>Tags that were taken off its ticket: they are not given again by themselves. No condition sees them.</summary>
    public IReadOnlyList<long> TakenOffTagIds { get; init; } = [];

    public string FromDomain => FromAddress.LastIndexOf('@') is >= 0 and var at ? FromAddress[(at + 1)..] : "";
}

/// <summary>A mail with what conditions see of it.</summary>
/// <param name="Raw">Its bytes, as long as it is looked at.</param>
public sealed record FoundMail(MailFacts Facts, MailBytes Raw);
