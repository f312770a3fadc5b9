using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.OAuth;

/// <summary>Somebody was sent to a provider and is expected back, once, in the same browser session.</summary>
public sealed class ConnectAttempt
{
    public long Id { get; init; }

    /// <summary>SHA-256 of the state that went along, in hex.</summary>
    public required string StateHash { get; init; }

    /// <summary>By which the form that waits for the end finds it.</summary>
    public required string Form { get; init; }

    public required string SessionId { get; init; }
    public required long UserId { get; init; }

    /// <summary>Null for a mailbox that is not there yet.</summary>
    public long? MailboxId { get; init; }

    /// <summary>Null for Microsoft.</summary>
    public long? ProviderId { get; init; }

    public required string Address { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>The person said that it is a shared mailbox, for which they sign in as themselves.</summary>
    public bool IsShared { get; init; }

    /// <summary>The PKCE verifier, encrypted.</summary>
    public required string ProtectedVerifier { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it came back; it does so once.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What it brought.</summary>
    public long? AccountId { get; set; }

    /// <summary>The provider's code for why it brought nothing.</summary>
    public string? Problem { get; set; }
}

internal sealed class ConnectAttemptConfiguration : IEntityTypeConfiguration<ConnectAttempt>
{
    public void Configure(EntityTypeBuilder<ConnectAttempt> attempt)
    {
        attempt.ToTable("microsoft365_attempts");
        attempt.HasIndex(a => a.StateHash).IsUnique();
        attempt.HasIndex(a => a.Form);
    }
}
