namespace Enneo.Web.Inbox;

/// <summary>A moment until which a conversation can be snoozed, with the words for it.</summary>
internal sealed record SnoozeTime(string Words, DateTimeOffset At);

/// <summary>What the snooze menu offers, by the reader's clock and calendar.</summary>
internal static class SnoozeTimes
{
    private const int LatestHour = 21;
    private static readonly TimeOnly s_morning = new(8, 0);
    private static readonly TimeSpan s_later = TimeSpan.FromHours(3);

    public static IReadOnlyList<SnoozeTime> From(DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var today = DateOnly.FromDateTime(local);
        var tomorrow = today.AddDays(1);
        var monday = today.AddDays(((int)DayOfWeek.Monday - (int)today.DayOfWeek + 6) % 7 + 1);
        List<SnoozeTime> times = [];
        if (NextHour(local + s_later) is { Hour: <= LatestHour } later && DateOnly.FromDateTime(later) == today)
        {
            times.Add(new(InboxText.LaterToday, At(later, zone)));
        }

        times.Add(new(InboxText.TomorrowMorning, At(tomorrow.ToDateTime(s_morning), zone)));
        if (monday != tomorrow)
        {
            times.Add(new(InboxText.MondayMorning, At(monday.ToDateTime(s_morning), zone)));
        }

        times.Add(new(InboxText.InAWeek, At(today.AddDays(7).ToDateTime(s_morning), zone)));
        return times;
    }

    /// <summary>What the reader's clock shows, as an instant.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone) => new(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone.GetUtcOffset(local));

    private static DateTime NextHour(DateTime at) => at.Date.AddHours(at.Hour + (at.TimeOfDay == TimeSpan.FromHours(at.Hour) ? 0 : 1));
}
