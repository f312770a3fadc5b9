using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Connected;

/// <summary>In which words another system is spoken to.</summary>
public enum OtherKind
{
    /// <summary>Another installation of this program.</summary>
    Enneo,
    Zammad,

    /// <summary>A system for which somebody has made the part of our API that is called; see docs/integrations.md.</summary>
    Other,
}

/// <summary>From where mail goes out to customers.</summary>
public enum SendingOwner
{
    Here,
    There,
}

/// <summary>Another ticket system that is kept in step, both ways: what ties a key, a webhook and a hook together.</summary>
public sealed class Integration : IInMailbox
{
    public long Id { get; init; }
    public required string Name { get; set; }
    public required OtherKind Kind { get; init; }

    /// <summary>Where its API begins.</summary>
    public required string Url { get; set; }

    /// <summary>An admin says that the host may lie in a private network, and be reached without TLS.</summary>
    public required bool MayBePrivate { get; set; }

    /// <summary>By which its API is called; encrypted.</summary>
    public required string ProtectedCredential { get; set; }

    /// <summary>Whose tickets are kept in step.</summary>
    public required long MailboxId { get; init; }

    /// <summary>Where its new tickets go there: the number of a mailbox, or the name of a group. Empty where they are not told.</summary>
    public required string TheirMailbox { get; set; }

    /// <summary>In whose name its changes are made here, and what it calls tickets is kept; null once that key is gone.</summary>
    public required long? KeyId { get; init; }

    /// <summary>Which follows our log for it.</summary>
    public required long? WebhookId { get; set; }

    /// <summary>By which it says that something changed there.</summary>
    public required long? HookId { get; set; }

    public required SendingOwner Owner { get; set; }

    /// <summary>What is public there, it mails to the customer.</summary>
    public required bool MailsPublicComments { get; set; }

    /// <summary>Which way deletions go by themselves.</summary>
    public DeletionWay Deletions { get; set; }

    /// <summary>The webhook that we made there, by what the other system calls it; null where a person made it.</summary>
    public string? TheirWebhookId { get; set; }

    /// <summary>By <see cref="SyncedField"/> which way it goes and what it is called there; JSON.</summary>
    public required string Rules { get; set; }

    /// <summary>Begins the names by which it knows what came from here; random, so that another installation has another.</summary>
    public required string Mark { get; init; }

    public required bool IsActive { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last seen to be as we are, after it told us something.</summary>
    public DateTimeOffset? LastInAt { get; set; }

    /// <summary>The same after something happened here.</summary>
    public DateTimeOffset? LastOutAt { get; set; }

    internal string Origin => FormattableString.Invariant($"integration:{Id}");

    internal IReadOnlyDictionary<SyncedField, FieldRule> RulesByField => JsonSerializer.Deserialize<Dictionary<SyncedField, FieldRule>>(Rules) ?? [];

    internal string NameOfTicket(long ticketId) => FormattableString.Invariant($"{Mark}-{ticketId}");

    internal string NameOfMessage(long messageId) => FormattableString.Invariant($"{Mark}-m{messageId}");

    internal string NameOfSplit(long ticketId) => FormattableString.Invariant($"{Mark}-s{ticketId}");

    /// <summary>We told it: also what is no message of a ticket here.</summary>
    internal bool Named(string? name) => name?.StartsWith($"{Mark}-", StringComparison.Ordinal) is true;

    /// <returns>Null for what is no name of ours.</returns>
    internal long? TicketOf(string? name) => NumberAfter(name, $"{Mark}-");

    /// <inheritdoc cref="TicketOf"/>
    internal long? MessageOf(string? name) => NumberAfter(name, $"{Mark}-m");

    private static long? NumberAfter(string? name, string start) =>
        name is not null && name.StartsWith(start, StringComparison.Ordinal) && long.TryParse(name.AsSpan(start.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;
}

/// <summary>An integration and in whose name it acts.</summary>
internal sealed record ActingIntegration(Integration Integration, long OwnerId, Actor Actor)
{
    public string Origin => Integration.Origin;

    public bool Takes(SyncedField field) => Rule(field).Direction is SyncDirection.Both or SyncDirection.In;

    public bool Gives(SyncedField field) => Rule(field).Direction is SyncDirection.Both or SyncDirection.Out;

    public FieldRule Rule(SyncedField field) => Integration.RulesByField.GetValueOrDefault(field) ?? FieldRule.None;
}

internal sealed class IntegrationConfiguration : IEntityTypeConfiguration<Integration>
{
    public void Configure(EntityTypeBuilder<Integration> integration)
    {
        integration.ToTable("integrations");
        integration.Property(i => i.Kind).HasConversion<string>();
        integration.Property(i => i.Owner).HasConversion<string>();
        integration.Property(i => i.Deletions).HasConversion<string>().HasDefaultValue(DeletionWay.Never);
        integration.Ignore(i => i.Origin);
        integration.Ignore(i => i.RulesByField);
        integration.HasIndex(i => i.WebhookId);
        integration.HasIndex(i => i.HookId);
        integration.HasOne<Mailbox>().WithMany().HasForeignKey(i => i.MailboxId).OnDelete(DeleteBehavior.Cascade);
        integration.HasOne<ApiKey>().WithMany().HasForeignKey(i => i.KeyId).OnDelete(DeleteBehavior.SetNull);
        integration.HasOne<Webhook>().WithMany().HasForeignKey(i => i.WebhookId).OnDelete(DeleteBehavior.SetNull);
        integration.HasOne<IncomingHook>().WithMany().HasForeignKey(i => i.HookId).OnDelete(DeleteBehavior.SetNull);
    }
}
