using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enneo.Web.Identity;

/// <summary>How to treat a try.</summary>
/// <param name="Refused">Not even looked at, for so long still; null when it may be tried.</param>
/// <param name="Hold">How long to wait before looking.</param>
public sealed record SignInWait(TimeSpan? Refused, TimeSpan Hold);

/// <summary>
/// Slows down guessing. An account together with an address it is guessed from is refused for a
/// growing while; the account itself and the address itself are only held up for seconds, so that
/// nobody can lock out somebody else. In memory: a restart forgives.
/// </summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    private const int FreeTries = 5;
    private const int FreeTriesAlone = 20;
    private const int MostRemembered = 20_000;

    private static readonly TimeSpan s_longestRefusal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestHold = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Failures> _failures = new();

    public SignInWait Ask(string email, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var (account, source) = (Normalize(email), Network(address));
        if (Find(Pair(account, source), now) is { } both)
        {
            var until = both.LastAt + Growing(both.Count - FreeTries, s_longestRefusal);
            if (until > now)
            {
                return new SignInWait(until - now, TimeSpan.Zero);
            }
        }

        var hold = Math.Max(Alone(account, now).Ticks, Alone(source, now).Ticks);
        return new SignInWait(null, TimeSpan.FromTicks(hold));
    }

    public void NoteFailure(string email, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count > MostRemembered)
        {
            Forget(now);
        }

        var (account, source) = (Normalize(email), Network(address));
        foreach (var key in (string[])[Pair(account, source), account, source])
        {
            _failures.AddOrUpdate(key, new Failures(1, now), (_, old) =>
                new Failures(now - old.LastAt > s_forgetAfter ? 1 : old.Count + 1, now));
        }
    }

    public void NoteSuccess(string email, IPAddress? address) =>
        _failures.TryRemove(Pair(Normalize(email), Network(address)), out _);

    private TimeSpan Alone(string key, DateTimeOffset now) =>
        Find(key, now) is { } failures ? Growing(failures.Count - FreeTriesAlone, s_longestHold) : TimeSpan.Zero;

    private Failures? Find(string key, DateTimeOffset now) =>
        _failures.TryGetValue(key, out var failures) && now - failures.LastAt <= s_forgetAfter ? failures : null;

    /// <summary>Oldest first, until there is room again.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _failures.OrderBy(f => f.Value.LastAt).Take(MostRemembered / 4))
        {
            _failures.TryRemove(key, out _);
        }

        foreach (var (key, _) in _failures.Where(f => now - f.Value.LastAt > s_forgetAfter))
        {
            _failures.TryRemove(key, out _);
        }
    }

    /// <summary>Nothing while tries are free, then 1 s, 2 s, 4 s …</summary>
    private static TimeSpan Growing(int over, TimeSpan most) =>
        over < 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(over, 30)), most.TotalSeconds));

    private static string Normalize(string email) => "account " + email.Trim().ToUpperInvariant();

    /// <summary>Who has one IPv6 address has the whole /64.</summary>
    private static string Network(IPAddress? address) => address switch
    {
        null => "address unknown",
        { IsIPv4MappedToIPv6: true } => "address " + address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => "network " + Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => "address " + address,
    };

    private static string Pair(string account, string source) => $"{account} from {source}";

    private sealed record Failures(int Count, DateTimeOffset LastAt);
}
