using System.Globalization;

namespace Enneo.Core.Search.Language;

/// <summary>Days as people type them: <c>2026-03-01</c>, <c>2026-03</c>, <c>2026</c>, <c>today</c>, <c>yesterday</c>, or an age such as <c>7d</c>, <c>2w</c>, <c>6m</c>, <c>1y</c>.</summary>
internal static class Dates
{
    private const int MaxAge = 5000;
    private static readonly string[] s_formats = ["yyyy-MM-dd", "yyyy-M-d", "yyyy-MM", "yyyy"];

    /// <returns>The beginning of the day in the zone of who asks; null if it is no day.</returns>
    public static DateTimeOffset? Read(string value, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return Day(value.ToLowerInvariant(), today) is { } day ? StartOf(day, zone) : null;
    }

    private static DateOnly? Day(string value, DateOnly today) => value switch
    {
        "today" => today,
        "yesterday" => today.AddDays(-1),
        _ when DateOnly.TryParseExact(value, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9999 => day,
        [.. var number, 'd' or 'w' or 'm' or 'y'] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var age) && age <= MaxAge =>
            Ago(today, age, value[^1]),
        _ => null,
    };

    private static DateOnly? Ago(DateOnly today, int age, char unit)
    {
        var years = unit switch { 'y' => age, 'm' => age / 12, _ => 0 };
        return years > today.Year - 1970 ? new DateOnly(1970, 1, 1) : unit switch
        {
            'd' => today.AddDays(-age),
            'w' => today.AddDays(-7 * age),
            'm' => today.AddMonths(-age),
            _ => today.AddYears(-age),
        };
    }

    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight)) // where summer time begins at midnight
        {
            midnight = midnight.AddMinutes(30);
        }

        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }
}
