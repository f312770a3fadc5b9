namespace Enneo.Core.Mailboxes;

/// <summary>A folder as its server lists it.</summary>
/// <param name="SpecialUse">What the server says it is for (RFC 6154).</param>
/// <param name="IsVirtual">See <see cref="MailFolder.IsVirtual"/>.</param>
public sealed record ListedFolder(
    string FullName, string Separator = "/", bool IsSelectable = true, FolderRole SpecialUse = FolderRole.None, bool IsVirtual = false)
{
    public const string Inbox = "INBOX";

    /// <summary>Its last part.</summary>
    public string Name => FullName[(Parent.Length == 0 ? 0 : Parent.Length + Separator.Length)..];

    /// <summary>The full name of the folder above it; empty at the top.</summary>
    public string Parent => Separator.Length > 0 && FullName.LastIndexOf(Separator, StringComparison.Ordinal) is var at and > 0 ? FullName[..at] : "";

    public bool IsInbox => FullName.Equals(Inbox, StringComparison.OrdinalIgnoreCase); // RFC 9051, section 5.1

    /// <summary>At the top, or right below the INBOX where a server keeps everything there.</summary>
    public bool IsNearTheTop => Parent.Length == 0 || Parent.Equals(Inbox, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Says which folder is for what: as a person chose, else by special use, else by name. One folder for each purpose.</summary>
public static class FolderRoles
{
    private static readonly FolderRole[] s_found = [FolderRole.Sent, FolderRole.Drafts, FolderRole.Junk, FolderRole.Trash, FolderRole.Archive];

    /// <param name="chosen">By full name; what is chosen for one purpose, or for none, is not taken for another.</param>
    /// <returns>By full name; what is not in it has no purpose.</returns>
    public static IReadOnlyDictionary<string, FolderRole> Assign(IReadOnlyCollection<ListedFolder> listed, IReadOnlyDictionary<string, FolderRole> chosen)
    {
        Dictionary<string, FolderRole> roles = listed.Where(folder => chosen.ContainsKey(folder.FullName)).ToDictionary(folder => folder.FullName, folder => chosen[folder.FullName]);
        foreach (var inbox in listed.Where(folder => folder.IsInbox))
        {
            roles[inbox.FullName] = FolderRole.Inbox;
        }

        foreach (var role in s_found.Where(role => !roles.ContainsValue(role)))
        {
            var free = listed.Where(folder => folder.IsSelectable && !roles.ContainsKey(folder.FullName)).ToList();
            if ((BySpecialUse(free, role) ?? ByName(free, role)) is { } found)
            {
                roles[found.FullName] = role;
            }
        }

        return roles;
    }

    /// <summary>A view of all mail is the archive only where there is no other.</summary>
    private static ListedFolder? BySpecialUse(List<ListedFolder> free, FolderRole role) =>
        free.Where(folder => folder.SpecialUse == role).OrderBy(folder => folder.IsVirtual).ThenBy(folder => folder.FullName.Length).FirstOrDefault();

    private static ListedFolder? ByName(List<ListedFolder> free, FolderRole role) => free
        .Where(folder => folder.IsNearTheTop && folder.SpecialUse is FolderRole.None && !folder.IsVirtual)
        .Select(folder => (Folder: folder, Rank: FolderNames.RankOf(folder.Name, role)))
        .Where(named => named.Rank is not null)
        .OrderBy(named => named.Rank).ThenBy(named => named.Folder.FullName.Length)
        .Select(named => named.Folder)
        .FirstOrDefault();
}
