using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Another directory (tenant): what was given in the one before opens nothing there, so that its mailboxes have to be connected again, and say why.</summary>
internal static class TenantChange
{
    public const string Field = "tenantSignIns";

    /// <summary>Whether only Microsoft knows which directory another one than the stored is.</summary>
    public static bool IsByName(Microsoft365Settings stored, Microsoft365Input input) =>
        IsIn(stored, input) && new Microsoft365Settings { Tenant = input.Tenant.Trim() } is { NamesDirectory: true } wanted && !Guid.TryParse(wanted.Tenant, out _);

    /// <param name="id">Of the directory that is wanted by a name, as Microsoft tells it; null where it does not.</param>
    /// <returns>What an admin has to know before it is saved, by field; null where nothing ends, or it was said.</returns>
    public static async Task<IReadOnlyDictionary<string, string[]>?> WarningAsync(EnneoDbContext db, Microsoft365Settings stored, Microsoft365Input input, string? id, CancellationToken cancellationToken)
    {
        if (!IsIn(stored, input))
        {
            return null;
        }

        var wanted = stored with { Tenant = id ?? input.Tenant.Trim() };
        var accounts = await db.ConnectedAccounts.AsNoTracking().Where(a => a.ProviderId == null && a.MailboxId != null).ToListAsync(cancellationToken);
        var (ends, text) = id is not null ? (accounts.Where(account => Left(wanted, account)), Microsoft365Text.TenantOfName)
            : Guid.TryParse(wanted.Tenant, out _) ? (accounts.Where(account => Left(wanted, account)), Microsoft365Text.TenantsEnd)
            : wanted.NamesDirectory ? (accounts, Microsoft365Text.TenantByName)
            : (accounts.Where(account => account.IsApplication), Microsoft365Text.TenantUnnamed); // people of any directory may sign in
        var count = ends.Count(account => account.IsApplication || !AppChange.Is(stored, input.ClientId.Trim())); // another app ends those of people anyway
        return count == 0 ? null : new Dictionary<string, string[]>
        {
            [Field] = [string.Format(CultureInfo.CurrentCulture, text == Microsoft365Text.TenantsEnd && count == 1 ? Microsoft365Text.TenantEnds : text, count, id)],
        };
    }

    /// <summary>Whether an account is of another directory than the one that is set up. Of a name nobody can tell before Microsoft is asked.</summary>
    public static bool Left(Microsoft365Settings settings, ConnectedAccount account) =>
        Guid.TryParse(settings.Tenant, out _) && Guid.TryParse(account.TenantId, out _) && !IsOf(settings, account);

    private static bool IsIn(Microsoft365Settings stored, Microsoft365Input input) =>
        !input.LeavesTenant && stored.IsUsable && !string.Equals(input.Tenant.Trim(), stored.Tenant, StringComparison.OrdinalIgnoreCase) && Microsoft365Rules.Check(input).Count == 0;

    private static bool IsOf(Microsoft365Settings settings, ConnectedAccount account) =>
        Guid.TryParse(settings.Tenant, out var ours) && Guid.TryParse(account.TenantId, out var theirs) && theirs == ours;
}
