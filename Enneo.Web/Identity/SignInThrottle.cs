using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enneo.Web.Identity;

/// <summary>How to treat a try.</summary>
/// <param name="Refused">Not even looked at, for so long still; null when it may be tried.</param>
/// <param name="Hold">How long to wait before looking.</param>
public sealed record SignInWait(TimeSpan? Refused, TimeSpan Hold);

/// <summary>
/// Slows down guessing. An account together with an address it is guessed from is refused for a growing while, and so
/// is an address that guesses at many; the account itself is only held up for seconds, so that nobody can lock out
/// somebody at another address. A try counts as failed until it succeeds: many at once are no way around. In memory: a
/// restart forgives.
/// </summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    private const int FreeTries = 5;
    private const int FreeTriesAlone = 20;
    private const int FreeTriesOfAddress = 100;
    private const int MostRemembered = 20_000;
    private const int LongestName = 254; // RFC 5321, section 4.5.3.1.3: no address is longer

    private static readonly TimeSpan s_longestRefusal = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longestRefusalOfAddress = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestHold = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Failures> _failures = new();

    /// <summary>How many counts are kept.</summary>
    internal int Remembered => _failures.Count;

    /// <summary>Counts a try, unless it is refused.</summary>
    /// <param name="account">Whose, as it was typed; it need not exist.</param>
    public SignInWait Begin(string account, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var (name, source) = (Normalize(account), Network(address));
        var remaining = Max(
            Remaining(Pair(name, source), FreeTries, s_longestRefusal, now),
            Remaining(source, FreeTriesOfAddress, s_longestRefusalOfAddress, now));
        if (remaining > TimeSpan.Zero)
        {
            return new SignInWait(remaining, TimeSpan.Zero);
        }

        var hold = Max(Alone(name, now), Alone(source, now));
        Count(name, source, now);
        return new SignInWait(null, hold);
    }

    /// <summary>It was the right one: it counts for nothing, and what failed before from there is forgiven.</summary>
    public void NoteSuccess(string account, IPAddress? address)
    {
        var (name, source) = (Normalize(account), Network(address));
        _failures.TryRemove(Pair(name, source), out _);
        foreach (var key in (string[])[name, source])
        {
            if (_failures.TryGetValue(key, out var failures))
            {
                _failures.TryUpdate(key, failures with { Count = failures.Count - 1 }, failures);
            }
        }
    }

    /// <summary>How many tries for an account failed of late, from wherever.</summary>
    public int FailuresOf(string account) => Find(Normalize(account), clock.GetUtcNow())?.Count ?? 0;

    private void Count(string name, string source, DateTimeOffset now)
    {
        if (_failures.Count > MostRemembered)
        {
            Forget(now);
        }

        foreach (var key in (string[])[Pair(name, source), name, source])
        {
            _failures.AddOrUpdate(key, new Failures(1, now), (_, old) =>
                new Failures(now - old.LastAt > s_forgetAfter ? 1 : old.Count + 1, now));
        }
    }

    private TimeSpan Remaining(string key, int free, TimeSpan most, DateTimeOffset now) =>
        Find(key, now) is { } failures ? failures.LastAt + Growing(failures.Count - free, most) - now : TimeSpan.Zero;

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

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    /// <summary>Of one length at most, since whoever types it decides how much is kept.</summary>
    private static string Normalize(string account)
    {
        var trimmed = account.AsSpan().Trim();
        return $"account {trimmed[..Math.Min(trimmed.Length, LongestName)]}".ToUpperInvariant();
    }

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
