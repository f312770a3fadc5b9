using Enneo.Core.Conditions;
using FluentValidation;

namespace Enneo.Core.Tags;

/// <summary>The rules of a tag: the form and the API share them.</summary>
public sealed class TagInputValidator : AbstractValidator<TagInput>
{
    private const int MaxNameLength = 80;
    private const int MaxSlaHours = 10_000;

    private static readonly string[] s_channels = ["email", "portal", "phone", "letter", "system", "chat", "walkIn"];

    public TagInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(t => t.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage(_ => TagText.NameMissing)
            .Must(name => name!.Trim().Length <= MaxNameLength && !name.Any(c => char.IsControl(c) || c is '/' or '"')).WithMessage(_ => TagText.NameInvalid);
        RuleFor(t => t.IsSpam).Must((tag, isSpam) => !(isSpam && tag.IsDefault)).WithMessage(_ => TagText.SpamOrDefault);
        RuleFor(t => t.Complexity).InclusiveBetween(1, 5).WithMessage(_ => TagText.ComplexityInvalid);
        RuleFor(t => t.SlaHours).InclusiveBetween(1, MaxSlaHours).WithMessage(_ => TagText.SlaInvalid);
        RuleFor(t => t.Channels).Must(channels => channels.All(s_channels.Contains)).WithMessage(_ => TagText.ChannelUnknown);
        RuleFor(t => t.Conditions).SetValidator(new ConditionGroupValidator()).When(t => t.NeedsConditions);
    }
}
