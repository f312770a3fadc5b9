using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Connected;

/// <summary>What another system says, read without trust in its form.</summary>
internal static class JsonRead
{
    /// <returns>Also of a number; null for nothing, and for what is neither.</returns>
    public static string? Text(JsonNode? node) => node is JsonValue value ? value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        _ => null,
    } : null;

    public static bool Is(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True;

    /// <summary>Says no in so many words: neither nothing, nor 0, nor "false".</summary>
    public static bool IsNot(JsonNode? node) => node?.GetValueKind() is JsonValueKind.False;

    /// <returns>Those of a list of addresses that are some.</returns>
    public static IReadOnlyList<MailAddress> People(JsonNode? node) =>
        [.. Each(node).Select(Text).OfType<string>().Where(MailSyntax.IsAddress).Select(address => new MailAddress("", address))];

    public static IEnumerable<JsonNode> Each(JsonNode? node) => node is JsonArray all ? all.OfType<JsonNode>() : [];

    /// <returns>A number where it is one, as the other side has ids; else the text.</returns>
    public static JsonNode? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : text;

    /// <returns>Null where it says none.</returns>
    public static long? Size(JsonNode? node) => long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <exception cref="OtherSystemException">It is no time.</exception>
    public static DateTimeOffset Instant(JsonNode? node) =>
        DateTimeOffset.TryParse(Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : throw new OtherSystemException(null, ConnectedText.NoJson, null);

    public static MailAddress? Address(JsonNode? address, JsonNode? name) => Text(address) is { Length: > 0 } known ? new MailAddress(Text(name) ?? "", known) : null;

    public static string Camel(SyncedField field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
}
