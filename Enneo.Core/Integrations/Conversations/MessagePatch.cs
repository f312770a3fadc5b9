using Enneo.Core.Messages;
using Enneo.Core.Notes;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>What is to be changed of a note, a draft, or of how a mail is on its way; what is null stays.</summary>
public sealed record MessagePatch
{
    public string? Html { get; init; }
    public string? Subject { get; init; }

    /// <summary>Put to a note, besides those that it has.</summary>
    public IReadOnlyList<WantedFile> Files { get; init; } = [];

    /// <summary>Taken out of a note.</summary>
    public IReadOnlyList<RemovedFile> Removed { get; init; } = [];

    public IReadOnlyList<MailAddress>? To { get; init; }
    public IReadOnlyList<MailAddress>? Cc { get; init; }
    public IReadOnlyList<MailAddress>? Bcc { get; init; }

    /// <summary>A draft is sent, or becomes a note.</summary>
    public bool IsPublished { get; init; }

    /// <summary>Whether the system that carries the mail out has sent it, or could not; null where it does not say.</summary>
    public bool? IsSent { get; init; }

    /// <summary>What it says of that.</summary>
    public string? ServerText { get; init; }

    internal bool ChangesFiles => Files.Count > 0 || Removed.Count > 0;
}

public enum MessagePatchOutcome
{
    Done,
    NotFound,

    /// <summary>It is somebody else's note.</summary>
    NotYours,

    /// <summary>Mail stays as it was written; and its end, once it is known.</summary>
    Settled,

    /// <summary>It cannot be sent as it is.</summary>
    Refused,
}

/// <param name="MessageId">What is to be read now; negative for a draft.</param>
/// <param name="Problem">In words, why it was refused.</param>
public sealed record PatchedMessage(MessagePatchOutcome Outcome, long MessageId = 0, string? Problem = null);
