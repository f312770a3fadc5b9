using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sync;

/// <summary>What became of a message that the server announced.</summary>
public enum LedgerOutcome
{
    /// <summary>Its bytes are stored and a message shows them (or will, as soon as it is parsed).</summary>
    Imported,

    /// <summary>Its bytes are those of a message that was already here.</summary>
    Duplicate,

    /// <summary>Left out on purpose, such as by "how far back".</summary>
    Filtered,

    /// <summary>Its bytes are stored but could not be read; <see cref="LedgerEntry.Failure"/> says why. Retried on demand.</summary>
    Failed,

    /// <summary>The server no longer had it when we asked for its bytes.</summary>
    GoneBeforeFetch,

    /// <summary>Erased here by a person's order.</summary>
    Erased,
}

/// <summary>
/// One message that a server ever announced, by folder, UIDVALIDITY and UID (RFC 9051, section 2.3.1.1).
/// The outcomes sum to everything announced; the rows that are <see cref="OnServer"/> sum to what the folder holds.
/// </summary>
public sealed class LedgerEntry
{
    public long Id { get; init; }
    public required long FolderId { get; init; }
    public required uint UidValidity { get; init; }
    public required uint Uid { get; init; }
    public required LedgerOutcome Outcome { get; set; }
    public required bool OnServer { get; set; }
    public long? SourceId { get; init; }

    /// <summary>INTERNALDATE of the server.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether the server shows <c>\Seen</c>.</summary>
    public bool Seen { get; set; }

    /// <summary>Whether the server shows <c>\Flagged</c>.</summary>
    public bool Flagged { get; set; }

    public required bool IsHistory { get; init; }

    /// <summary>When its bytes were on our disk.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Its bytes are stored, it waits to be parsed.</summary>
    public bool AwaitsIntake { get; set; }

    public long? MessageId { get; set; }
    public string? Failure { get; set; }
}

internal sealed class LedgerEntryConfiguration : IEntityTypeConfiguration<LedgerEntry>
{
    public void Configure(EntityTypeBuilder<LedgerEntry> entry)
    {
        entry.ToTable("ledger");
        entry.HasIndex(e => new { e.FolderId, e.UidValidity, e.Uid }).IsUnique();
        entry.HasIndex(e => e.AwaitsIntake).HasFilter("\"AwaitsIntake\" = 1");
        entry.HasIndex(e => e.MessageId);
        entry.HasOne<MailFolder>().WithMany().HasForeignKey(e => e.FolderId).OnDelete(DeleteBehavior.Cascade);
        entry.HasOne<StoredSource>().WithMany().HasForeignKey(e => e.SourceId).OnDelete(DeleteBehavior.Restrict);
        entry.HasOne<Message>().WithMany().HasForeignKey(e => e.MessageId).OnDelete(DeleteBehavior.SetNull);
    }
}
