using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Hours;

/// <summary>When mail is worked on: always, until an admin says otherwise.</summary>
public sealed record BusinessHours
{
    internal const string Name = "business-hours";

    public static readonly BusinessHours Always = new();

    /// <summary>Every hour counts, whatever else stands here.</summary>
    public bool IsAlwaysOpen { get; init; } = true;

    /// <summary>IANA name, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The days of the week that are worked on; one that is missing is closed.</summary>
    public IReadOnlyDictionary<DayOfWeek, OpenSpan> Week { get; init; } = new Dictionary<DayOfWeek, OpenSpan>();

    /// <summary>Closed, whatever day of the week it is; ascending.</summary>
    public IReadOnlyList<DateOnly> Holidays { get; init; } = [];

    /// <summary>A machine that does not know the zone (any more) counts by UTC.</summary>
    private TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The moment by which so many hours will have been worked on: those that pass in real time while it is open.</summary>
    /// <param name="from">Outside the hours it counts from when it opens next.</param>
    /// <param name="hours">Above zero.</param>
    public DateTimeOffset Add(DateTimeOffset from, int hours)
    {
        if (IsAlwaysOpen || Week.Count == 0)
        {
            return from.AddHours(hours);
        }

        var (zone, closed) = (Zone, Holidays.ToHashSet());
        var left = TimeSpan.FromHours(hours);
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime); ; day = day.AddDays(1))
        {
            if (closed.Contains(day) || !Week.TryGetValue(day.DayOfWeek, out var open))
            {
                continue;
            }

            var opens = InstantOf(day, open.Opens, zone);
            var start = from > opens ? from : opens;
            var end = open.Closes == TimeOnly.MinValue ? InstantOf(day.AddDays(1), TimeOnly.MinValue, zone) : InstantOf(day, open.Closes, zone);
            if (end - start >= left)
            {
                return (start + left).ToUniversalTime();
            }

            left -= end > start ? end - start : TimeSpan.Zero;
        }
    }

    internal static async Task<BusinessHours> ReadAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? Always : JsonSerializer.Deserialize<BusinessHours>(value) ?? Always;
    }

    /// <summary>A time that summer time leaves out is as late after what came before it; one that comes twice counts when it comes first.</summary>
    private static DateTimeOffset InstantOf(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        var offset = zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddDays(-1))
            : zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
