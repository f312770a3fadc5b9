using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>A server whose one trusted certificate was replaced: the mailboxes that are connected by its provider stay so, and are tried anew.</summary>
internal static class NewCertificate
{
    /// <summary>Within a transaction of the writer lane, saved by the caller.</summary>
    /// <param name="providerId">Null for Microsoft.</param>
    /// <param name="fingerprint">SHA-256 in hex; null for those that the machine trusts.</param>
    public static async Task TrustAsync(
        EnneoDbContext db, long? providerId, string? fingerprint, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        var mailboxes = await db.Mailboxes.AsTracking()
            .Where(m => m.RemovedAt == null && db.ConnectedAccounts.Any(a => a.MailboxId == m.Id && a.ProviderId == providerId)).ToListAsync(cancellationToken);
        foreach (var mailbox in mailboxes)
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MailboxChanged,
                actor,
                origin,
                clock,
                mailbox.Id,
                changes: [("imap.trustedCertificate", mailbox.Imap.TrustedCertificate, fingerprint), ("smtp.trustedCertificate", mailbox.Smtp.TrustedCertificate, fingerprint)]));
            (mailbox.Imap.TrustedCertificate, mailbox.Smtp.TrustedCertificate) = (fingerprint, fingerprint);
            mailbox.Version++;
        }
    }
}
