using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Enneo.Web.Api;

/// <summary>
/// Counts wrong keys by the address they come from. Only what is wrong is held up by it: whoever has a right key is let in,
/// whoever guesses beside them. In memory: a restart forgives.
/// </summary>
internal sealed partial class KeyGuesses(ILogger<KeyGuesses> logger) : IDisposable
{
    /// <summary>So many at once, and then as many in a minute.</summary>
    public const int Free = 30;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly PartitionedRateLimiter<IPAddress> _wrong = PartitionedRateLimiter.Create<IPAddress, string>(address => RateLimitPartition.GetTokenBucketLimiter(
        Network(address),
        _ => new TokenBucketRateLimiterOptions { TokenLimit = Free, TokensPerPeriod = 1, ReplenishmentPeriod = s_period, QueueLimit = 0 }));

    /// <summary>That somebody guesses is logged once in a minute.</summary>
    private readonly PartitionedRateLimiter<IPAddress> _told = PartitionedRateLimiter.Create<IPAddress, string>(address => RateLimitPartition.GetTokenBucketLimiter(
        Network(address),
        _ => new TokenBucketRateLimiterOptions { TokenLimit = 1, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>A key was wrong.</summary>
    /// <returns>How long whoever guessed is told to wait; null while guessing is no more than a slip.</returns>
    public TimeSpan? Count(IPAddress? address)
    {
        address ??= IPAddress.None;
        using var lease = _wrong.AttemptAcquire(address);
        if (lease.IsAcquired)
        {
            return null;
        }

        using var told = _told.AttemptAcquire(address);
        if (told.IsAcquired)
        {
            LogGuessing(address);
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > s_period ? wait : s_period;
    }

    public void Dispose()
    {
        _wrong.Dispose();
        _told.Dispose();
    }

    /// <summary>Who has one IPv6 address has the whole /64.</summary>
    internal static string Network(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };

    [LoggerMessage(LogLevel.Warning, "Many wrong API keys come from {Address}; they are held up")]
    private partial void LogGuessing(IPAddress address);
}
