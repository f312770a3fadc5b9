using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Microsoft365;

/// <summary>One of the messages that a mailbox at Microsoft handed over within the last minute, or a pause that Microsoft asked for; gone when it is over.</summary>
public sealed class MicrosoftPlace : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>Nothing may be handed over at all.</summary>
    public bool IsPause { get; init; }
}

internal sealed class MicrosoftPlaceConfiguration : IEntityTypeConfiguration<MicrosoftPlace>
{
    public void Configure(EntityTypeBuilder<MicrosoftPlace> place)
    {
        place.ToTable("microsoft365_places");
        place.HasIndex(p => new { p.MailboxId, p.Until });
    }
}
