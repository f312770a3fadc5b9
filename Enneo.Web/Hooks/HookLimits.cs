using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Enneo.Web.Api;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Hooks;

/// <summary>How often a hook may be called from one network: who knocks without the secret holds up nobody but themselves.</summary>
internal sealed class HookLimits(IOptions<ApiOptions> options) : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _calls = Limiter(options.Value.HookCallsPerMinute, Math.Max(1, options.Value.HookCallsPerMinute / 60), s_period);

    /// <summary>What was too much is noted once in a minute.</summary>
    private readonly PartitionedRateLimiter<string> _notes = Limiter(1, 1, TimeSpan.FromMinutes(1));

    /// <returns>Null where it may call; else whether that is to be noted.</returns>
    public bool? Refuses(long hookId, IPAddress? address)
    {
        var caller = string.Create(CultureInfo.InvariantCulture, $"{hookId} {KeyGuesses.Network(address ?? IPAddress.None)}");
        using var call = _calls.AttemptAcquire(caller);
        if (call.IsAcquired)
        {
            return null;
        }

        using var note = _notes.AttemptAcquire(caller);
        return note.IsAcquired;
    }

    public void Dispose()
    {
        _calls.Dispose();
        _notes.Dispose();
    }

    private static PartitionedRateLimiter<string> Limiter(int limit, int flow, TimeSpan period) => PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions { TokenLimit = limit, TokensPerPeriod = flow, ReplenishmentPeriod = period, QueueLimit = 0 }));
}
