using Enneo.Core.Messages;
using Enneo.Core.Storage;

namespace Enneo.Core.Notes;

/// <summary>What somebody writes down about a ticket for the others who work on it.</summary>
/// <param name="Html">Sanitised before it is stored.</param>
public sealed record NoteInput(string Html)
{
    public IReadOnlyList<NoteFile> Files { get; init; } = [];

    /// <summary>Who wrote it elsewhere; null for whoever writes it now.</summary>
    public MailAddress? From { get; init; }

    /// <summary>When it was written; null for now.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>A file that goes with a note.</summary>
public sealed record NoteFile(string Name, string ContentType, byte[] Bytes);

/// <summary>What is changed of a note.</summary>
/// <param name="Html">Its text; null where that stays.</param>
/// <param name="Added">Files that it has besides from now on.</param>
public sealed record NoteEdit(string? Html, IReadOnlyList<NoteFile> Added)
{
    /// <summary>Files that it has no longer; those that it does not have are no error.</summary>
    public IReadOnlyList<RemovedFile> Removed { get; init; } = [];
}

/// <summary>A file that is taken out of a note.</summary>
/// <param name="Sha256">Of its bytes, in hex.</param>
public sealed record RemovedFile(string Name, string Sha256);

/// <summary>A note that is composed and stored, and not in its ticket yet.</summary>
/// <param name="AuthorId">Null for a program.</param>
internal sealed record PreparedNote(long TicketId, long MailboxId, long? AuthorId, MailAddress From, string Subject, string Snippet, StoredSource Source, ParsedMessage Parsed)
{
    /// <summary>Null for now.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The id that it had before it was removed; null for a new one.</summary>
    public long? FormerId { get; init; }
}

/// <summary>A note that was taken away, and can be put back.</summary>
public sealed class RemovedNote
{
    internal RemovedNote(Message message, StoredSource source) => (Message, Source) = (message, source);

    internal Message Message { get; }

    internal StoredSource Source { get; }
}
