using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>How a call shows that it comes from who knows the secret.</summary>
public enum HookProof
{
    /// <summary>As the Standard Webhooks specification signs: id, time and body.</summary>
    StandardWebhooks,

    /// <summary>As GitHub signs: HMAC-SHA256 of the body in <c>X-Hub-Signature-256</c>.</summary>
    GitHub,

    /// <summary>HMAC-SHA256 of the body, in hex or base64, in a header of a chosen name.</summary>
    Hmac,

    /// <summary>The secret itself, in a header of a chosen name.</summary>
    Header,

    /// <summary>The secret itself, as a bearer token.</summary>
    Bearer,
}

/// <summary>What a call does.</summary>
public enum HookAction
{
    /// <summary>Opens a ticket; one that its system named before is changed instead.</summary>
    Upsert,

    /// <summary>Changes a ticket that is there.</summary>
    Update,

    /// <summary>Adds a message to a ticket that is there; nothing is sent.</summary>
    Store,

    /// <summary>Gives tags to a ticket that is there.</summary>
    Tag,

    /// <summary>Closes a ticket that is there.</summary>
    Close,

    /// <summary>Says that something happened with a ticket of a system that is kept in step; it is read from there.</summary>
    Read,
}

/// <summary>Where another system tells us something, in its own words.</summary>
public sealed class IncomingHook : IInMailbox
{
    public long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>Whose tickets it opens and changes.</summary>
    public required long MailboxId { get; init; }

    /// <summary>In whose name it acts; null once that key is gone.</summary>
    public required long? KeyId { get; init; }

    /// <summary>The key was made for it alone: nobody has ever seen it, and it goes with the hook.</summary>
    public required bool HasOwnKey { get; init; }

    public required HookProof Proof { get; set; }

    /// <summary>Of the signature or the secret, where its name can be chosen.</summary>
    public required string? ProofHeader { get; set; }

    /// <summary>Encrypted.</summary>
    public required string ProtectedSecret { get; set; }

    /// <summary>The one before, which is good too until <see cref="EarlierUntil"/>; encrypted.</summary>
    public string? ProtectedEarlierSecret { get; set; }

    public DateTimeOffset? EarlierUntil { get; set; }

    public required HookAction Action { get; set; }

    /// <summary>Which kind of message it adds.</summary>
    public required StoredKind Kind { get; set; }

    /// <summary>JSONPath of what decides whether a call is of interest; null for all calls.</summary>
    public required string? WhenPath { get; set; }

    /// <summary>What must be found there, one of them.</summary>
    public required List<string> WhenValues { get; set; }

    /// <summary>By name of the field what it is made of, see <see cref="HookTemplate"/>; JSON.</summary>
    public required string Fields { get; set; }

    /// <summary>Tags that are always given.</summary>
    public required List<long> TagIds { get; set; }

    public required bool IsActive { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The door, as the log names it.</summary>
    public string Origin => HookOrigin.Of(Id);
}

/// <summary>How the log and other systems know what came by a hook.</summary>
internal static class HookOrigin
{
    private const string Prefix = "hook:";

    public static string Of(long hookId) => FormattableString.Invariant($"{Prefix}{hookId}");

    public static bool Is(string origin) => origin.StartsWith(Prefix, StringComparison.Ordinal);
}

internal sealed class IncomingHookConfiguration : IEntityTypeConfiguration<IncomingHook>
{
    public void Configure(EntityTypeBuilder<IncomingHook> hook)
    {
        hook.ToTable("incoming_hooks");
        hook.Property(h => h.Proof).HasConversion<string>();
        hook.Property(h => h.Action).HasConversion<string>();
        hook.Property(h => h.Kind).HasConversion<string>();
        hook.Ignore(h => h.Origin);
        hook.HasOne<Mailbox>().WithMany().HasForeignKey(h => h.MailboxId).OnDelete(DeleteBehavior.Cascade);
        hook.HasOne<ApiKey>().WithMany().HasForeignKey(h => h.KeyId).OnDelete(DeleteBehavior.SetNull);
    }
}
