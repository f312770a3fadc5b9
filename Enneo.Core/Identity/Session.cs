using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity;

/// <summary>By what somebody proved who they are.</summary>
public enum SignInMethod
{
    Password,
    AuthenticatorApp,
    RecoveryCode,
    Passkey,
    Microsoft,
}

/// <summary>One browser in which a person is signed in. Its cookie counts only while this row is there.</summary>
public sealed class Session
{
    /// <summary>Random; the cookie carries it.</summary>
    public required string Id { get; init; }

    public required long UserId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required SignInMethod Method { get; init; }

    /// <summary>The browser and its system, in words.</summary>
    public required string Device { get; init; }

    public required string? Address { get; set; }

    /// <summary>Within minutes: not every request is written down.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the person last gave a password, a code or a passkey in it.</summary>
    public required DateTimeOffset ProvenAt { get; set; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions");
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
