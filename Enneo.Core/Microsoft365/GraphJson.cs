using System.Globalization;
using System.Text.Json;

namespace Enneo.Core.Microsoft365;

/// <summary>Reads Graph's answers; what has another shape than it should is taken as not said.</summary>
internal static class GraphJson
{
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    public static IEnumerable<GraphItem> Items(JsonElement page) => Values(page).Select(Item).OfType<GraphItem>();

    /// <returns>Null for what has no id.</returns>
    public static GraphItem? Item(JsonElement item) => Text(item, "id") is { Length: > 0 } id
        ? new GraphItem(
            id,
            item.TryGetProperty("@removed", out _),
            DateTimeOffset.TryParse(Text(item, "receivedDateTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var received) ? received.ToUniversalTime() : null,
            Flag(item, "isRead"),
            item.TryGetProperty("flag", out var flag) && Text(flag, "flagStatus") is { } status ? status == "flagged" : null,
            Flag(item, "isDraft"),
            Text(item, "internetMessageId"),
            Text(item, "changeKey"))
        : null;

    /// <summary>Searches that show themselves as folders hold no mail of their own.</summary>
    public static IEnumerable<(GraphListedFolder Folder, int Children)> Folders(JsonElement page, IReadOnlyList<string> parents) =>
        from folder in Values(page)
        where Text(folder, "@odata.type") is not "#microsoft.graph.mailSearchFolder"
        let id = Text(folder, "id")
        let name = Text(folder, "displayName")
        where id is { Length: > 0 } && name is { Length: > 0 }
        select (new GraphListedFolder(id, name, parents, Number(folder, "totalItemCount"), Number(folder, "unreadItemCount")), Number(folder, "childFolderCount"));

    public static IReadOnlyList<(string InternetMessageId, string Header)> Sent(JsonElement page, string header) =>
        [.. Values(page).Select(item => (Text(item, "internetMessageId") ?? "", HeaderOf(item, header)))];

    private static string HeaderOf(JsonElement item, string header) =>
        item.TryGetProperty("internetMessageHeaders", out var headers) && headers.ValueKind is JsonValueKind.Array
            ? headers.EnumerateArray().Where(one => string.Equals(Text(one, "name"), header, StringComparison.OrdinalIgnoreCase)).Select(one => Text(one, "value")).FirstOrDefault() ?? ""
            : "";

    private static IEnumerable<JsonElement> Values(JsonElement page) =>
        page.ValueKind is JsonValueKind.Object && page.TryGetProperty("value", out var values) && values.ValueKind is JsonValueKind.Array
            ? values.EnumerateArray().Where(value => value.ValueKind is JsonValueKind.Object)
            : throw GraphFailure.Unreadable();

    private static bool? Flag(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    private static int Number(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) ? number : 0;
}
