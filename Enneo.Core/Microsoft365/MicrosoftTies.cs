using System.Globalization;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Tokens go to nobody but those whom they were given for: the addresses of the cloud stay while mailboxes are connected by them.</summary>
internal static class MicrosoftTies
{
    private const int Named = 5;

    /// <returns>Why the addresses must stay, naming the mailboxes; null when none is connected.</returns>
    public static async Task<string?> RefusalAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var addresses = await db.ConnectedAccounts.Where(a => a.ProviderId == null && a.MailboxId != null).OrderBy(a => a.Id).Select(a => a.Address).ToListAsync(cancellationToken);
        return addresses.Count == 0 ? null : string.Format(
            CultureInfo.CurrentCulture, Microsoft365Text.AddressesTied, string.Join(", ", addresses.Count > Named ? [.. addresses.Take(Named), "…"] : addresses));
    }

    /// <summary>Ends what was begun at the addresses before: no code and no token of theirs is shown to the new ones.</summary>
    public static async Task CutAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        await db.ConnectAttempts.Where(a => a.ProviderId == null).ExecuteDeleteAsync(cancellationToken);
        await db.ConnectedAccounts.Where(a => a.ProviderId == null).ExecuteDeleteAsync(cancellationToken);
    }
}
