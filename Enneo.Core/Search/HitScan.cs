using Enneo.Core.Data;
using Enneo.Core.Search.Language;

namespace Enneo.Core.Search;

/// <summary>A row of the index that matches, and what it belongs to.</summary>
internal readonly record struct Candidate(long Id, long MessageId, long TicketId, bool IsWanted);

/// <summary>
/// Walks the matches of the index from the newest on. What changes with every click, read and closed,
/// is not in the index: it is looked up for each, so a walk is in strides and can stop between them.
/// </summary>
internal sealed class HitScan : IDisposable
{
    /// <summary>Of this many, some are a page.</summary>
    private const int Stride = 400;

    /// <summary>Where many may have to be passed over.</summary>
    private const int LongStride = 2000;

    private readonly SqlStatement _next;
    private readonly string _match;
    private readonly bool? _isUnread;
    private readonly bool? _isClosed;
    private readonly long _lowest;
    private readonly int _stride;
    private long _before;

    public HitScan(EnneoDbContext db, string match, SearchQuery query, long? before, int? stride = null)
    {
        // CROSS JOIN keeps SQLite to this order: matches first, then a look at each.
        _next = new(db, """
            SELECT h.Id, m.Id, m.TicketId,
                (@4 IS NULL OR (m.IsSeen = 0 AND m.Direction = 'In') = @4) AND (@5 IS NULL OR t.IsClosed = @5)
            FROM (SELECT rowid AS Id FROM search WHERE search MATCH @0 AND rowid < @1 AND rowid >= @2 ORDER BY rowid DESC LIMIT @3) h
            CROSS JOIN search_entries e ON e.Id = h.Id
            CROSS JOIN messages m ON m.Id = e.MessageId
            CROSS JOIN tickets t ON t.Id = m.TicketId
            ORDER BY h.Id DESC
            """);
        _match = match;
        _isUnread = query.IsUnread;
        _isClosed = query.IsClosed;
        _lowest = query.After is { } after ? SearchEntry.FirstOf(after) : 0;
        _before = Math.Min(before ?? long.MaxValue, query.Before is { } until ? SearchEntry.FirstOf(until) : long.MaxValue);
        _stride = stride ?? (IsSelective ? LongStride : Stride);
    }

    /// <summary>There is nothing older.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Everything from here on has been seen.</summary>
    public long Before => _before;

    private bool IsSelective => _isUnread is not null || _isClosed is not null;

    public IEnumerable<Candidate> Next()
    {
        var candidates = _next.Rows(
            row => new Candidate(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3)), _match, _before, _lowest, _stride, _isUnread, _isClosed);
        IsAtEnd = candidates.Count < _stride;
        _before = candidates.Count > 0 ? candidates[^1].Id : _before;
        return candidates.Where(candidate => candidate.IsWanted);
    }

    public void Dispose() => _next.Dispose();
}
