namespace Enneo.Core.Integrations.Webhooks;

/// <summary>How long to wait after which failure.</summary>
internal static class RetryLadder
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan[] s_steps =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    /// <summary>After as many a delivery is given up for now.</summary>
    public static int Steps => s_steps.Length;

    /// <param name="failures">From 1 on.</param>
    /// <param name="chance">From 0 to 1: spreads those that fail together.</param>
    public static TimeSpan After(int failures, double chance) =>
        s_steps[Math.Clamp(failures, 1, s_steps.Length) - 1] * (1 + (Jitter * ((2 * chance) - 1)));
}
