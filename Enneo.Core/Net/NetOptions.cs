using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Net;

/// <summary>What is fetched from addresses that strangers wrote.</summary>
public sealed class NetOptions
{
    public const string Section = "Enneo:Net";

    /// <summary>For everything of one address: redirects, waiting, reading.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of one picture, unpacked.</summary>
    [Range(1_000, 50_000_000)]
    public int MaxBytes { get; set; } = 10_000_000;

    /// <summary>For all files together that one request names by their addresses.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FilesTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Hosts with ports, separated by semicolons, that are fetched from although they are private or their port is unusual.</summary>
    public string TrustedHosts { get; set; } = "";
}

[OptionsValidator]
internal sealed partial class NetOptionsValidator : IValidateOptions<NetOptions>;
