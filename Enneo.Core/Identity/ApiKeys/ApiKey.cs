using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>What a key may do. None of them holds another.</summary>
[Flags]
public enum ApiScopes
{
    None = 0,

    /// <summary>Tickets, mails, tags and mailboxes may be read.</summary>
    Read = 1,

    /// <summary>Tickets may be changed and mails stored; nothing leaves.</summary>
    Write = 2,

    /// <summary>Mail may be sent.</summary>
    Send = 4,

    /// <summary>Tags and mailboxes may be set up; a person's key can do that only while they are an admin.</summary>
    Admin = 8,
}

/// <summary>By which a program calls the API. The key itself is nowhere; its hash is.</summary>
public sealed class ApiKey
{
    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>In whose name it acts: the person whose key it is, or the account that a service has for itself.</summary>
    public required long UserId { get; init; }

    /// <summary>It belongs to a program, not to a person.</summary>
    public required bool IsService { get; init; }

    /// <summary>SHA-256, in hex.</summary>
    public required string SecretHash { get; init; }

    /// <summary>Its first letters, to tell it from others.</summary>
    public required string Start { get; init; }

    public required ApiScopes Scopes { get; init; }

    /// <summary>Beyond these it sees nothing; null for all that its owner sees, and for a service all there are.</summary>
    public required List<long>? MailboxIds { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To a minute; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.HasIndex(k => k.SecretHash).IsUnique();
        key.HasIndex(k => k.UserId);
        key.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
