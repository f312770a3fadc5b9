using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity.Factors;

/// <summary>The app on a person's phone that shows a new code every half minute (RFC 6238).</summary>
public sealed class AuthenticatorApp
{
    public required long UserId { get; init; }

    /// <summary>Encrypted; null until the first code was right.</summary>
    public string? ProtectedSecret { get; set; }

    /// <summary>Encrypted; shown to the person, and not yet confirmed by a code.</summary>
    public string? PendingSecret { get; set; }

    public DateTimeOffset? AddedAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>The half minute of the last code that was taken: it and those before it are not taken again.</summary>
    public long LastStep { get; set; }
}

internal sealed class AuthenticatorAppConfiguration : IEntityTypeConfiguration<AuthenticatorApp>
{
    public void Configure(EntityTypeBuilder<AuthenticatorApp> app)
    {
        app.ToTable("authenticator_apps");
        app.HasKey(a => a.UserId);
        app.Property(a => a.UserId).ValueGeneratedNever();
        app.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
