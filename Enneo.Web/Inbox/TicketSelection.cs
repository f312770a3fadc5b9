namespace Enneo.Web.Inbox;

/// <summary>The conversations of a list that were picked to be dealt with together.</summary>
internal sealed class TicketSelection
{
    private readonly HashSet<long> _ids = [];
    private long? _last;

    public int Count => _ids.Count;

    public IReadOnlyCollection<long> Ids => _ids;

    /// <summary>Whether it is the whole list, more than what is shown of it.</summary>
    public bool IsWhole { get; private set; }

    public bool Contains(long id) => _ids.Contains(id);

    /// <param name="extend">With all between it and the one picked before.</param>
    /// <param name="shown">The list in its order.</param>
    public void Toggle(long id, bool extend, IReadOnlyList<long> shown)
    {
        var (from, to) = (_last is { } last ? IndexOf(shown, last) : -1, IndexOf(shown, id));
        if (extend && from >= 0 && to >= 0)
        {
            _ids.UnionWith(shown.Skip(Math.Min(from, to)).Take(Math.Abs(to - from) + 1));
        }
        else if (!_ids.Remove(id))
        {
            _ids.Add(id);
        }

        _last = id;
    }

    /// <summary>All, or none if all are picked.</summary>
    public void ToggleAll(IReadOnlyList<long> shown)
    {
        var all = shown.All(_ids.Contains);
        Clear();
        if (!all)
        {
            _ids.UnionWith(shown);
        }
    }

    /// <summary>All of the list as it was at one moment: what comes later is not picked.</summary>
    public void PickWhole(IEnumerable<long> ids)
    {
        Clear();
        _ids.UnionWith(ids);
        IsWhole = true;
    }

    public void Clear()
    {
        _ids.Clear();
        IsWhole = false;
        _last = null;
    }

    /// <summary>Lets go of what has left the list.</summary>
    /// <param name="shown">All that is picked, unless the whole list is.</param>
    /// <param name="left">What something happened to, and which the list does not show any more.</param>
    public void Keep(IEnumerable<long> shown, IEnumerable<long> left)
    {
        if (IsWhole)
        {
            _ids.ExceptWith(left);
        }
        else
        {
            _ids.IntersectWith(shown);
        }
    }

    private static int IndexOf(IReadOnlyList<long> shown, long id)
    {
        for (var i = 0; i < shown.Count; i++)
        {
            if (shown[i] == id)
            {
                return i;
            }
        }

        return -1;
    }
}
