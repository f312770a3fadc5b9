using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Webhooks;

public enum WebhookDeliveryState
{
    /// <summary>It goes when those before it of the same ticket have gone.</summary>
    Waiting,
    Delivered,

    /// <summary>
    /// Set aside: the receiver refused it, or failed at it time and again. It goes before the next event of its ticket,
    /// when the receiver recovers, or by hand; nothing of its ticket overtakes it.
    /// </summary>
    Parked,

    /// <summary>Its ticket is spam, of which only that is told. It goes once the ticket is none any more.</summary>
    Withheld,
}

/// <summary>Something that a webhook is told, and how that went.</summary>
public sealed class WebhookDelivery
{
    public long Id { get; init; }
    public required long WebhookId { get; init; }

    /// <summary>By which receivers know a repetition: the same at every attempt.</summary>
    public required string EventId { get; init; }

    /// <summary>Of the entry in the log.</summary>
    public required long Sequence { get; init; }

    public required WebhookEvent Event { get; init; }

    /// <summary>Deliveries of the same key go one after another: a ticket's id, or that of a mailbox as a negative number.</summary>
    public required long OrderKey { get; init; }

    public required long? MailboxId { get; init; }
    public required long? TicketId { get; init; }
    public required long? MessageId { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public WebhookDeliveryState State { get; set; } = WebhookDeliveryState.Waiting;

    /// <summary>Not before this, but for <see cref="AwaitsMessageId"/>.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>It goes sooner, as soon as this mail was analysed.</summary>
    public long? AwaitsMessageId { get; set; }

    public int Attempts { get; set; }
    public DateTimeOffset? LastAttemptAt { get; set; }
    public int? Milliseconds { get; set; }

    /// <summary>What was sent, fixed by the first attempt.</summary>
    public string? Body { get; set; }

    /// <summary>The last answer; null where none came.</summary>
    public int? Status { get; set; }

    /// <summary>Its beginning.</summary>
    public string? Answer { get; set; }

    /// <summary>Why no answer came.</summary>
    public string? Problem { get; set; }

    /// <summary>SHA-256 fingerprint in hex of the certificate for which the last attempt was given up; null where it was not.</summary>
    public string? UntrustedCertificate { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }
}

internal sealed class WebhookDeliveryConfiguration : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> delivery)
    {
        delivery.ToTable("webhook_deliveries");
        delivery.Property(d => d.State).HasConversion<string>();
        delivery.Property(d => d.Event).HasConversion<string>();
        delivery.HasIndex(d => new { d.WebhookId, d.Sequence }).IsUnique();
        delivery.HasIndex(d => new { d.WebhookId, d.State, d.OrderKey, d.Sequence });
        delivery.HasIndex(d => d.DeliveredAt);
        delivery.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
    }
}
