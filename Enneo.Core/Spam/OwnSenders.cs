using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>Why a sender cannot be blocked, or trusted.</summary>
public enum SenderProblem
{
    /// <summary>Neither an address nor a domain.</summary>
    NotASender,

    /// <summary>To block it would hide mail of our own: it is the address of a mailbox, or a domain in which one lies.</summary>
    Own,

    /// <summary>To block it would hide mail of everybody who has an address at that provider.</summary>
    SharedDomain,
}

/// <summary>What of the senders are we ourselves.</summary>
internal static class OwnSenders
{
    /// <returns>In lower case.</returns>
    public static async Task<HashSet<string>> DomainsAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        [.. (await AddressesAsync(db, cancellationToken)).Select(SenderAddress.DomainOf)];

    /// <param name="sender">An address or a domain, in lower case.</param>
    public static async Task<bool> IsOwnAsync(EnneoDbContext db, string sender, CancellationToken cancellationToken) =>
        (await AddressesAsync(db, cancellationToken)).Exists(address => SenderAddress.WithDomains(address).Contains(sender, StringComparer.Ordinal));

    private static async Task<List<string>> AddressesAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        [.. (await db.Mailboxes.AsNoTracking().Where(m => m.RemovedAt == null).ToListAsync(cancellationToken)).SelectMany(mailbox => mailbox.OwnAddresses)];
}
