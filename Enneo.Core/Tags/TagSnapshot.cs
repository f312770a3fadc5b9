namespace Enneo.Core.Tags;

/// <summary>A tag in words of the log.</summary>
internal static class TagSnapshot
{
    public static Dictionary<string, object?> Of(Tag tag, IReadOnlyCollection<Tag> all) => new()
    {
        ["name"] = tag.Name,
        ["parent"] = all.FirstOrDefault(parent => parent.Id == tag.ParentId)?.Name,
        ["position"] = tag.Position,
        ["reference"] = tag.Reference.ToString(),
        ["type"] = tag.Type.ToString(),
        ["visibility"] = tag.Visibility.ToString(),
        ["colour"] = tag.Colour.ToString(),
        ["default"] = tag.IsDefault,
        ["spam"] = tag.IsSpam,
        ["complexity"] = tag.Complexity,
        ["slaHours"] = tag.SlaHours,
        ["priority"] = tag.Priority?.ToString(),
        ["channels"] = string.Join(", ", tag.Channels),
        ["mailboxes"] = string.Join(", ", tag.MailboxIds),
        ["detection"] = tag.Detection.ToString(),
        ["conditions"] = tag.Conditions.IsEmpty ? null : tag.Conditions.ToJson(),
        ["assignment"] = string.Join(", ", tag.AssignmentIds),
    };

    /// <param name="before">Null for a tag that is new.</param>
    public static List<(string Field, object? Old, object? New)> Differences(Dictionary<string, object?>? before, Dictionary<string, object?> after) =>
        [.. after.Select(field => (field.Key, Old: before?.GetValueOrDefault(field.Key), New: field.Value)).Where(field => !Equals(field.Old, field.New))];
}
