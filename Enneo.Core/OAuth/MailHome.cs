using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>The mail servers of a provider: its tokens are shown to them and to nobody else.</summary>
internal sealed record MailHome(MailEndpoint Imap, MailEndpoint Smtp, TokenMechanism Mechanism)
{
    private const int UsualImapPort = 993;
    private const int UsualSmtpPort = 587;

    /// <param name="providerId">Null for Microsoft.</param>
    /// <returns>Null when there is no such provider.</returns>
    public static async Task<MailHome?> OfAsync(EnneoDbContext db, long? providerId, CancellationToken cancellationToken) => providerId is { } id
        ? (await db.OAuthProviders.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken))?.Home
        : Of((await Microsoft365Settings.ReadAsync(db, cancellationToken)).Addresses);

    public static MailHome Of(CloudAddresses cloud) => new(
        EndpointOf(cloud.Imap, UsualImapPort, ConnectionSecurity.Tls, cloud), EndpointOf(cloud.Smtp, UsualSmtpPort, ConnectionSecurity.StartTls, cloud), TokenMechanism.XOAuth2);

    public bool Takes(string host, int port) => IsAt(Imap, host, port) || IsAt(Smtp, host, port);

    private static MailEndpoint EndpointOf(string address, int usualPort, ConnectionSecurity security, CloudAddresses cloud)
    {
        var (host, port) = CloudAddresses.Parse(address, usualPort);
        return new MailEndpoint(host, port, security, cloud.TrustedCertificate);
    }

    private static bool IsAt(MailEndpoint ours, string host, int port) => string.Equals(ours.Host, host, StringComparison.OrdinalIgnoreCase) && ours.Port == port;
}
