using System.Globalization;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Activity;

/// <summary>Which part of the audit log is asked for; null leaves it open.</summary>
/// <param name="PersonId">Who did it, or whom it concerns.</param>
/// <param name="Since">Inclusive.</param>
/// <param name="Until">Exclusive.</param>
public sealed record AuditFilter(long? PersonId = null, AuditTopic? Topic = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);

/// <summary>The audit log, newest first.</summary>
public sealed class AuditQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public async Task<int> CountAsync(AuditFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Filtered(db, filter).CountAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityEntry>> PageAsync(AuditFilter filter, int start, int count, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Filtered(db, filter).OrderByDescending(e => e.Sequence).Skip(start).Take(count).ToListAsync(cancellationToken);
    }

    private static IQueryable<ActivityEntry> Filtered(EnneoDbContext db, AuditFilter filter)
    {
        var entries = db.Activity.AsNoTracking().Where(e => e.IsAudited);
        if (filter.PersonId is { } person)
        {
            var concerned = string.Create(CultureInfo.InvariantCulture, $"\"user\":[null,{person}]"); // as ActivityEntry.Of writes it
            entries = entries.Where(e => e.ActorUserId == person || e.Changes.Contains(concerned));
        }

        if (filter.Topic is { } topic)
        {
            var kinds = Audit.Of(topic);
            entries = entries.Where(e => kinds.Contains(e.Kind));
        }

        if (filter.Since is { } since)
        {
            entries = entries.Where(e => e.At >= since);
        }

        return filter.Until is { } until ? entries.Where(e => e.At < until) : entries;
    }
}
