using FluentValidation;

namespace Enneo.Core.Hours;

/// <summary>The rules of the hours. What is always open may be unfinished otherwise.</summary>
public sealed class BusinessHoursValidator : AbstractValidator<BusinessHours>
{
    private const int MostHolidays = 500;

    public BusinessHoursValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(h => h.TimeZone).Must(IsZone).WithMessage(_ => HoursText.ZoneUnknown).When(h => !h.IsAlwaysOpen);
        RuleFor(h => h.Week)
            .Must(week => week.Values.All(open => open.Length > TimeSpan.Zero)).WithMessage(_ => HoursText.ClosesFirst)
            .Must(week => week.Values.Sum(open => open.Length.TotalHours) >= 1).WithMessage(_ => HoursText.NeverOpen)
            .When(h => !h.IsAlwaysOpen);
        RuleFor(h => h.Holidays).Must(days => days.Count <= MostHolidays).WithMessage(_ => HoursText.TooManyHolidays);
    }

    private static bool IsZone(string zone) => zone is "UTC" or { Length: > 0 and < 100 } && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
}
