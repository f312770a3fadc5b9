using Enneo.Core.Conditions;
using Enneo.Core.Tickets;

namespace Enneo.Core.Tags;

/// <summary>All that can be said of a tag, as the form and the API send it.</summary>
public sealed record TagInput
{
    public string? Name { get; init; }
    public long? ParentId { get; init; }
    public TagReference Reference { get; init; }
    public TagType Type { get; init; }
    public TagVisibility Visibility { get; init; }
    public TagColour Colour { get; init; }
    public bool IsDefault { get; init; }
    public bool IsSpam { get; init; }

    /// <summary>1 to 5.</summary>
    public int? Complexity { get; init; }

    /// <summary>Business hours.</summary>
    public int? SlaHours { get; init; }

    public TicketPriority? Priority { get; init; }
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>None for all mailboxes.</summary>
    public IReadOnlyList<long> MailboxIds { get; init; } = [];

    public TagDetectionMode Detection { get; init; }

    /// <summary>Needed where <see cref="Detection"/> names them.</summary>
    public ConditionGroup Conditions { get; init; } = ConditionGroup.Empty;

    public IReadOnlyList<long> AssignmentIds { get; init; } = [];

    internal bool NeedsConditions => Detection is TagDetectionMode.Conditions or TagDetectionMode.AiAndConditions or TagDetectionMode.AiOrConditions;

    public static TagInput Of(Tag tag) => new()
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
        Channels = [.. tag.Channels],
        MailboxIds = [.. tag.MailboxIds],
        Detection = tag.Detection,
        Conditions = tag.Conditions,
        AssignmentIds = [.. tag.AssignmentIds],
    };

    internal void ApplyTo(Tag tag)
    {
        tag.Name = Name!.Trim();
        (tag.ParentId, tag.Reference, tag.Type, tag.Visibility, tag.Colour) = (ParentId, Reference, Type, Visibility, Colour);
        (tag.IsDefault, tag.IsSpam, tag.Complexity, tag.SlaHours, tag.Priority) = (IsDefault, IsSpam, Complexity, SlaHours, Priority);
        (tag.Channels, tag.MailboxIds, tag.AssignmentIds) = ([.. Channels], [.. MailboxIds.Distinct().Order()], [.. AssignmentIds.Distinct().Order()]);
        (tag.Detection, tag.Conditions) = (Detection, Conditions);
    }
}
