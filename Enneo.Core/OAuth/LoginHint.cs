using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Whom a login page proposes.</summary>
internal static class LoginHint
{
    /// <summary>Nobody signs in as a shared mailbox itself.</summary>
    /// <returns>The mailbox; for a shared one the person who has used it so far, and null where nobody has.</returns>
    public static async Task<string?> OfAsync(IDbContextFactory<EnneoDbContext> dbFactory, ConnectWish wish, CancellationToken cancellationToken)
    {
        if (wish.IsShared is not true)
        {
            return wish.Address;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return wish.MailboxId is null ? null
            : await db.ConnectedAccounts.Where(a => a.MailboxId == wish.MailboxId && a.IsShared && a.ProviderId == null).Select(a => a.ConnectedAs).SingleOrDefaultAsync(cancellationToken);
    }
}
