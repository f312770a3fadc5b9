using System.Globalization;
using Enneo.Core.Hours;

namespace Enneo.Web.Hours;

/// <summary>The hours as they are edited.</summary>
internal sealed class BusinessHoursDraft
{
    private static readonly OpenSpan s_usual = new(new TimeOnly(9, 0), new TimeOnly(17, 0));

    public bool IsAlwaysOpen { get; set; }

    public string TimeZone { get; set; } = "";

    /// <summary>The seven of them, from the first of the reader's week on.</summary>
    public required IReadOnlyList<DayDraft> Days { get; init; }

    public required SortedSet<DateOnly> Holidays { get; init; }

    public static BusinessHoursDraft Of(BusinessHours hours)
    {
        var format = CultureInfo.CurrentCulture.DateTimeFormat;
        return new BusinessHoursDraft
        {
            IsAlwaysOpen = hours.IsAlwaysOpen,
            TimeZone = hours.TimeZone,
            Days = [.. Enumerable.Range(0, 7).Select(after => (DayOfWeek)(((int)format.FirstDayOfWeek + after) % 7)).Select(day => DayDraft.Of(day, hours.Week.GetValueOrDefault(day), s_usual))],
            Holidays = [.. hours.Holidays],
        };
    }

    /// <summary>From nine to five on five days, which is easily changed.</summary>
    public void Propose(string timeZone)
    {
        TimeZone = timeZone;
        foreach (var day in Days)
        {
            day.IsOpen = day.Day is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
        }
    }

    public BusinessHours ToHours() => new()
    {
        IsAlwaysOpen = IsAlwaysOpen,
        TimeZone = TimeZone,
        Week = Days.Where(day => day.IsOpen).ToDictionary(day => day.Day, day => new OpenSpan(day.Opens, day.Closes)),
        Holidays = [.. Holidays],
    };
}

/// <summary>A day of the week as it is edited; a closed one remembers its times.</summary>
internal sealed class DayDraft
{
    public required DayOfWeek Day { get; init; }

    public bool IsOpen { get; set; }

    public TimeOnly Opens { get; set; }

    public TimeOnly Closes { get; set; }

    public string Name => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName(Day);

    public static DayDraft Of(DayOfWeek day, OpenSpan? open, OpenSpan usual) =>
        new() { Day = day, IsOpen = open is not null, Opens = (open ?? usual).Opens, Closes = (open ?? usual).Closes };
}
