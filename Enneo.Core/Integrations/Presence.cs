using System.Collections.Concurrent;

namespace Enneo.Core.Integrations;

/// <summary>Somebody who has a ticket before them.</summary>
/// <param name="IsReplying">They write in it.</param>
public sealed record PersonPresent(long UserId, DateTimeOffset SeenAt, bool IsReplying = false);

/// <summary>Who works on which ticket now, on its page or by the API. In memory: whoever is there says so again.</summary>
public sealed class Presence(TimeProvider clock)
{
    private const int MostRemembered = 20_000;

    /// <summary>Whoever says nothing for so long has left.</summary>
    public static readonly TimeSpan Lives = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(long TicketId, long UserId), PersonPresent> _seen = new();

    /// <summary>Raised with the ticket when somebody came to it, left it, or began or ended to write: signal only, do not work in it.</summary>
    public event Action<long>? Changed;

    /// <summary>Somebody is there. The ticket must be within their reach.</summary>
    /// <returns>All who are, that one among them.</returns>
    public IReadOnlyList<PersonPresent> Ping(long ticketId, long userId, bool isReplying = false)
    {
        var now = clock.GetUtcNow();
        var isNews = !_seen.TryGetValue((ticketId, userId), out var before) || before.IsReplying != isReplying || now - before.SeenAt >= Lives;
        _seen[(ticketId, userId)] = new PersonPresent(userId, now, isReplying);
        if (_seen.Count > MostRemembered)
        {
            Forget(now);
        }

        if (isNews)
        {
            Changed?.Invoke(ticketId);
        }

        return OfTicket(ticketId);
    }

    /// <summary>Somebody went on to something else.</summary>
    public void Leave(long ticketId, long userId)
    {
        if (_seen.TryRemove((ticketId, userId), out _))
        {
            Changed?.Invoke(ticketId);
        }
    }

    /// <returns>All who are there. The ticket must be within the reach of whoever asks.</returns>
    public IReadOnlyList<PersonPresent> OfTicket(long ticketId)
    {
        var now = clock.GetUtcNow();
        return [.. _seen.Where(entry => entry.Key.TicketId == ticketId && now - entry.Value.SeenAt < Lives).Select(entry => entry.Value).OrderBy(person => person.UserId)];
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var entry in _seen.Where(entry => now - entry.Value.SeenAt >= Lives))
        {
            _seen.TryRemove(entry);
        }
    }
}
