using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity.Invitations;

/// <summary>Somebody may join by a link that works once. They are no account before they do.</summary>
public sealed class Invitation
{
    public long Id { get; init; }
    public required string Email { get; init; }
    public required string NormalizedEmail { get; init; }
    public required string DisplayName { get; init; }
    public required string Role { get; init; }

    /// <summary>What they will see as an agent.</summary>
    public required List<long> MailboxIds { get; init; }

    /// <summary>Of the link that was made last; the link itself is nowhere.</summary>
    public required string TokenHash { get; set; }

    public required DateTimeOffset InvitedAt { get; set; }
    public required DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? AcceptedAt { get; set; }
    public DateTimeOffset? WithdrawnAt { get; set; }
}

internal sealed class InvitationConfiguration : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation)
    {
        invitation.ToTable("invitations");
        invitation.HasIndex(i => i.TokenHash).IsUnique();
        invitation.HasIndex(i => i.NormalizedEmail).IsUnique().HasFilter("\"AcceptedAt\" IS NULL AND \"WithdrawnAt\" IS NULL");
    }
}
