using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sync;

public sealed class SyncOptions
{
    public const string Section = "Enneo:Sync";

    /// <summary>Mailboxes that may transfer mail at the same time; one that only connects does not count.</summary>
    [Range(1, 100)]
    public int ConcurrentTransfers { get; set; } = 8;

    /// <summary>Of those, how many on the same server.</summary>
    [Range(1, 100)]
    public int ConcurrentTransfersPerHost { get; set; } = 4;

    /// <summary>IDLE is renewed after this; servers may drop it after 30 minutes (RFC 2177).</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:29:00")]
    public TimeSpan IdleRenewal { get; set; } = TimeSpan.FromMinutes(9);

    /// <summary>A mailbox that fails is tried again after this, doubling up to <see cref="LongestRetry"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromMinutes(15);
}

[OptionsValidator]
internal sealed partial class SyncOptionsValidator : IValidateOptions<SyncOptions>;
