namespace Enneo.Core.Mailboxes;

/// <summary>The order in which people look for folders: INBOX, those with a purpose, then by name; children below their parents.</summary>
internal static class FolderTree
{
    public static IReadOnlyList<(MailFolder Folder, int Depth)> Order(IReadOnlyCollection<MailFolder> folders)
    {
        var names = folders.Select(folder => folder.FullName).ToHashSet();
        var children = folders.ToLookup(folder => AncestorOf(folder, names));
        List<(MailFolder, int)> ordered = new(folders.Count);
        Add("", 0);
        return ordered;

        void Add(string parent, int depth)
        {
            foreach (var folder in children[parent].OrderBy(folder => RankOf(folder.Role)).ThenBy(folder => folder.FullName, StringComparer.CurrentCultureIgnoreCase))
            {
                ordered.Add((folder, depth));
                Add(folder.FullName, depth + 1);
            }
        }
    }

    /// <summary>The last part of its name.</summary>
    public static string NameOf(MailFolder folder) => new ListedFolder(folder.FullName, folder.Separator).Name;

    private static int RankOf(FolderRole role) => role is FolderRole.None ? int.MaxValue : (int)role;

    /// <summary>The nearest folder above it that there is.</summary>
    private static string AncestorOf(MailFolder folder, HashSet<string> names)
    {
        var parent = new ListedFolder(folder.FullName, folder.Separator).Parent;
        while (parent.Length > 0 && !names.Contains(parent))
        {
            parent = new ListedFolder(parent, folder.Separator).Parent;
        }

        return parent;
    }
}
