using FluentValidation;

namespace Enneo.Core.Analysis;

/// <summary>The rules of the settings; what is switched off may be unfinished.</summary>
public sealed class AiSettingsValidator : AbstractValidator<AiSettingsInput>
{
    private const int MaxTokens = 1_000_000_000;
    private const int MaxPrice = 1_000_000;
    private const int MaxCurrency = 10;

    public AiSettingsValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(s => s.Endpoint)
            .Must(endpoint => endpoint.Trim().Length > 0).When(s => s.IsEnabled, ApplyConditionTo.CurrentValidator).WithMessage(_ => AnalysisText.EndpointMissing)
            .Must(endpoint => endpoint.Trim().Length == 0 || IsAddress(endpoint)).WithMessage(_ => AnalysisText.EndpointInvalid)
            .Must((s, endpoint) => s.MayBePrivate || !endpoint.Trim().StartsWith("http:", StringComparison.OrdinalIgnoreCase)).WithMessage(_ => AnalysisText.EndpointInClear);
        RuleFor(s => s.Model)
            .Must(model => model.Trim().Length > 0).When(s => s.IsEnabled, ApplyConditionTo.CurrentValidator).WithMessage(_ => AnalysisText.ModelMissing)
            .Must(model => model.Length <= 200 && !model.Any(char.IsControl)).WithMessage(_ => AnalysisText.ModelMissing);
        RuleFor(s => s.Key).Must(key => key is null || (key.Length <= 1000 && !key.Any(char.IsControl))).WithMessage(_ => AnalysisText.KeyInvalid);
        RuleFor(s => s.DailyTokens).InclusiveBetween(0, MaxTokens).WithMessage(_ => AnalysisText.TokensInvalid);
        RuleFor(s => s.SecondOpinionDailyTokens).InclusiveBetween(0, MaxTokens).WithMessage(_ => AnalysisText.TokensInvalid);
        RuleFor(s => s.InputPrice).InclusiveBetween(0, MaxPrice).WithMessage(_ => AnalysisText.PriceInvalid);
        RuleFor(s => s.OutputPrice).InclusiveBetween(0, MaxPrice).WithMessage(_ => AnalysisText.PriceInvalid);
        RuleFor(s => s.Currency).Must(currency => currency.Length <= MaxCurrency && !currency.Any(char.IsControl)).WithMessage(_ => AnalysisText.CurrencyInvalid);
        RuleFor(s => s.TimeoutSeconds).InclusiveBetween(1, 120).WithMessage(_ => AnalysisText.TimeoutInvalid);
    }

    private static bool IsAddress(string endpoint) =>
        Uri.TryCreate(endpoint.Trim(), UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, Host.Length: > 0 };
}
