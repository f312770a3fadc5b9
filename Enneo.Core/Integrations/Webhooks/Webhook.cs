using Enneo.Core.Identity.ApiKeys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Where another system wants to be told what happens.</summary>
public sealed class Webhook
{
    public long Id { get; init; }
    public required string Url { get; set; }

    /// <summary>Names of <see cref="WebhookEvent"/>; empty for all.</summary>
    public required List<string> Events { get; set; }

    /// <summary>Null for all mailboxes.</summary>
    public required List<long>? MailboxIds { get; set; }

    public required bool IsActive { get; set; }

    /// <summary>Called once, as a person or a mail changes something; whoever changed it is told when that fails.</summary>
    public required bool IsSynchronous { get; set; }

    /// <summary>An admin says that the host may lie in a private network, and be reached without TLS.</summary>
    public required bool MayBePrivate { get; set; }

    /// <summary>SHA-256 fingerprint in hex of the one certificate that is trusted there although nobody vouches for it.</summary>
    public string? TrustedCertificate { get; set; }

    /// <summary>The key by which its system calls us: what is done by that is not told to it.</summary>
    public long? OwnKeyId { get; set; }

    /// <summary>Encrypted.</summary>
    public required string ProtectedSecret { get; set; }

    /// <summary>The one before, which signs too until <see cref="EarlierUntil"/>; encrypted.</summary>
    public string? ProtectedEarlierSecret { get; set; }

    public DateTimeOffset? EarlierUntil { get; set; }

    /// <summary>The sequence of the log up to which deliveries have been written.</summary>
    public required long Cursor { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Attempts in a row that did not succeed.</summary>
    public int Failures { get; set; }

    /// <summary>Since when nothing succeeds; null while it does.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Nothing is tried before; null while it works.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Since when it rests, after a day of failures: it is asked now and then, and goes on by itself.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    public DateTimeOffset? LastSuccessAt { get; set; }

    public bool Wants(WebhookEvent happened, long? mailboxId) =>
        (Events.Count == 0 || Events.Contains(happened.ToString())) && (MailboxIds is null || (mailboxId is { } id && MailboxIds.Contains(id)));
}

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>
{
    public void Configure(EntityTypeBuilder<Webhook> webhook)
    {
        webhook.ToTable("webhooks");
        webhook.HasOne<ApiKey>().WithMany().HasForeignKey(w => w.OwnKeyId).OnDelete(DeleteBehavior.SetNull);
    }
}
