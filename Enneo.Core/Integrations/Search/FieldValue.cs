using System.Globalization;
using System.Text.Json;

namespace Enneo.Core.Integrations.Search;

/// <summary>Reads a value that a program sent, or says that it is none.</summary>
public static class FieldValue
{
    private static readonly string[] s_instants = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    public static bool TryNumber(JsonElement json, out long value)
    {
        value = 0;
        return json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetInt64(out value),
            JsonValueKind.String => long.TryParse(json.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
    }

    /// <summary>ISO 8601, <c>YYYY-MM-DD HH:MM:SS</c> in UTC, or Unix seconds.</summary>
    public static bool TryInstant(JsonElement json, out DateTimeOffset value)
    {
        value = default;
        return json.ValueKind switch
        {
            JsonValueKind.Number => json.TryGetInt64(out var seconds) && TryUnix(seconds, out value),
            JsonValueKind.String => TryInstant(json.GetString()!, out value),
            _ => false,
        };
    }

    public static bool TryInstant(string text, out DateTimeOffset value) =>
        DateTimeOffset.TryParseExact(text, s_instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)
        || (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value));

    /// <summary>From the years 1 to 9999.</summary>
    public static bool TryUnix(long seconds, out DateTimeOffset value)
    {
        var fits = seconds is >= -62_135_596_800 and <= 253_402_300_799;
        value = fits ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return fits;
    }

    internal static bool TryWord<T>(JsonElement json, IReadOnlyDictionary<string, T> words, out T value)
    {
        value = default!;
        return json.ValueKind is JsonValueKind.String && words.TryGetValue(json.GetString()!, out value!);
    }
}
