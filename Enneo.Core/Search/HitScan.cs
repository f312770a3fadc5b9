using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Search.Language;

namespace Enneo.Core.Search;

/// <summary>A row of the index that matches, and what it belongs to.</summary>
internal readonly record struct Candidate(long Id, long MessageId, long TicketId);

/// <summary>
/// Walks the matches of the index from the newest on, in strides, so that it can stop between them.
/// What changes with every click, read, closed and tags, is not in the index: it is looked up for each.
/// </summary>
internal sealed class HitScan : IDisposable
{
    private readonly SqlStatement _next;
    private readonly SqlStatement _look;
    private readonly string _match;
    private readonly TagScope _tags;
    private readonly bool? _isUnread;
    private readonly bool? _isClosed;
    private readonly long _lowest;

    public HitScan(EnneoDbContext db, string match, SearchQuery query, long? before = null, TagScope? tags = null)
    {
        _next = new(db, "SELECT rowid FROM search WHERE search MATCH @0 AND rowid < @1 AND rowid >= @2 ORDER BY rowid DESC LIMIT @3");
        // CROSS JOIN keeps SQLite to this order: no table is ever read but for what matches. Of much that was read, what
        // was not is told by an index of that alone.
        _look = new(db, $"""
            SELECT e.Id, m.Id, m.TicketId
            FROM json_each(@0) h
            CROSS JOIN search_entries e ON e.Id = h.value
            CROSS JOIN messages m {(query.IsUnread is true ? "INDEXED BY IX_messages_unread" : "")} ON m.Id = e.MessageId {(query.IsUnread is true ? "AND m.IsSeen = 0" : "")}
            CROSS JOIN tickets t ON t.Id = m.TicketId
            WHERE (@1 IS NULL OR (m.IsSeen = 0 AND m.Direction = 'In') = @1) AND (@2 IS NULL OR t.IsClosed = @2)
                AND NOT EXISTS (
                    SELECT 1 FROM json_each(@3) wanted WHERE NOT EXISTS (
                        SELECT 1 FROM ticket_tags g WHERE g.TicketId = t.Id AND g.IsTakenOff = 0 AND g.TagId IN (SELECT value FROM json_each(wanted.value))))
                AND (@4 = '[]' OR NOT EXISTS (
                    SELECT 1 FROM ticket_tags g WHERE g.TicketId = t.Id AND g.IsTakenOff = 0 AND g.TagId IN (SELECT value FROM json_each(@4))))
            ORDER BY h.key
            """);
        _match = match;
        _tags = tags ?? TagScope.Any;
        _isUnread = query.IsUnread;
        _isClosed = query.IsClosed;
        _lowest = query.After is { } after ? SearchEntry.FirstOf(after) : 0;
        Before = Math.Min(before ?? long.MaxValue, query.Before is { } until ? SearchEntry.FirstOf(until) : long.MaxValue);
    }

    /// <summary>There is nothing older.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Everything from here on has been seen.</summary>
    public long Before { get; private set; }

    /// <summary>Many may have to be passed over.</summary>
    public bool IsSelective => _isUnread is not null || _isClosed is not null || !_tags.IsAny;

    /// <returns>Rows of the index, newest first.</returns>
    public List<long> Next(int stride)
    {
        var ids = _next.Rows(row => row.GetInt64(0), _match, Before, _lowest, stride);
        IsAtEnd = ids.Count < stride;
        Before = ids.Count > 0 ? ids[^1] : Before;
        return ids;
    }

    /// <returns>Those that are wanted, in the same order.</returns>
    public List<Candidate> Look(IEnumerable<long> ids) =>
        _look.Rows(row => new Candidate(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), JsonSerializer.Serialize(ids), _isUnread, _isClosed, _tags.AllJson, _tags.NoneJson);

    public void Dispose()
    {
        _next.Dispose();
        _look.Dispose();
    }
}
