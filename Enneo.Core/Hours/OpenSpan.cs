using System.Text.Json.Serialization;

namespace Enneo.Core.Hours;

/// <summary>When a day of the week is worked on, by the clock of the business.</summary>
/// <param name="Opens">To the minute.</param>
/// <param name="Closes">To the minute; 00:00 is the midnight that ends the day.</param>
public sealed record OpenSpan(TimeOnly Opens, TimeOnly Closes)
{
    /// <summary>From midnight to midnight.</summary>
    public static readonly OpenSpan WholeDay = new(TimeOnly.MinValue, TimeOnly.MinValue);

    /// <summary>By the clock, which a change to or from summer time does not count; not above zero where it closes before it opens.</summary>
    [JsonIgnore]
    public TimeSpan Length => (Closes == TimeOnly.MinValue ? TimeSpan.FromDays(1) : Closes.ToTimeSpan()) - Opens.ToTimeSpan();
}
