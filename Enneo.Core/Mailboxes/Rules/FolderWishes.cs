using System.Text.Json;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>The folders that a mailbox shall sync: a list of names, or "all".</summary>
internal static class FolderWishes
{
    public const string Inbox = "INBOX";
    public const string Sent = "Sent";

    /// <summary>Stands in the stored list for every other folder; <c>*</c> cannot be a folder's name (RFC 9051, section 5.1).</summary>
    private const string Everything = "*";
    private const string All = "all";
    private const int MaxFolders = 200;
    private const int MaxNameLength = 255;

    /// <returns>The list to store; null when <paramref name="folders"/> is neither a list of names nor "all".</returns>
    public static List<string>? Parse(JsonElement folders) => folders.ValueKind switch
    {
        JsonValueKind.String when string.Equals(folders.GetString(), All, StringComparison.OrdinalIgnoreCase) => [Inbox, Sent, Everything],
        JsonValueKind.Array when folders.GetArrayLength() is > 0 and <= MaxFolders && folders.EnumerateArray().All(IsName) =>
            [.. folders.EnumerateArray().Select(name => Canonical(name.GetString()!.Trim(' '))).Distinct(StringComparer.Ordinal)],
        _ => null,
    };

    public static JsonElement ToJson(IReadOnlyList<string> stored) => stored.Contains(Everything)
        ? JsonSerializer.SerializeToElement(All)
        : JsonSerializer.SerializeToElement(stored);

    /// <returns>What was asked for and must wait, as it was written.</returns>
    public static IEnumerable<string> NotSyncedYet(IReadOnlyList<string> stored) =>
        stored.Where(name => name is not (Inbox or Sent)).Select(name => name == Everything ? All : name);

    private static bool IsName(JsonElement name) =>
        name.ValueKind is JsonValueKind.String
        && name.GetString()!.Trim(' ') is { Length: > 0 and <= MaxNameLength } text
        && !text.Any(c => char.IsControl(c) || c is '*' or '%');

    /// <summary>INBOX has no case (RFC 9051, section 5.1); Sent is a role.</summary>
    private static string Canonical(string name) =>
        string.Equals(name, Inbox, StringComparison.OrdinalIgnoreCase) ? Inbox
        : string.Equals(name, Sent, StringComparison.OrdinalIgnoreCase) ? Sent
        : name;
}
