using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

public sealed class SnoozeTimesTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void TheMenuGoesByTheReadersClock()
    {
        var wednesday = new DateTimeOffset(2026, 3, 4, 10, 20, 0, TimeSpan.Zero); // 11:20 in Berlin

        Assert.Equal(
            ["04.03. 15:00", "05.03. 08:00", "09.03. 08:00", "11.03. 08:00"],
            SnoozeTimes.From(wednesday, s_berlin).Select(time => TimeZoneInfo.ConvertTime(time.At, s_berlin).ToString("dd.MM. HH:mm", null)));
    }

    [Fact]
    public void LateInTheDayNothingIsLaterToday() =>
        Assert.DoesNotContain(SnoozeTimes.From(new DateTimeOffset(2026, 3, 4, 19, 0, 0, TimeSpan.Zero), s_berlin), time => time.Words == InboxText.LaterToday);

    [Fact]
    public void OnASundayMondayIsTomorrowAndSaidOnce() =>
        Assert.Equal(
            [InboxText.LaterToday, InboxText.TomorrowMorning, InboxText.InAWeek],
            SnoozeTimes.From(new DateTimeOffset(2026, 3, 8, 9, 0, 0, TimeSpan.Zero), s_berlin).Select(time => time.Words));

    [Fact]
    public void TheMorningStaysTheMorningWhenTheClocksChange() =>
        Assert.Equal(
            new DateTimeOffset(2026, 3, 29, 8, 0, 0, TimeSpan.FromHours(2)),
            SnoozeTimes.From(new DateTimeOffset(2026, 3, 28, 9, 0, 0, TimeSpan.Zero), s_berlin).Single(time => time.Words == InboxText.TomorrowMorning).At);
}
