using System.Net;
using System.Text.RegularExpressions;

namespace Enneo.Web.Tickets;

/// <summary>Puts values in place of <c>{{name}}</c>, each once: what a value says is never filled again.</summary>
internal static partial class PlaceholderText
{
    public const int MaxPlaceholders = 100;

    /// <param name="isHtml">Then values are text within it, never markup.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string?>? values, bool isHtml) => values is not { Count: > 0 } ? text
        : Placeholder.Replace(text, match => ValueOf(match, values, isHtml));

    /// <summary>How many characters <see cref="Fill"/> would make of it: few words can name a long value often.</summary>
    public static long Length(string text, IReadOnlyDictionary<string, string?>? values, bool isHtml) => values is not { Count: > 0 } ? text.Length
        : text.Length + Placeholder.Matches(text).Sum(match => (long)ValueOf(match, values, isHtml).Length - match.Length);

    private static string ValueOf(Match match, IReadOnlyDictionary<string, string?> values, bool isHtml) =>
        !values.TryGetValue(match.Groups["name"].Value, out var value) ? match.Value
        : isHtml ? WebUtility.HtmlEncode(value ?? "")
        : value ?? "";

    [GeneratedRegex(@"\{\{(?<name>[^{}]{1,200})\}\}")]
    private static partial Regex Placeholder { get; }
}
