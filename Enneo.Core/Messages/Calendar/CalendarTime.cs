using System.Globalization;
using System.Text.RegularExpressions;

namespace Enneo.Core.Messages.Calendar;

/// <summary>Dates, times and durations of calendars (RFC 5545, sections 3.3.4 to 3.3.6).</summary>
internal static partial class CalendarTime
{
    private const string Date = "yyyyMMdd";
    private const string DateAndTime = "yyyyMMdd'T'HHmmss";

    /// <returns>Null if it cannot be read. A zone that nobody here knows counts as UTC.</returns>
    public static (DateTimeOffset At, bool IsAllDay)? Read(CalendarField field)
    {
        var value = field.Value.Trim();
        if (DateTime.TryParseExact(value, Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return (new(day, TimeSpan.Zero), true);
        }

        if (!DateTime.TryParseExact(value.TrimEnd('Z', 'z'), DateAndTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        var isUtc = value.EndsWith('Z') || value.EndsWith('z');
        var zone = !isUtc && field.Parameter("TZID") is { Length: > 0 and < 100 } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
        return (new(time, zone.GetUtcOffset(time)), false);
    }

    public static TimeSpan Duration(string value)
    {
        var match = Parts.Match(value.Trim());
        int Part(string name) => int.TryParse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new TimeSpan((Part("weeks") * 7) + Part("days"), Part("hours"), Part("minutes"), Part("seconds"));
    }

    [GeneratedRegex(@"^\+?P(?:(?<weeks>[0-9]{1,3})W)?(?:(?<days>[0-9]{1,4})D)?(?:T(?:(?<hours>[0-9]{1,4})H)?(?:(?<minutes>[0-9]{1,5})M)?(?:(?<seconds>[0-9]{1,6})S)?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Parts { get; }
}
