using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Enneo.Web.Api;

/// <summary>
/// Counts wrong keys by the address they come from. Only what is wrong is held up by it: whoever has a right key is let in,
/// whoever guesses beside them. In memory: a restart forgives.
/// </summary>
internal sealed class KeyGuesses : IDisposable
{
    /// <summary>So many at once, and then as many in a minute.</summary>
    public const int Free = 30;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly PartitionedRateLimiter<IPAddress> _wrong = PartitionedRateLimiter.Create<IPAddress, string>(address => RateLimitPartition.GetTokenBucketLimiter(
        Network(address),
        _ => new TokenBucketRateLimiterOptions { TokenLimit = Free, TokensPerPeriod = 1, ReplenishmentPeriod = s_period, QueueLimit = 0 }));

    /// <summary>A key was wrong.</summary>
    /// <returns>How long whoever guessed is told to wait; null while guessing is no more than a slip.</returns>
    public TimeSpan? Count(IPAddress? address)
    {
        using var lease = _wrong.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > s_period ? wait : s_period;
    }

    public void Dispose() => _wrong.Dispose();

    /// <summary>Who has one IPv6 address has the whole /64.</summary>
    internal static string Network(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}
