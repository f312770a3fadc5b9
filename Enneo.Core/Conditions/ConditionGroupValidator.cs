using FluentValidation;

namespace Enneo.Core.Conditions;

/// <summary>The rules of conditions: tags and automations share them.</summary>
public sealed class ConditionGroupValidator : AbstractValidator<ConditionGroup>
{
    private const int MaxTests = 50;
    private const int MaxDepth = 4;
    private const int MaxValues = 200;
    private const int MaxValueLength = 1000;

    public ConditionGroupValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(group => group)
            .Must(group => !group.IsEmpty).WithMessage(_ => ConditionText.NoCondition)
            .Must(group => group.AllTests.Count() <= MaxTests && Depth(group) <= MaxDepth).WithMessage(_ => ConditionText.TooMany)
            .Must(group => group.AllTests.All(HasValues)).WithMessage(_ => ConditionText.ValueMissing)
            .Must(group => group.AllTests.All(IsShort)).WithMessage(_ => ConditionText.ValueTooLong)
            .Must(group => group.AllTests.All(test => test.Field is not ConditionField.Header || !string.IsNullOrWhiteSpace(test.Header))).WithMessage(_ => ConditionText.HeaderMissing)
            .Must(group => group.AllTests.All(IsPattern)).WithMessage(_ => ConditionText.NoPattern)
            .OverridePropertyName("conditions");
    }

    private static int Depth(ConditionGroup group) => 1 + group.Groups.Select(Depth).DefaultIfEmpty(0).Max();

    private static bool HasValues(ConditionTest test) =>
        test.Field is ConditionField.HasAttachment || test.Operator is ConditionOperator.IsEmpty || (test.Values.Count > 0 && !test.Values.Any(string.IsNullOrWhiteSpace));

    private static bool IsShort(ConditionTest test) => test.Values.Count <= MaxValues && test.Values.All(value => value.Length <= MaxValueLength);

    private static bool IsPattern(ConditionTest test) => test.Operator is not ConditionOperator.Matches
        || test.Values.All(value => value.Length <= ConditionPattern.MaxLength && ConditionPattern.Read(value) is not null);
}
