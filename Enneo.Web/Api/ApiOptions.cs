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
}
