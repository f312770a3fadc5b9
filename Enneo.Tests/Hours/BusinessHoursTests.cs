using System.Globalization;
using Enneo.Core.Hours;

namespace Enneo.Tests.Hours;

/// <summary>When so many hours will have been worked on, by the clock of the business.</summary>
public sealed class BusinessHoursTests
{
    private static readonly BusinessHours s_office = new()
    {
        IsAlwaysOpen = false,
        TimeZone = "Europe/Berlin",
        Week = Weekdays.ToDictionary(day => day, _ => new OpenSpan(new TimeOnly(9, 0), new TimeOnly(17, 0))),
        Holidays = [new DateOnly(2026, 4, 3), new DateOnly(2026, 4, 6)], // Good Friday and Easter Monday
    };

    private static IEnumerable<DayOfWeek> Weekdays => Enum.GetValues<DayOfWeek>().Where(day => day is not (DayOfWeek.Saturday or DayOfWeek.Sunday));

    [Theory]
    [InlineData("2026-03-04T10:00+01:00", 4, "2026-03-04T14:00+01:00")] // within a day
    [InlineData("2026-03-04T09:00+01:00", 8, "2026-03-04T17:00+01:00")] // a whole one, to its very end
    [InlineData("2026-03-04T15:30+01:00", 4, "2026-03-05T11:30+01:00")] // into the next
    [InlineData("2026-03-04T06:00+01:00", 2, "2026-03-04T11:00+01:00")] // before it opens
    [InlineData("2026-03-04T17:00+01:00", 1, "2026-03-05T10:00+01:00")] // as it closes
    [InlineData("2026-03-04T22:15+01:00", 1, "2026-03-05T10:00+01:00")] // at night
    [InlineData("2026-03-06T16:00+01:00", 2, "2026-03-09T10:00+01:00")] // over a weekend
    [InlineData("2026-03-07T12:00+01:00", 8, "2026-03-09T17:00+01:00")] // on one
    [InlineData("2026-04-02T16:00+02:00", 2, "2026-04-07T10:00+02:00")] // over Easter
    [InlineData("2026-04-03T11:00+02:00", 1, "2026-04-07T10:00+02:00")] // on a holiday
    [InlineData("2026-03-27T16:00+01:00", 2, "2026-03-30T10:00+02:00")] // summer time begins meanwhile
    [InlineData("2026-10-23T16:00+02:00", 2, "2026-10-26T10:00+01:00")] // and ends
    [InlineData("2026-03-02T09:00+01:00", 80, "2026-03-13T17:00+01:00")] // two weeks
    [InlineData("2026-03-05T02:30+09:00", 1, "2026-03-05T10:00+01:00")] // sent from where it is another day
    public void HoursOfBusinessAreCountedInItsOwnTimeZone(string from, int hours, string due) =>
        Assert.Equal(At(due), s_office.Add(At(from), hours));

    [Theory]
    [InlineData("2026-03-04T22:00+01:00", 3, "2026-03-05T19:00+01:00")] // to midnight, and on when it opens
    [InlineData("2026-03-28T23:00+01:00", 2, "2026-03-29T19:00+02:00")]
    [InlineData("2026-03-04T23:30+01:00", 6, "2026-03-05T23:30+01:00")]
    public void ADayMayLastToMidnight(string from, int hours, string due) =>
        Assert.Equal(At(due), Daily(new TimeOnly(18, 0), TimeOnly.MinValue).Add(At(from), hours));

    [Theory]
    [InlineData("2026-03-29T00:00+01:00", 23, "2026-03-30T00:00+02:00")] // the day has but 23 hours
    [InlineData("2026-10-25T00:00+02:00", 25, "2026-10-26T00:00+01:00")] // and this one 25
    [InlineData("2026-10-25T02:30+02:00", 1, "2026-10-25T02:30+01:00")] // an hour that comes twice
    public void WhoeverNeverClosesCountsEachHourThatPasses(string from, int hours, string due) =>
        Assert.Equal(At(due), Daily(OpenSpan.WholeDay.Opens, OpenSpan.WholeDay.Closes).Add(At(from), hours));

    [Theory]
    [InlineData("2026-03-28T10:00+01:00", 2, "2026-03-30T03:00+02:00")] // 2:30 does not come on that day: it opens at 3:30, for an hour and a half
    [InlineData("2026-10-24T10:00+02:00", 2, "2026-10-25T03:30+01:00")] // and twice here, of which the first counts
    public void ADayMayOpenWhileTheClockIsChanged(string from, int hours, string due) =>
        Assert.Equal(At(due), Daily(new TimeOnly(2, 30), new TimeOnly(5, 0)).Add(At(from), hours));

    [Fact]
    public void WhoeverSaysNothingIsAlwaysOpen_AndSoIsOneWhoseMachineKnowsNoZoneAnyMore()
    {
        var from = At("2026-03-07T12:00+01:00");

        Assert.Equal(from.AddHours(4), BusinessHours.Always.Add(from, 4));
        Assert.Equal(from.AddHours(4), (s_office with { IsAlwaysOpen = true }).Add(from, 4));
        Assert.Equal(At("2026-03-09T11:00Z"), (s_office with { TimeZone = "Nowhere/Land" }).Add(from, 2)); // by UTC
    }

    [Fact]
    public void TheLongestTimeWithTheShortestWeekComesToAnEnd()
    {
        BusinessHours hourly = s_office with { Week = new Dictionary<DayOfWeek, OpenSpan> { [DayOfWeek.Sunday] = new(new TimeOnly(2, 0), new TimeOnly(3, 0)) } };

        Assert.InRange(hourly.Add(At("2026-03-04T10:00Z"), 10_000).Year, 2200, 2300);
    }

    private static BusinessHours Daily(TimeOnly opens, TimeOnly closes) =>
        s_office with { Week = Enum.GetValues<DayOfWeek>().ToDictionary(day => day, _ => new OpenSpan(opens, closes)) };

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
