using System.Globalization;
using System.Text.RegularExpressions;

namespace Enneo.Web.Demo;

/// <summary>
/// When a sample mail was written, told from now: <c>35m</c> or <c>3h20m</c> ago, or <c>2d 09:14</c>,
/// two days ago at that time of the day.
/// </summary>
internal static partial class ScriptedTime
{
    /// <exception cref="FormatException">It is written in neither way.</exception>
    public static DateTimeOffset Resolve(string text, TimeProvider clock)
    {
        var now = clock.GetLocalNow();
        if (DayAndTime().Match(text) is { Success: true } match)
        {
            var day = now.Date.AddDays(-Number(match, 1));
            var local = day.AddHours(Number(match, 2)).AddMinutes(Number(match, 3));
            return new DateTimeOffset(local, clock.LocalTimeZone.GetUtcOffset(local));
        }

        if (Ago().Match(text) is { Success: true, Length: > 0 } ago)
        {
            var span = TimeSpan.FromMinutes((60 * Number(ago, 1)) + Number(ago, 2));
            return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), now.Offset) - span;
        }

        throw new FormatException($"\"{text}\" is no time such as 35m, 3h20m or 2d 09:14.");
    }

    private static int Number(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^([1-9][0-9]*)d ([0-9]{2}):([0-9]{2})$")]
    private static partial Regex DayAndTime();

    [GeneratedRegex("^(?:([0-9]+)h)?(?:([0-9]+)m)?$")]
    private static partial Regex Ago();
}
