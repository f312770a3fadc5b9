using System.Globalization;
using System.Text.Json;
using Enneo.Core.Search.Language;
using Enneo.Core.Tags;

namespace Enneo.Core.Search;

/// <summary>Which tags what is found must have, or must not have.</summary>
/// <param name="All">Of each of these lists one; an empty one is a name that no tag has, so that nothing is found.</param>
internal sealed record TagScope(IReadOnlyList<IReadOnlyList<long>> All, IReadOnlyList<long> None)
{
    public static readonly TagScope Any = new([], []);

    public bool IsAny => All.Count + None.Count == 0;

    public string AllJson => JsonSerializer.Serialize(All);

    public string NoneJson => JsonSerializer.Serialize(None);

    /// <returns>With it a note for every name that no tag has.</returns>
    public static (TagScope Scope, IReadOnlyList<string> Notes) Of(SearchQuery query, IReadOnlyList<TagListing> tags)
    {
        TagScope scope = new([.. query.Tags.Select(name => Called(tags, name))], [.. query.OtherTags.SelectMany(name => Called(tags, name)).Distinct()]);
        var unknown = query.Tags.Concat(query.OtherTags).Where(name => Called(tags, name).Count == 0)
            .Select(name => string.Format(CultureInfo.CurrentCulture, QueryText.NoSuchTag, name));
        return (scope, [.. unknown]);
    }

    /// <summary>Those with that very name, or else those whose name has it.</summary>
    private static List<long> Called(IReadOnlyList<TagListing> tags, string name)
    {
        var exact = tags.Where(tag => tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || tag.FullName.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return [.. (exact.Count > 0 ? exact : tags.Where(tag => tag.FullName.Contains(name, StringComparison.CurrentCultureIgnoreCase))).Select(tag => tag.Id)];
    }
}
