using System.Collections.Concurrent;

namespace Enneo.Core.Integrations;

/// <summary>Somebody who has a ticket before them.</summary>
public sealed record PersonPresent(long UserId, DateTimeOffset SeenAt);

/// <summary>Who works on which ticket now. In memory: whoever is there says so again.</summary>
public sealed class Presence(TimeProvider clock)
{
    private const int MostRemembered = 20_000;

    /// <summary>Whoever says nothing for so long has left.</summary>
    public static readonly TimeSpan Lives = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(long TicketId, long UserId), DateTimeOffset> _seen = new();

    /// <summary>Somebody is there. The ticket must be within their reach.</summary>
    /// <returns>All who are, that one among them.</returns>
    public IReadOnlyList<PersonPresent> Ping(long ticketId, long userId)
    {
        var now = clock.GetUtcNow();
        _seen[(ticketId, userId)] = now;
        if (_seen.Count > MostRemembered)
        {
            Forget(now);
        }

        return [.. _seen
            .Where(entry => entry.Key.TicketId == ticketId && now - entry.Value < Lives)
            .Select(entry => new PersonPresent(entry.Key.UserId, entry.Value))
            .OrderBy(person => person.UserId)];
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var entry in _seen.Where(entry => now - entry.Value >= Lives))
        {
            _seen.TryRemove(entry);
        }
    }
}
