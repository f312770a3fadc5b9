using System.Globalization;

namespace Enneo.Core.Integrations.Search;

/// <summary>What languages are called in English, as programs read them.</summary>
public static class LanguageNames
{
    /// <returns>Null where a mail's language is not known.</returns>
    public static string? Of(string? code) => code is { Length: > 0 } ? CultureInfo.GetCultureInfo(code).EnglishName : null;

    /// <returns>Null for what no language is called.</returns>
    public static string? CodeOf(string name) => CultureInfo.GetCultures(CultureTypes.NeutralCultures)
        .FirstOrDefault(culture => culture.Name.Length > 0 && culture.EnglishName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name;
}
