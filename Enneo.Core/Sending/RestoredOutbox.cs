using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>The outbox of a backup: what waited in it then may have left since, which is looked up in Sent and never sent blindly.</summary>
public static class RestoredOutbox
{
    /// <returns>How many answers are in doubt.</returns>
    public static async Task<int> DoubtAsync(EnneoDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var waiting = await db.Outbox.Where(o => o.State == DeliveryState.Queued || o.State == DeliveryState.Sending).ToListAsync(cancellationToken);
        foreach (var outgoing in waiting)
        {
            var before = outgoing.State;
            (outgoing.State, outgoing.ServerText) = (DeliveryState.Uncertain, SendingText.MayHaveLeft);
            (outgoing.FilingAt, outgoing.FilingAttempts) = (clock.GetUtcNow(), 0);
            outgoing.Version++;
            db.Activity.Add(OutgoingActivity.Changed(outgoing, before, Actor.Operator, SendingOrigin.Job, clock));
        }

        await db.SaveChangesAsync(cancellationToken);
        return waiting.Count;
    }
}
