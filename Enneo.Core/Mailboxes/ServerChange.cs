using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

/// <summary>A change made here that the mail server must still learn: written with the change, removed when the server has it.</summary>
public sealed class ServerChange
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>The message whose copies on the server change.</summary>
    public required long MessageId { get; init; }

    /// <summary>The <c>\Seen</c> flag the server shall show.</summary>
    public required bool Seen { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ServerChangeConfiguration : IEntityTypeConfiguration<ServerChange>
{
    public void Configure(EntityTypeBuilder<ServerChange> change)
    {
        change.ToTable("server_changes");
        change.HasOne<Mailbox>().WithMany().HasForeignKey(c => c.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
