using System.Security.Cryptography;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Makes an integration able to act: in whose name it does here, and by which credential there.</summary>
internal sealed class ActingIntegrations(IDbContextFactory<EnneoDbContext> dbFactory, IDataProtectionProvider protection, GuardedCalls http, TimeProvider clock)
{
    private readonly IDataProtector _credentials = protection.CreateProtector("Enneo.Integrations.Credential");
    private readonly EnneoSystem _enneo = new();
    private readonly ZammadSystem _zammad = new();

    public string Protect(string credential) => _credentials.Protect(credential);

    /// <param name="evenIfOff">To tidy up there: nothing is exchanged by one that is switched off.</param>
    /// <returns>Null if it is not there, or switched off.</returns>
    /// <exception cref="OtherSystemException">Its key was revoked, or its credential cannot be read any more.</exception>
    public async Task<(ActingIntegration Acting, IOtherSystem System, OtherCalls Calls)?> FindAsync(long integrationId, CancellationToken cancellationToken, bool evenIfOff = false)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Integration>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == integrationId && (i.IsActive || evenIfOff), cancellationToken) is not { } integration)
        {
            return null;
        }

        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == integration.KeyId && k.RevokedAt == null, cancellationToken)
            ?? throw new OtherSystemException(null, ConnectedText.KeyGone, null) { IsOutage = true };
        try
        {
            OtherCalls calls = new(http, integration, _credentials.Unprotect(integration.ProtectedCredential), clock);
            return (new ActingIntegration(integration, key.UserId, Actor.User(key.UserId) with { ApiKeyId = key.Id }), integration.Kind is OtherKind.Zammad ? _zammad : _enneo, calls);
        }
        catch (CryptographicException)
        {
            throw new OtherSystemException(null, ConnectedText.CredentialUnreadable, null) { IsOutage = true };
        }
    }
}
