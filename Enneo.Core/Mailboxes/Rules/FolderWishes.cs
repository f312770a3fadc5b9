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

    /// <summary>The stored list for all folders.</summary>
    public static readonly IReadOnlyList<string> AllFolders = [Inbox, Sent, Everything];

    private const int MaxFolders = 200;
    private const int MaxNameLength = 255;

    /// <returns>The list to store; null when <paramref name="folders"/> is neither a list of names nor "all".</returns>
    public static List<string>? Parse(JsonElement folders) => folders.ValueKind switch
    {
        JsonValueKind.String when string.Equals(folders.GetString(), All, StringComparison.OrdinalIgnoreCase) => [.. AllFolders],
        JsonValueKind.Array when folders.GetArrayLength() is > 0 and <= MaxFolders && folders.EnumerateArray().All(IsName) =>
            [.. folders.EnumerateArray().Select(name => Canonical(name.GetString()!.Trim(' '))).Distinct(StringComparer.Ordinal)],
        _ => null,
    };

    public static JsonElement ToJson(IReadOnlyList<string> stored) => stored.Contains(Everything)
        ? JsonSerializer.SerializeToElement(All)
        : JsonSerializer.SerializeToElement(stored);

    /// <summary>Whether a folder is asked for: by its name, by its purpose, or with all; the INBOX always is.</summary>
    public static bool Include(IReadOnlyList<string> stored, ListedFolder folder, FolderRole role) =>
        role is FolderRole.Inbox
        || (folder.IsSelectable && (
            (stored.Contains(Everything) && !folder.IsVirtual)
            || stored.Any(name => name == folder.FullName || (role is not FolderRole.None && name.Equals(role.ToString(), StringComparison.OrdinalIgnoreCase)))));

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
