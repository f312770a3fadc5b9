using System.Globalization;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>Instants as the reader's clock and calendar show them. One per circuit; UTC until the browser has said its zone.</summary>
public sealed class BrowserTime(TimeProvider clock)
{
    public const string Module = "./js/time.js";

    private bool _asked;

    /// <summary>The reader's own; UTC until the browser has said it.</summary>
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public DateOnly Today => Day(clock.GetUtcNow());

    /// <summary>Asks the browser for its zone, once per circuit.</summary>
    public async Task AskAsync(IJSRuntime js, CancellationToken cancellationToken)
    {
        if (_asked)
        {
            return;
        }

        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference?>("import", cancellationToken, Module);
            if (module is not null)
            {
                UseZone(await module.InvokeAsync<string?>("timeZone", cancellationToken));
                _asked = true;
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // Nobody looks any more.
        }
    }

    /// <param name="zoneId">IANA name, such as <c>Europe/Berlin</c>; one that this machine does not know changes nothing.</param>
    public void UseZone(string? zoneId)
    {
        if (zoneId is { Length: > 0 and < 100 } && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone))
        {
            Zone = zone;
        }
    }

    public DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(Local(at).DateTime);

    /// <summary>As narrow as a list under headings of days needs it: <c>14:02</c>, <c>Sun</c>, <c>3 Nov</c>, <c>3 Nov 2024</c>.</summary>
    public string ForList(DateTimeOffset at) => Today.DayNumber - Day(at).DayNumber == 1
        ? Local(at).ToString("HH:mm", CultureInfo.CurrentCulture)
        : Format(at, "HH:mm", "ddd", "d MMM", "d MMM yyyy");

    /// <summary>As <see cref="ForList"/>, where no heading says the day.</summary>
    public string ForSearch(DateTimeOffset at) => Format(at, "HH:mm", "ddd", "d MMM", "d MMM yyyy");

    /// <summary>With the time of day: <c>14:02</c>, <c>Sun 14:02</c>, <c>3 Nov 14:02</c>.</summary>
    public string ForThread(DateTimeOffset at) => Format(at, "HH:mm", "ddd HH:mm", "d MMM HH:mm", "d MMM yyyy HH:mm");

    /// <summary>A moment to come: <c>18:00</c>, <c>Mon 08:00</c>, <c>3 Nov 08:00</c>.</summary>
    public string Until(DateTimeOffset at) => Local(at).ToString(
        (Day(at).DayNumber - Today.DayNumber) switch { <= 0 => "HH:mm", < 7 => "ddd HH:mm", _ => "d MMM HH:mm" }, CultureInfo.CurrentCulture);

    public string Full(DateTimeOffset at) => Local(at).ToString("dddd, d MMMM yyyy, HH:mm", CultureInfo.CurrentCulture);

    /// <summary>What stands above the tickets of a day.</summary>
    public string Heading(DateOnly day) => (Today.DayNumber - day.DayNumber) switch
    {
        0 => InboxText.Today,
        1 => InboxText.Yesterday,
        > 1 and < 7 => day.ToString("dddd", CultureInfo.CurrentCulture),
        _ when day.Year == Today.Year => day.ToString("d MMMM", CultureInfo.CurrentCulture),
        _ => day.ToString("d MMMM yyyy", CultureInfo.CurrentCulture),
    };

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    private string Format(DateTimeOffset at, string today, string week, string year, string older)
    {
        var day = Day(at);
        var format = (Today.DayNumber - day.DayNumber) switch
        {
            0 => today,
            > 0 and < 7 => week,
            _ when day.Year == Today.Year => year,
            _ => older,
        };
        return Local(at).ToString(format, CultureInfo.CurrentCulture);
    }
}
