using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Processing;
using Enneo.Core.Sending;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>What kind of message another system adds to a ticket.</summary>
public enum StoredKind
{
    /// <summary>For the people who work on it: never seen by customers.</summary>
    Note,

    /// <summary>The customer wrote it, by whichever way.</summary>
    In,

    /// <summary>One of us wrote it, and it has been sent elsewhere.</summary>
    Out,
}

/// <summary>A message that another system adds to a ticket. Nothing of it is sent.</summary>
/// <param name="Mail">Addresses that it leaves out are those of the ticket.</param>
public sealed record MessageWish(StoredKind Kind, IReadOnlyList<WantedFile> Files, Func<IReadOnlyList<ProgramFile>, NewMail> Mail)
{
    /// <summary>What that system calls it: the same one again is the same message.</summary>
    public string? ExternalId { get; init; }

    public ProcessingPace Pace { get; init; }
}

/// <summary>How it ended.</summary>
/// <param name="Taken">Null where there is no such ticket, or something was wrong.</param>
/// <param name="Errors">By field; empty on success.</param>
public sealed record StoredMessage(TakenIn? Taken, IReadOnlyDictionary<string, string[]> Errors)
{
    internal static readonly StoredMessage Missing = new(null, new Dictionary<string, string[]>());
}
