using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Works off what <see cref="TicketNotices"/> noted.</summary>
internal sealed partial class TheirNews(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TicketExchange exchange, TimeProvider clock, ILogger<TheirNews> logger)
{
    /// <summary>So far a ticket climbs the ladder while nothing gets through: to five minutes.</summary>
    private const int StepsInOutage = 3;

    private static readonly TimeSpan s_longestForOthers = TimeSpan.FromMinutes(5);

    /// <returns>When there is next something to read, by integration.</returns>
    public async Task<IReadOnlyDictionary<long, DateTimeOffset>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<TicketNews>().Where(n => db.Set<Integration>().Any(i => i.Id == n.IntegrationId && i.IsActive))
            .GroupBy(n => n.IntegrationId, n => n.DueAt).ToDictionaryAsync(same => same.Key, same => same.Min(), cancellationToken);
    }

    /// <summary>Reads all that is due of one integration.</summary>
    public async Task RunDueAsync(long integrationId, CancellationToken cancellationToken)
    {
        while (await NextAsync(integrationId, cancellationToken) is { } due)
        {
            await ReadAsync(due, cancellationToken);
        }
    }

    private async Task<TicketNews?> NextAsync(long integrationId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<TicketNews>().AsNoTracking()
            .Where(n => n.IntegrationId == integrationId && n.DueAt <= now && db.Set<Integration>().Any(i => i.Id == integrationId && i.IsActive))
            .OrderBy(n => n.DueAt).ThenBy(n => n.Attempts).FirstOrDefaultAsync(cancellationToken);
    }

    private async Task ReadAsync(TicketNews news, CancellationToken cancellationToken)
    {
        try
        {
            var end = news.ExternalTicketId.StartsWith(TicketNotices.Own, StringComparison.Ordinal)
                ? await exchange.OfOursAsync(news.IntegrationId, long.Parse(news.ExternalTicketId[TicketNotices.Own.Length..], System.Globalization.CultureInfo.InvariantCulture), long.MaxValue, cancellationToken)
                : await exchange.OfTheirsAsync(news.IntegrationId, news.ExternalTicketId, cancellationToken);
            await DoneAsync(news, end.Again, cancellationToken);
        }
        catch (OtherSystemException exception)
        {
            await FailedAsync(news, exception, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever another system answers that its API would not: it is this ticket's trouble, and the others go on.
            LogFailed(exception, news.IntegrationId);
            await FailedAsync(news, new OtherSystemException(null, exception.Message, null), cancellationToken);
        }
    }

    /// <summary>What was said meanwhile is read once more. Where the other side answers again after trouble, what waits for that waits no longer.</summary>
    private Task DoneAsync(TicketNews done, DateTimeOffset? again, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var now = clock.GetUtcNow();
            if (done.Problem is not null) // else a ticket that fails for itself would be tried again with every success of another
            {
                await db.Set<TicketNews>().Where(n => n.IntegrationId == done.IntegrationId && n.Problem != null && n.DueAt > now && n.Attempts < RetryLadder.Steps)
                    .ExecuteUpdateAsync(set => set.SetProperty(n => n.DueAt, now), token);
            }

            if (await db.Set<TicketNews>().SingleOrDefaultAsync(n => n.IntegrationId == done.IntegrationId && n.ExternalTicketId == done.ExternalTicketId, token) is not { } news)
            {
                return;
            }

            if (news.Stamp == done.Stamp && again is null)
            {
                db.Remove(news);
            }
            else
            {
                var soon = now + TimeSpan.FromSeconds(1);
                (news.Attempts, news.Problem, news.NotedAt, news.DueAt) = (0, null, now, news.Stamp != done.Stamp ? now : again > soon ? again.Value : soon);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private Task FailedAsync(TicketNews failed, OtherSystemException exception, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var now = clock.GetUtcNow();
            if (await db.Set<TicketNews>().SingleOrDefaultAsync(n => n.IntegrationId == failed.IntegrationId && n.ExternalTicketId == failed.ExternalTicketId, token) is not { } news)
            {
                return;
            }

            // Where nothing got through since it was noted, it is not this ticket's own trouble: it is asked again and again whether the other side is back.
            var isNothingThrough = exception.IsOutage
                && !await db.Set<Integration>().AnyAsync(i => i.Id == failed.IntegrationId && (i.LastInAt > news.NotedAt || i.LastOutAt > news.NotedAt), token);
            news.Attempts = isNothingThrough ? Math.Min(news.Attempts + 1, StepsInOutage) : news.Attempts + 1;
            var pause = RetryLadder.After(news.Attempts, Random.Shared.NextDouble());
            (news.Problem, news.DueAt) = (exception.Message, now + (exception.RetryAfter > pause ? exception.RetryAfter.Value : pause));
            if (exception.IsOutage)
            {
                // The others would only be refused too; but where it is this ticket all the same, they do not wait as long as it does.
                var others = now + (exception.RetryAfter ?? (pause < s_longestForOthers ? pause : s_longestForOthers));
                var dueUntil = isNothingThrough ? others : now; // one asks for all
                await db.Set<TicketNews>().Where(n => n.IntegrationId == failed.IntegrationId && n.ExternalTicketId != failed.ExternalTicketId && n.DueAt <= dueUntil)
                    .ExecuteUpdateAsync(set => set.SetProperty(n => n.DueAt, others).SetProperty(n => n.Problem, exception.Message), token);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    [LoggerMessage(LogLevel.Warning, "News of integration {IntegrationId} could not be read")]
    private partial void LogFailed(Exception exception, long integrationId);
}
