using System.Net;

namespace Enneo.Web.Tickets;

/// <summary>Puts values in place of <c>{{name}}</c>.</summary>
internal static class PlaceholderText
{
    public const int MaxPlaceholders = 100;

    /// <param name="isHtml">Then values are text within it, never markup.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string?>? values, bool isHtml)
    {
        foreach (var (name, value) in values ?? new Dictionary<string, string?>())
        {
            var line = isHtml ? WebUtility.HtmlEncode(value ?? "") : value ?? "";
            text = text.Replace($"{{{{{name}}}}}", line, StringComparison.Ordinal);
        }

        return text;
    }
}
