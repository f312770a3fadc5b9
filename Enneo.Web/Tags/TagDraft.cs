using Enneo.Core.Tags;
using Enneo.Core.Tickets;

namespace Enneo.Web.Tags;

/// <summary>A tag while it is being edited.</summary>
public sealed class TagDraft
{
    public string Name { get; set; } = "";
    public long? ParentId { get; set; }
    public TagReference Reference { get; set; }
    public TagType Type { get; set; }
    public TagVisibility Visibility { get; set; }
    public TagColour Colour { get; set; }
    public bool IsDefault { get; set; }
    public bool IsSpam { get; set; }
    public int? Complexity { get; set; }
    public int? SlaHours { get; set; }
    public TicketPriority? Priority { get; set; }
    public string Channels { get; set; } = "";
    public IReadOnlyCollection<long> MailboxIds { get; set; } = [];
    public TagDetectionMode Detection { get; set; }
    public GroupDraft Conditions { get; private init; } = new();
    public IReadOnlyCollection<long> AssignmentIds { get; set; } = [];

    public bool HasConditions => Detection is TagDetectionMode.Conditions or TagDetectionMode.AiAndConditions or TagDetectionMode.AiOrConditions;

    public bool HasModel => Detection is TagDetectionMode.Ai or TagDetectionMode.AiAndConditions or TagDetectionMode.AiOrConditions;

    public static TagDraft Of(Tag tag) => new()
    {
        Name = tag.Name,
        ParentId = tag.ParentId,
        Reference = tag.Reference,
        Type = tag.Type,
        Visibility = tag.Visibility,
        Colour = tag.Colour,
        IsDefault = tag.IsDefault,
        IsSpam = tag.IsSpam,
        Complexity = tag.Complexity,
        SlaHours = tag.SlaHours,
        Priority = tag.Priority,
        Channels = string.Join(", ", tag.Channels),
        MailboxIds = tag.MailboxIds,
        Detection = tag.Detection,
        Conditions = GroupDraft.Of(tag.Conditions),
        AssignmentIds = tag.AssignmentIds,
    };

    public TagInput ToInput() => new()
    {
        Name = Name,
        ParentId = ParentId,
        Reference = Reference,
        Type = Type,
        Visibility = Visibility,
        Colour = Colour,
        IsDefault = IsDefault,
        IsSpam = IsSpam,
        Complexity = Complexity,
        SlaHours = SlaHours,
        Priority = Priority,
        Channels = [.. Channels.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
        MailboxIds = [.. MailboxIds],
        Detection = Detection,
        Conditions = Conditions.ToGroup(),
        AssignmentIds = [.. AssignmentIds],
    };
}
