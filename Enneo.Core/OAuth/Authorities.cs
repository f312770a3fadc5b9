using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Finds who signs people in for a mailbox.</summary>
internal sealed class Authorities(IDbContextFactory<EnneoDbContext> dbFactory, Registration registration, GraphPeople people, OpenClient client)
{
    /// <param name="providerId">Null for Microsoft.</param>
    /// <returns>Null when that is not set up.</returns>
    public async Task<IAuthority?> FindAsync(long? providerId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (providerId is { } id)
        {
            return await db.OAuthProviders.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is { } provider
                ? new OpenAuthority(provider, client)
                : null;
        }

        var settings = await Microsoft365Settings.ReadAsync(db, cancellationToken);
        return settings.IsUsable ? new MicrosoftAuthority(registration, people, settings) : null;
    }
}
