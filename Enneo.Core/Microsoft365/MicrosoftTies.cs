using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>Tokens go to nobody but those whom they were given for: the addresses of the cloud stay while mailboxes are connected by them.</summary>
internal static class MicrosoftTies
{
    /// <summary>Where it is asked whether a new certificate is trusted.</summary>
    public const string CertificateField = "certificateTrust";

    private const int Named = 5;

    /// <summary>Whether what was given for one set of addresses is good for the other: they are the same, and so is the certificate, unless a person compared the new one.</summary>
    /// <param name="comparedCertificate">As <see cref="Microsoft365Input.ComparedCertificate"/>.</param>
    public static bool Hold(CloudAddresses before, CloudAddresses after, string? comparedCertificate) =>
        after == before || (comparedCertificate is not null && CertificateFingerprint.AreSame(comparedCertificate, after.TrustedCertificate) && DifferByCertificate(before, after));

    /// <summary>Whether nothing but the certificate may be another.</summary>
    public static bool DifferByCertificate(CloudAddresses before, CloudAddresses after) => after with { TrustedCertificate = before.TrustedCertificate } == before;

    /// <returns>At which field, and why addresses that do not hold must stay; null when no mailbox is connected by them.</returns>
    public static async Task<(string Field, string Words)?> RefusalAsync(EnneoDbContext db, CloudAddresses before, CloudAddresses after, CancellationToken cancellationToken)
    {
        var addresses = await db.ConnectedAccounts.Where(a => a.ProviderId == null && a.MailboxId != null).OrderBy(a => a.Id).Select(a => a.Address).ToListAsync(cancellationToken);
        return addresses.Count == 0 ? null
            : DifferByCertificate(before, after) ? (CertificateField, Microsoft365Text.CertificateTied)
            : ("own", string.Format(CultureInfo.CurrentCulture, Microsoft365Text.AddressesTied, string.Join(", ", addresses.Count > Named ? [.. addresses.Take(Named), "…"] : addresses)));
    }

    /// <summary>Ends what was begun at the addresses before: no code and no token of theirs is shown to the new ones.</summary>
    public static async Task CutAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        await db.ConnectAttempts.Where(a => a.ProviderId == null).ExecuteDeleteAsync(cancellationToken);
        await db.ConnectedAccounts.Where(a => a.ProviderId == null).ExecuteDeleteAsync(cancellationToken);
    }
}
