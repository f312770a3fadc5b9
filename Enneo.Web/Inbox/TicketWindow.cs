using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>
/// The part of a list that is on the screen: pages around a place in it, newest first, never more
/// than <see cref="MaxRows"/>. What would move rows while somebody points at them waits until it may.
/// </summary>
internal sealed class TicketWindow(TicketFilter filter)
{
    public const int PageSize = 50;
    public const int MaxRows = 600;

    private readonly List<TicketSummary> _rows = [];
    private readonly Dictionary<long, TicketSummary> _waiting = [];
    private readonly HashSet<long> _leaving = [];

    public TicketFilter Filter => filter;
    public IReadOnlyList<TicketSummary> Rows => _rows;
    public bool HasNewer { get; private set; }
    public bool HasOlder { get; private set; }

    /// <summary>Whether something is not in its place yet.</summary>
    public bool HasWaiting => _waiting.Count > 0 || _leaving.Count > 0;

    /// <summary>Of what waits, what nobody has read: what "3 new" counts.</summary>
    public int NewCount => _waiting.Values.Count(ticket => ticket.UnreadCount > 0);

    public TicketCursor? Newest => _rows.MaxBy(Order)?.Cursor;
    public TicketCursor? Oldest => _rows.MinBy(Order)?.Cursor;

    public void Show(IReadOnlyList<TicketSummary> rows, bool hasNewer, bool hasOlder)
    {
        _rows.Clear();
        _waiting.Clear();
        _leaving.Clear();
        _rows.AddRange(rows);
        (HasNewer, HasOlder) = (hasNewer, hasOlder);
    }

    public void AddOlder(IReadOnlyList<TicketSummary> page)
    {
        _rows.AddRange(NotShown(page));
        HasOlder = page.Count == PageSize;
        if (_rows.Count > MaxRows)
        {
            _rows.RemoveRange(0, _rows.Count - MaxRows);
            HasNewer = true;
        }
    }

    public void AddNewer(IReadOnlyList<TicketSummary> page)
    {
        _rows.InsertRange(0, NotShown(page));
        HasNewer = page.Count == PageSize;
        TrimEnd();
    }

    /// <summary>Older mail came in below what is shown: there is a next page now.</summary>
    public void ExpectOlder() => HasOlder = true;

    /// <param name="changed">The tickets that something happened to.</param>
    /// <param name="found">Those of them that the list shows, as they are now.</param>
    /// <param name="mayMove">Whether rows may change their place.</param>
    public void Apply(IEnumerable<long> changed, IReadOnlyList<TicketSummary> found, bool mayMove)
    {
        var known = found.ToDictionary(ticket => ticket.Id);
        foreach (var id in changed)
        {
            var now = known.GetValueOrDefault(id);
            var index = _rows.FindIndex(ticket => ticket.Id == id);
            if (now is null)
            {
                Leave(id, index, mayMove);
            }
            else if (index >= 0)
            {
                Change(index, now, mayMove);
            }
            else
            {
                Arrive(now, mayMove);
            }
        }
    }

    /// <summary>Puts everything that waited into its place.</summary>
    public void Release()
    {
        _rows.RemoveAll(ticket => _leaving.Contains(ticket.Id));
        _leaving.Clear();
        foreach (var ticket in _waiting.Values)
        {
            _rows.RemoveAll(row => row.Id == ticket.Id);
            Insert(ticket);
        }

        _waiting.Clear();
    }

    private static (DateTimeOffset At, long Id) Order(TicketSummary ticket) => (ticket.ListedAt, ticket.Id);

    private IEnumerable<TicketSummary> NotShown(IReadOnlyList<TicketSummary> page)
    {
        var shown = _rows.Select(ticket => ticket.Id).ToHashSet();
        return page.Where(ticket => !shown.Contains(ticket.Id)).ToList();
    }

    private void Leave(long id, int index, bool mayMove)
    {
        _waiting.Remove(id);
        if (index < 0)
        {
            return;
        }

        if (mayMove)
        {
            _rows.RemoveAt(index);
            _leaving.Remove(id);
        }
        else
        {
            _leaving.Add(id);
        }
    }

    private void Change(int index, TicketSummary now, bool mayMove)
    {
        _leaving.Remove(now.Id);
        var moves = _rows[index].Cursor != now.Cursor;
        if (moves && mayMove && !HasNewer)
        {
            _rows.RemoveAt(index);
            Insert(now);
            return;
        }

        if (moves || _waiting.ContainsKey(now.Id))
        {
            _waiting[now.Id] = now;
        }

        _rows[index] = now with { ListedAt = _rows[index].ListedAt }; // its time is its place
    }

    private void Arrive(TicketSummary now, bool mayMove)
    {
        var below = HasOlder && Oldest is { } oldest && Order(now).CompareTo((oldest.ListedAt, oldest.Id)) < 0;
        if (below)
        {
            return; // its page has not been asked for
        }

        if (mayMove && !HasNewer)
        {
            Insert(now);
        }
        else
        {
            _waiting[now.Id] = now;
        }
    }

    private void Insert(TicketSummary ticket)
    {
        var index = _rows.FindIndex(row => Order(row).CompareTo(Order(ticket)) < 0);
        _rows.Insert(index < 0 ? _rows.Count : index, ticket);
        TrimEnd();
    }

    private void TrimEnd()
    {
        if (_rows.Count > MaxRows)
        {
            _rows.RemoveRange(MaxRows, _rows.Count - MaxRows);
            HasOlder = true;
        }
    }
}
