using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>By which address Graph has a mailbox.</summary>
internal static class GraphAddress
{
    /// <summary>A person's own mailbox goes by who they are, since Graph knows nobody by an alias; another's, and what the app itself opens, by its address.</summary>
    /// <returns>Such as <c>https://graph.microsoft.com/v1.0/users/support%40example.com</c>.</returns>
    public static async Task<string> OfAsync(EnneoDbContext db, CloudAddresses cloud, long accountId, string address, CancellationToken cancellationToken)
    {
        var account = await db.ConnectedAccounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellationToken);
        return account is not { IsOther: false, IsApplication: false, ObjectId.Length: > 0 } ? $"{cloud.Graph}/v1.0/users/{Uri.EscapeDataString(address)}"
            : account.TenantId == ConnectedAccount.PersonalTenant ? $"{cloud.Graph}/v1.0/me"
            : $"{cloud.Graph}/v1.0/users/{account.ObjectId}";
    }
}
