using Enneo.Core.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.OAuth;

/// <summary>Somebody other than Microsoft who signs people in for their mailboxes: Google, or any who speaks OpenID Connect or plain OAuth 2.0.</summary>
public sealed class OAuthProvider
{
    public long Id { get; init; }

    /// <summary>As people know it; unique, compared without case.</summary>
    public required string Name { get; set; }

    /// <summary>Of Google there is one at most.</summary>
    public bool IsGoogle { get; init; }

    /// <summary>The issuer, which publishes its addresses (OpenID Connect Discovery 1.0); empty where the two addresses below are named.</summary>
    public string Authority { get; set; } = "";

    public string AuthorizeAddress { get; set; } = "";
    public string TokenAddress { get; set; } = "";
    public required string ClientId { get; set; }

    /// <summary>Encrypted; empty for none.</summary>
    public string ProtectedSecret { get; set; } = "";

    /// <summary>What is asked for, parted by spaces.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>What goes along to the login page besides, as in an address: <c>access_type=offline&amp;prompt=consent</c>.</summary>
    public string Extra { get; set; } = "";

    public TokenMechanism Mechanism { get; set; }
    public required string ImapHost { get; set; }
    public required int ImapPort { get; set; }
    public ConnectionSecurity ImapSecurity { get; set; }
    public required string SmtpHost { get; set; }
    public required int SmtpPort { get; set; }
    public ConnectionSecurity SmtpSecurity { get; set; }

    /// <summary>SHA-256 fingerprint in hex of the one certificate that is trusted at all of them although nobody vouches for it.</summary>
    public string? TrustedCertificate { get; set; }

    /// <summary>The mail servers, which its tokens are for.</summary>
    internal MailHome Home => new(
        new MailEndpoint(ImapHost, ImapPort, ImapSecurity, TrustedCertificate), new MailEndpoint(SmtpHost, SmtpPort, SmtpSecurity, TrustedCertificate), Mechanism);
}

internal sealed class OAuthProviderConfiguration : IEntityTypeConfiguration<OAuthProvider>
{
    public void Configure(EntityTypeBuilder<OAuthProvider> provider)
    {
        provider.ToTable("oauth_providers");
        provider.Ignore(p => p.Home);
        provider.Property(p => p.Name).UseCollation("NOCASE");
        provider.Property(p => p.Mechanism).HasConversion<string>();
        provider.HasIndex(p => p.Name).IsUnique();
        provider.HasMany<ConnectedAccount>().WithOne().HasForeignKey(a => a.ProviderId).OnDelete(DeleteBehavior.Restrict);
        provider.HasMany<ConnectAttempt>().WithOne().HasForeignKey(a => a.ProviderId).OnDelete(DeleteBehavior.Cascade);
    }
}
