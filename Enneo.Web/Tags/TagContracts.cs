using Enneo.Core.Conditions;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tags;

/// <summary>What a tag is besides a label.</summary>
internal enum TagProperty
{
    /// <summary>Given when nothing else matched; one tag has it.</summary>
    DefaultSkill,

    /// <summary>Given to spam, and to nothing else.</summary>
    Spam,
}

internal sealed record ConditionContract(
    ConditionField Field, ConditionOperator Operator, IReadOnlyList<string>? Values = null, bool Negated = false, string? Header = null)
{
    public static ConditionContract From(ConditionTest test) => new(test.Field, test.Operator, test.Values, test.IsNegated, test.Header);

    public ConditionTest ToTest() => new(Field, Operator, Values ?? [], Negated, Header);
}

/// <summary>Conditions of which all must hold, or any.</summary>
internal sealed record ConditionsContract(
    bool Any = false, bool Negated = false, IReadOnlyList<ConditionContract>? Tests = null, IReadOnlyList<ConditionsContract>? Groups = null)
{
    public static ConditionsContract From(ConditionGroup group) => new(
        group.Any, group.IsNegated, [.. group.Tests.Select(ConditionContract.From)], [.. group.Groups.Select(From)]);

    public ConditionGroup ToGroup() => new(Any, [.. (Tests ?? []).Select(test => test.ToTest())], [.. (Groups ?? []).Select(group => group.ToGroup())], Negated);
}

/// <summary>How mails find the tag by themselves.</summary>
internal sealed record DetectionContract(TagDetectionMode Mode = TagDetectionMode.None, ConditionsContract? Conditions = null);

internal sealed record TagResponse(
    long Id,
    string Name,
    string FullName,
    long? Parent,
    TagReference Reference,
    TagType Type,
    TagVisibility Visibility,
    TagColour Color,
    IReadOnlyList<TagProperty> Properties,
    int? Complexity,
    int? Sla,
    TicketPriority? Priority,
    IReadOnlyList<string> Channels,
    IReadOnlyList<long> Subchannels,
    DetectionContract DetectionDetails,
    IReadOnlyList<long> Assignment,
    long? ModifiedBy,
    DateTimeOffset ModifiedAt)
{
    public static TagResponse From(SeenTag seen)
    {
        var tag = seen.Tag;
        return new(
            tag.Id,
            tag.Name,
            seen.FullName,
            seen.ParentId,
            tag.Reference,
            tag.Type,
            tag.Visibility,
            tag.Colour,
            PropertiesOf(tag),
            tag.Complexity,
            tag.SlaHours,
            tag.Priority,
            tag.Channels,
            seen.MailboxIds,
            new DetectionContract(tag.Detection, seen.Conditions.IsEmpty ? null : ConditionsContract.From(seen.Conditions)),
            seen.AssignmentIds,
            seen.ModifiedBy,
            tag.ModifiedAt);
    }

    private static List<TagProperty> PropertiesOf(Tag tag)
    {
        List<TagProperty> properties = [];
        if (tag.IsDefault)
        {
            properties.Add(TagProperty.DefaultSkill);
        }

        if (tag.IsSpam)
        {
            properties.Add(TagProperty.Spam);
        }

        return properties;
    }
}

/// <summary>A tag and what stands under it.</summary>
internal sealed record TagNode(long Id, string Name, string FullName, TagColour Color, TagVisibility Visibility, IReadOnlyList<TagNode> Children);

internal sealed record TagAnswer(bool Success, TagResponse Tag);

internal sealed record TagListAnswer(bool Success, IReadOnlyList<TagResponse> Tags);

internal sealed record TagTreeAnswer(bool Success, IReadOnlyList<TagNode> Tree);

/// <summary>All that can be said of a tag; its rules are those of its form.</summary>
internal sealed record TagRequest : IApiRequest<TagRequest>
{
    public static IValidator<TagRequest> Validator { get; } = new Rules();

    public string? Name { get; init; }
    public long? Parent { get; init; }
    public TagReference Reference { get; init; }
    public TagType Type { get; init; }
    public TagVisibility Visibility { get; init; }
    public TagColour Color { get; init; }
    public IReadOnlyList<TagProperty>? Properties { get; init; }

    /// <summary>1 to 5.</summary>
    public int? Complexity { get; init; }

    /// <summary>Business hours.</summary>
    public int? Sla { get; init; }

    public TicketPriority? Priority { get; init; }
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Where it applies; none for all mailboxes.</summary>
    public IReadOnlyList<long>? Subchannels { get; init; }

    public DetectionContract? DetectionDetails { get; init; }
    public IReadOnlyList<long>? Assignment { get; init; }

    public TagInput ToInput() => new()
    {
        Name = Name,
        ParentId = Parent,
        Reference = Reference,
        Type = Type,
        Visibility = Visibility,
        Colour = Color,
        IsDefault = Properties?.Contains(TagProperty.DefaultSkill) is true,
        IsSpam = Properties?.Contains(TagProperty.Spam) is true,
        Complexity = Complexity,
        SlaHours = Sla,
        Priority = Priority,
        Channels = Channels ?? [],
        MailboxIds = Subchannels ?? [],
        Detection = DetectionDetails?.Mode ?? TagDetectionMode.None,
        Conditions = DetectionDetails?.Conditions?.ToGroup() ?? ConditionGroup.Empty,
        AssignmentIds = Assignment ?? [],
    };

    /// <summary>What the type alone does not say: no list holds null.</summary>
    private sealed class Rules : AbstractValidator<TagRequest>
    {
        public Rules()
        {
            RuleForEach(tag => tag.Channels).NotNull();
            RuleFor(tag => tag.DetectionDetails!.Conditions).Must(IsWhole).When(tag => tag.DetectionDetails is not null).WithMessage(_ => ApiText.ValueWrong);
        }

        private static bool IsWhole(ConditionsContract? conditions) => conditions is null
            || ((conditions.Tests ?? []).All(test => test is not null && (test.Values ?? []).All(value => value is not null))
                && (conditions.Groups ?? []).All(group => group is not null && IsWhole(group)));
    }
}
