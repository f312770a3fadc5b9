using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Processing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>
/// Makes deliveries of what stands in the log. A webhook's place in the log moves on in the transaction that writes them: a crash
/// before it repeats nothing and loses nothing, since what happened was in the log with the change itself.
/// </summary>
internal sealed class WebhookFanOut(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    private const int Batch = 500;

    /// <summary>The longest that an event waits for the analysis of its mail.</summary>
    private static readonly TimeSpan s_analysis = TimeSpan.FromSeconds(10);

    /// <summary>Brings all webhooks up to date.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<long> active;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            active = await db.Set<Webhook>().Where(w => w.IsActive).Select(w => w.Id).ToListAsync(cancellationToken);
        }

        foreach (var webhookId in active)
        {
            while (await HasNewsAsync(webhookId, cancellationToken)
                && await lane.RunAsync((db, token) => WriteAsync(db, webhookId, token), cancellationToken))
            {
                // There is more.
            }
        }
    }

    /// <summary>Asked beside the writers, whom it need not hold up.</summary>
    private async Task<bool> HasNewsAsync(long webhookId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<Webhook>().AnyAsync(
            w => w.Id == webhookId && db.Activity.Any(e => e.Sequence > w.Cursor && WebhookEvents.Kinds.Contains(e.Kind)), cancellationToken);
    }

    /// <returns>Whether there may be more.</returns>
    private static async Task<bool> WriteAsync(EnneoDbContext db, long webhookId, CancellationToken cancellationToken)
    {
        if (await db.Set<Webhook>().SingleOrDefaultAsync(w => w.Id == webhookId && w.IsActive, cancellationToken) is not { } webhook)
        {
            return false;
        }

        var entries = await ReadAsync(db, webhook.Cursor, long.MaxValue, cancellationToken);
        if (entries.Count == 0)
        {
            return false;
        }

        var keys = await WriteAsync(db, webhook, entries, cancellationToken);
        webhook.Cursor = entries[^1].Sequence;
        await db.SaveChangesAsync(cancellationToken);
        foreach (var entry in entries.Where(entry => entry is { Kind: ActivityKind.TicketSpamChanged, TicketId: not null }))
        {
            await WithheldNews.FollowAsync(db, webhook.Id, entry, s_analysis, cancellationToken);
        }

        await AskAgainAsync(db, webhook, keys, cancellationToken);
        return entries.Count == Batch;
    }

    /// <summary>Makes some of the deliveries that are missing between two places in the log. Within a transaction of the writer lane.</summary>
    /// <param name="until">Inclusive.</param>
    /// <returns>From where to go on; null where it is done.</returns>
    internal static async Task<long?> AddAsync(EnneoDbContext db, Webhook webhook, long since, long until, CancellationToken cancellationToken)
    {
        var entries = await ReadAsync(db, since, until, cancellationToken);
        if (entries.Count > 0)
        {
            await WriteAsync(db, webhook, entries, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }

        return entries.Count == Batch ? entries[^1].Sequence : null;
    }

    private static Task<List<ActivityEntry>> ReadAsync(EnneoDbContext db, long since, long until, CancellationToken cancellationToken) => db.Activity.AsNoTracking()
        .Where(e => e.Sequence > since && e.Sequence <= until && WebhookEvents.Kinds.Contains(e.Kind))
        .OrderBy(e => e.Sequence).Take(Batch).ToListAsync(cancellationToken);

    /// <returns>In which orders there are new ones.</returns>
    private static async Task<HashSet<long>> WriteAsync(EnneoDbContext db, Webhook webhook, IReadOnlyList<ActivityEntry> entries, CancellationToken cancellationToken)
    {
        var (first, last) = (entries[0].Sequence, entries[^1].Sequence);
        var known = await db.Set<WebhookDelivery>().Where(d => d.WebhookId == webhook.Id && d.Sequence >= first && d.Sequence <= last).Select(d => d.Sequence).ToHashSetAsync(cancellationToken);
        HashSet<long> keys = [];
        foreach (var entry in entries.Where(entry => !known.Contains(entry.Sequence) && !IsEcho(webhook, entry)))
        {
            if (WebhookEvents.Find(entry) is { } news && webhook.Wants(news.Event, entry.MailboxId))
            {
                var delivery = await DeliveryOfAsync(db, webhook, news, cancellationToken);
                delivery.State = await WithheldNews.IsAboutSpamAsync(db, delivery, cancellationToken) ? WebhookDeliveryState.Withheld : WebhookDeliveryState.Waiting;
                db.Add(delivery);
                keys.Add(delivery.OrderKey);
            }
        }

        return keys;
    }

    /// <summary>What is parked stands before the news of its ticket: it is asked once more whether it is taken now.</summary>
    private static async Task AskAgainAsync(EnneoDbContext db, Webhook webhook, HashSet<long> keys, CancellationToken cancellationToken)
    {
        if (!webhook.IsSynchronous && keys.Count > 0)
        {
            await db.Set<WebhookDelivery>()
                .Where(d => d.WebhookId == webhook.Id && d.State == WebhookDeliveryState.Parked && keys.Contains(d.OrderKey))
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting), cancellationToken);
        }
    }

    /// <summary>What a system did itself by its key.</summary>
    private static bool IsEcho(Webhook webhook, ActivityEntry entry) => webhook.OwnKeyId is { } key && entry.ApiKeyId == key;

    private static async Task<WebhookDelivery> DeliveryOfAsync(EnneoDbContext db, Webhook webhook, WebhookNews news, CancellationToken cancellationToken)
    {
        var entry = news.Entry;
        var awaited = news.AwaitsMessageId is { } messageId && !webhook.IsSynchronous && await IsAnalysedLaterAsync(db, messageId, cancellationToken) ? news.AwaitsMessageId : null;
        return new WebhookDelivery
        {
            WebhookId = webhook.Id,
            EventId = EventIdOf(webhook.Id, entry),
            Sequence = entry.Sequence,
            Event = news.Event,
            OrderKey = entry.TicketId ?? -(entry.MailboxId ?? 0),
            MailboxId = entry.MailboxId,
            TicketId = entry.TicketId,
            MessageId = news.MessageId,
            OccurredAt = entry.At,
            DueAt = awaited is null ? entry.At : entry.At + s_analysis,
            AwaitsMessageId = awaited,
        };
    }

    /// <summary>The same whenever it is told, also long after its delivery was forgotten. The time tells it from what a restored backup counts anew.</summary>
    private static string EventIdOf(long webhookId, ActivityEntry entry) => "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{webhookId} {entry.Sequence} {entry.At.ToUnixTimeMilliseconds()}"))))[..32];

    internal static Task<bool> IsAnalysedLaterAsync(EnneoDbContext db, long messageId, CancellationToken cancellationToken) =>
        db.ProcessingRuns.AnyAsync(r => r.MessageId == messageId && r.FinishedAt == null && r.Cause == ProcessingCause.Arrival, cancellationToken);
}
