using Enneo.Core.Mailboxes;
using Enneo.Core.Storage;

namespace Enneo.Core.Sync;

/// <summary>A mail as it came from a server.</summary>
/// <param name="Raw">Null when only its existence is known (filtered, too large, or gone before it could be fetched). The ledger disposes of it.</param>
/// <param name="Failure">Why it was not fetched, with <see cref="LedgerOutcome.Failed"/>.</param>
/// <param name="IsAgain">The ledger has it as failed, which this takes the place of.</param>
public sealed record FetchedMail(
    uint Uid, MailBytes? Raw, DateTimeOffset ReceivedAt, bool Seen, bool Flagged = false, LedgerOutcome Outcome = LedgerOutcome.Imported, string? Failure = null, bool IsAgain = false);

/// <summary>A mail whose bytes are safe and that waits to be parsed.</summary>
/// <param name="Raw">Its bytes, if they are still in memory; else they are read from the store.</param>
internal sealed record StoredMail(
    long LedgerId, StoredSource Source, MailBytes? Raw, DateTimeOffset ReceivedAt, bool Seen, bool Flagged,
    long FolderId, FolderRole Folder, bool IsHistory);
