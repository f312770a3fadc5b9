using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Reads of the providers besides Microsoft. For admins.</summary>
public sealed class ProviderQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Google first, the others by name.</returns>
    public async Task<IReadOnlyList<ProviderView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var providers = await db.OAuthProviders.AsNoTracking().OrderByDescending(p => p.IsGoogle).ThenBy(p => p.Name)
            .Select(p => new { Provider = p, Mailboxes = db.ConnectedAccounts.Count(a => a.ProviderId == p.Id && a.MailboxId != null) }).ToListAsync(cancellationToken);
        return [.. providers.Select(row => new ProviderView(row.Provider.Id, Of(row.Provider), row.Provider.ProtectedSecret.Length > 0, row.Mailboxes))];
    }

    /// <returns>Null when it is gone.</returns>
    public async Task<ProviderView?> FindAsync(long providerId, CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).FirstOrDefault(provider => provider.Id == providerId);

    private static ProviderInput Of(OAuthProvider provider) => new()
    {
        Name = provider.Name,
        IsGoogle = provider.IsGoogle,
        Authority = provider.Authority,
        AuthorizeAddress = provider.AuthorizeAddress,
        TokenAddress = provider.TokenAddress,
        ClientId = provider.ClientId,
        Scopes = provider.Scopes,
        Extra = provider.Extra,
        Mechanism = provider.Mechanism,
        ImapHost = provider.ImapHost,
        ImapPort = provider.ImapPort,
        ImapSecurity = provider.ImapSecurity,
        SmtpHost = provider.SmtpHost,
        SmtpPort = provider.SmtpPort,
        SmtpSecurity = provider.SmtpSecurity,
        TrustedCertificate = provider.TrustedCertificate,
    };
}
