using System.Text.Json;

namespace Enneo.Core.Integrations.Search;

/// <summary>Reads a value as the database compares it.</summary>
internal delegate bool FieldReading<T>(JsonElement json, out T value);

/// <summary>How the values of fields are read.</summary>
internal static class FieldReading
{
    public static bool Number(JsonElement json, out long value) => FieldValue.TryNumber(json, out value);

    public static bool Instant(JsonElement json, out DateTimeOffset value) => FieldValue.TryInstant(json, out value);

    public static bool OptionalNumber(JsonElement json, out long? value)
    {
        var isNumber = FieldValue.TryNumber(json, out var number);
        value = isNumber ? number : null;
        return isNumber;
    }

    public static bool OptionalInstant(JsonElement json, out DateTimeOffset? value)
    {
        var isInstant = FieldValue.TryInstant(json, out var instant);
        value = isInstant ? instant : null;
        return isInstant;
    }

    public static bool Int(JsonElement json, out int value)
    {
        var isNumber = FieldValue.TryNumber(json, out var number) && number is >= int.MinValue and <= int.MaxValue;
        value = isNumber ? (int)number : 0;
        return isNumber;
    }

    public static bool Bool(JsonElement json, out bool value)
    {
        value = json.ValueKind is JsonValueKind.True;
        return json.ValueKind is JsonValueKind.True or JsonValueKind.False;
    }

    public static bool Text(JsonElement json, out string value)
    {
        value = json.ValueKind is JsonValueKind.String ? json.GetString()! : "";
        return json.ValueKind is JsonValueKind.String;
    }

    public static bool OptionalText(JsonElement json, out string? value)
    {
        var isText = Text(json, out var text);
        value = isText ? text : null;
        return isText;
    }

    public static bool Address(JsonElement json, out string value)
    {
        var isText = Text(json, out value);
        value = value.Trim().ToLowerInvariant();
        return isText && value.Length > 0;
    }

    /// <summary>A priority by its place among all.</summary>
    public static bool Rank(JsonElement json, out int value)
    {
        var isWord = FieldValue.TryWord(json, TicketWords.Priorities, out var priority);
        value = (int)priority;
        return isWord;
    }

    /// <summary>A language by its English name, as the code that is kept.</summary>
    public static bool Language(JsonElement json, out string? value)
    {
        value = json.ValueKind is JsonValueKind.String ? LanguageNames.CodeOf(json.GetString()!) : null;
        return value is not null;
    }

    public static FieldReading<T?> OptionalWord<T>(IReadOnlyDictionary<string, T> words)
        where T : struct => (JsonElement json, out T? value) =>
        {
            var isWord = FieldValue.TryWord(json, words, out var word);
            value = isWord ? word : null;
            return isWord;
        };
}
