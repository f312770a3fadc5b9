using Enneo.Core.Data;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>A file that a program attaches.</summary>
public sealed record ProgramFile(string Name, string ContentType, byte[] Bytes);

/// <summary>A mail that a program writes. What is null is as it would be in the composer.</summary>
/// <param name="Html">Sanitised before it is kept.</param>
/// <param name="IsDraft">Kept as a draft of its author, and not sent.</param>
public sealed record ProgramMail(string Html, bool IsDraft = false)
{
    public IReadOnlyList<MailAddress>? To { get; init; }
    public IReadOnlyList<MailAddress>? Cc { get; init; }
    public IReadOnlyList<MailAddress>? Bcc { get; init; }
    public string? Subject { get; init; }

    /// <summary>From which mailbox an answer is to leave: that of its ticket, or it is refused. Null for whichever it is.</summary>
    public long? MailboxId { get; init; }
    public IReadOnlyList<ProgramFile> Files { get; init; } = [];

    /// <summary>What else is to be written in the transaction that queues it. Throws where the mail must not leave: then nothing is kept.</summary>
    internal Func<EnneoDbContext, OutgoingMessage, CancellationToken, Task>? Alongside { get; init; }
}

/// <summary>How it ended; one of the members says so.</summary>
/// <param name="Sent">It is in the outbox.</param>
/// <param name="DraftId">It is kept as a draft.</param>
/// <param name="Problem">Why nothing was kept, in words; null with the others for what does not exist.</param>
public sealed record ProgramMailResult(OutgoingStatus? Sent, long? DraftId, string? Problem)
{
    internal static readonly ProgramMailResult Missing = new(null, null, null);

    public bool IsMissing => this == Missing;

    /// <summary>What is wrong with its files, by place; null where nothing is.</summary>
    public IReadOnlyDictionary<string, string[]>? FileErrors { get; private init; }

    internal static ProgramMailResult Refused(string problem) => new(null, null, problem);

    internal static ProgramMailResult Refused(IReadOnlyDictionary<string, string[]> fileErrors) => new(null, null, null) { FileErrors = fileErrors };
}
