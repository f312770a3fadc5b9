using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.OAuth;

/// <summary>Somebody's consent, kept for one mailbox: two mailboxes of one person are two of these.</summary>
public sealed class ConnectedAccount
{
    /// <summary>Whom Microsoft counts no organisation's: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference (tid).</summary>
    internal const string PersonalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad";

    public long Id { get; init; }

    /// <summary>Null until the mailbox is saved for which it was given.</summary>
    public long? MailboxId { get; set; }

    /// <summary>Who gave it; null for Microsoft.</summary>
    public long? ProviderId { get; init; }

    /// <summary>The mailbox that it was given for.</summary>
    public required string Address { get; init; }

    /// <summary>The directory of the person who consented, or their issuer. With <see cref="ObjectId"/> it says who that is; an address can be given to somebody else.</summary>
    public required string TenantId { get; init; }

    public required string ObjectId { get; init; }

    /// <summary>As MSAL names the account; empty elsewhere.</summary>
    public required string HomeAccountId { get; init; }

    /// <summary>The name that person signs in with, to be shown.</summary>
    public required string ConnectedAs { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The tokens, at Microsoft as MSAL's cache of them, encrypted.</summary>
    public required byte[] ProtectedTokens { get; set; }

    /// <summary>Until when the present access token is good: that for Outlook, or for Graph where the mailbox lives by Graph alone.</summary>
    public DateTimeOffset ValidUntil { get; set; }

    public DateTimeOffset RenewedAt { get; set; }

    /// <summary>The person is another one than the mailbox: a shared mailbox, or a mistake.</summary>
    public bool IsOther { get; init; }

    /// <summary>No person stands behind it: the app itself has access, which an administrator gave it in Exchange.</summary>
    public bool IsApplication { get; init; }

    /// <summary>A person said that it is a shared mailbox.</summary>
    public bool IsShared { get; set; }

    /// <summary>The provider's code for what is wrong, such as AADSTS50173; null when nothing is.</summary>
    public string? Problem { get; set; }

    public DateTimeOffset? ProblemAt { get; set; }

    /// <summary>The same for the tokens of Graph: a policy or a permission may close one of the two alone.</summary>
    public string? GraphProblem { get; set; }

    public DateTimeOffset? GraphProblemAt { get; set; }

    internal (string? Code, DateTimeOffset? At) ProblemOf(TokenFor use) => use is TokenFor.Graph ? (GraphProblem, GraphProblemAt) : (Problem, ProblemAt);

    internal void SetProblem(TokenFor use, string? code, DateTimeOffset? at)
    {
        if (use is TokenFor.Graph)
        {
            (GraphProblem, GraphProblemAt) = (code, at);
        }
        else
        {
            (Problem, ProblemAt) = (code, at);
        }
    }

    /// <summary>Whoever renews has it to themselves until then, in whichever process.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }
}

internal sealed class ConnectedAccountConfiguration : IEntityTypeConfiguration<ConnectedAccount>
{
    public void Configure(EntityTypeBuilder<ConnectedAccount> account)
    {
        account.ToTable("microsoft365_accounts");
        account.HasIndex(a => a.MailboxId).IsUnique();
    }
}
