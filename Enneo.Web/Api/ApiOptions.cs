using System.ComponentModel.DataAnnotations;

namespace Enneo.Web.Api;

public sealed class ApiOptions
{
    public const string Section = "Enneo:Api";

    /// <summary>For each key, and for each person who is signed in.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>For each incoming webhook and each network that calls it.</summary>
    [Range(1, 1_000_000)]
    public int HookCallsPerMinute { get; set; } = 300;

    /// <summary>Bytes of large bodies that are read at the same time; what comes beyond waits, and then is refused.</summary>
    [Range(1_000_000, 2_000_000_000)]
    public int BodyBytesAtOnce { get; set; } = 100_000_000;
}
