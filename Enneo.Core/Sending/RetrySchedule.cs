namespace Enneo.Core.Sending;

/// <summary>How long to wait before the next attempt.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan[] s_first =
        [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30)];

    /// <param name="attempts">Failed so far, this one included.</param>
    /// <returns>Scattered by a fifth, so that many do not come back as one.</returns>
    public static TimeSpan After(int attempts)
    {
        var wait = attempts <= s_first.Length ? s_first[Math.Max(attempts, 1) - 1] : s_longest;
        return wait * (0.9 + (Random.Shared.NextDouble() / 5));
    }
}
