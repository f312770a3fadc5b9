namespace Enneo.Core.Microsoft365;

/// <summary>How soon the secret or certificate of the registration ends.</summary>
public enum SecretUrgency
{
    /// <summary>Within 30 days.</summary>
    Month,

    /// <summary>Within 7 days.</summary>
    Week,

    /// <summary>Within a day.</summary>
    Day,

    /// <summary>It is over.</summary>
    Ended,
}

/// <summary>The secret or certificate ends soon, and without a new one every mailbox at Microsoft stands still then.</summary>
public sealed record SecretEnd(DateTimeOffset EndsAt, SecretUrgency Urgency)
{
    internal static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <returns>Null where it ends later, or nobody said when.</returns>
    internal static SecretEnd? Of(Microsoft365Settings settings, DateTimeOffset now) => settings is not { IsUsable: true, ExpiresAt: { } endsAt } ? null : (endsAt - now) switch
    {
        var left when left <= TimeSpan.Zero => new(endsAt, SecretUrgency.Ended),
        var left when left <= s_day => new(endsAt, SecretUrgency.Day),
        var left when left <= s_week => new(endsAt, SecretUrgency.Week),
        var left when left <= Ahead => new(endsAt, SecretUrgency.Month),
        _ => null,
    };
}
