namespace Enneo.Core.Tags;

/// <summary>Tags in the order in which they are shown.</summary>
internal static class TagTree
{
    public const int MaxDepth = 5;

    public const string Separator = " / ";

    public static IReadOnlyList<TagListing> Of(IEnumerable<Tag> tags)
    {
        var children = tags.OrderBy(tag => tag.Position).ThenBy(tag => tag.Name, StringComparer.CurrentCultureIgnoreCase).ToLookup(tag => tag.ParentId);
        List<TagListing> listed = [];
        Add(null, "", 0);
        return listed;

        void Add(long? parentId, string above, int depth)
        {
            foreach (var tag in children[parentId])
            {
                var fullName = above + tag.Name;
                listed.Add(new(
                    tag.Id, tag.Name, fullName, depth, parentId, tag.Colour, tag.Type, tag.Visibility, tag.Reference, tag.Detection, tag.IsDefault, tag.IsSpam, tag.MailboxIds));
                Add(tag.Id, fullName + Separator, depth + 1);
            }
        }
    }

    /// <summary>The tag and all that stand under it.</summary>
    public static HashSet<long> Under(IReadOnlyCollection<Tag> tags, long tagId) =>
        [tagId, .. tags.Where(tag => tag.ParentId == tagId).SelectMany(tag => Under(tags, tag.Id))];

    /// <summary>How many stand above it and it itself.</summary>
    public static int Level(IReadOnlyCollection<Tag> tags, long? tagId) =>
        tagId is { } id && tags.FirstOrDefault(tag => tag.Id == id) is { } tag ? 1 + Level(tags, tag.ParentId) : 0;

    /// <summary>How many levels there are from it down.</summary>
    public static int Height(IReadOnlyCollection<Tag> tags, long tagId) =>
        1 + tags.Where(tag => tag.ParentId == tagId).Select(tag => Height(tags, tag.Id)).DefaultIfEmpty(0).Max();
}
