using Enneo.Core.Data;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Forgets what was delivered a while ago, and what came by hooks; what is still to come is never forgotten, but for what was withheld of spam.</summary>
internal sealed class WebhookRetention(WriterLane lane, TimeProvider clock) : IRegularWork
{
    /// <summary>How long deliveries can be looked at and told again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>How long a call is known again whose signature holds no time: it could be played back as long as the secret is good.</summary>
    public static readonly TimeSpan UntimedKept = TimeSpan.FromDays(366);

    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Kept;
        var longBefore = clock.GetUtcNow() - UntimedKept;
        int removed;
        do
        {
            removed = await lane.RunBulkAsync(
                (db, token) => db.Set<WebhookDelivery>().Where(d => d.DeliveredAt < before || (d.State == WebhookDeliveryState.Withheld && d.OccurredAt < before)).OrderBy(d => d.Id).Take(Batch).ExecuteDeleteAsync(token), cancellationToken);
        }
        while (removed == Batch);

        do
        {
            removed = await lane.RunBulkAsync(
                (db, token) => db.Set<HookCall>().Where(c => c.At < before && (c.At < longBefore || c.MessageKey == null || !Untimed(db).Contains(c.HookId))).OrderBy(c => c.At).Take(Batch).ExecuteDeleteAsync(token), cancellationToken);
        }
        while (removed == Batch);
    }

    private static IQueryable<long> Untimed(EnneoDbContext db) => db.Set<IncomingHook>().Where(h => h.Proof == HookProof.GitHub || h.Proof == HookProof.Hmac).Select(h => h.Id);
}
