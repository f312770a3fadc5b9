using System.Globalization;
using Enneo.Core.Conditions;

namespace Enneo.Core.Tags.Detection;

/// <summary>The order in which tags are looked for: each behind those that its conditions ask for, so that it sees what was found of them.</summary>
internal static class TagOrder
{
    /// <returns>By id where nothing else says; where tags ask for each other in a circle, the lowest is found last.</returns>
    public static List<Tag> Of(IEnumerable<Tag> tags)
    {
        var byId = tags.ToDictionary(tag => tag.Id);
        List<Tag> ordered = [];
        HashSet<long> visited = [];
        foreach (var id in byId.Keys.Order())
        {
            Visit(id);
        }

        return ordered;

        void Visit(long id)
        {
            if (!byId.TryGetValue(id, out var tag) || !visited.Add(id))
            {
                return;
            }

            foreach (var asked in AskedBy(tag).Order())
            {
                Visit(asked);
            }

            ordered.Add(tag);
        }
    }

    private static IEnumerable<long> AskedBy(Tag tag) => tag.Detection is TagDetectionMode.Ai or TagDetectionMode.Mailbox
        ? []
        : tag.Conditions.AllTests.Where(test => test.Field is ConditionField.Tag).SelectMany(test => test.Values)
            .Select(value => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0);
}
