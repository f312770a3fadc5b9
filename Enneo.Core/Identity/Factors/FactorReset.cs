using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Factors;

/// <summary>
/// For somebody who lost phone and paper: an admin or the operator takes the second step away, after having made sure
/// who asks. The password stays, whom Microsoft vouches for is forgotten, every session ends.
/// </summary>
public sealed class FactorReset(WriterLane lane, Sessions sessions, TimeProvider clock)
{
    public Task RunAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            await db.AuthenticatorApps.Where(a => a.UserId == userId).ExecuteDeleteAsync(token);
            await db.UserPasskeys.Where(p => p.UserId == userId).ExecuteDeleteAsync(token);
            await db.UserLogins.Where(l => l.UserId == userId).ExecuteDeleteAsync(token);
            await db.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorsReset, actor, origin, clock, changes: ("user", null, userId)));
            await db.SaveChangesAsync(token);
            await sessions.EndAllAsync(db, userId, null, actor, origin, token);
        }, cancellationToken);
}
