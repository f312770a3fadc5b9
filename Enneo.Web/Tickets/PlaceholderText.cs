using System.Net;
using System.Text.RegularExpressions;

namespace Enneo.Web.Tickets;

/// <summary>Puts values in place of <c>{{name}}</c>, each once: what a value says is never filled again.</summary>
internal static partial class PlaceholderText
{
    public const int MaxPlaceholders = 100;

    /// <summary>Of a value, in characters.</summary>
    public const int MaxValue = 10_000;

    public static bool AreFew(IReadOnlyDictionary<string, string?>? values) => values is null || values.Count <= MaxPlaceholders;

    public static bool AreShort(IReadOnlyDictionary<string, string?>? values) => values is null || values.Values.All(value => value is null or { Length: <= MaxValue });

    /// <param name="isHtml">Then values are text within it, never markup.</param>
    public static string Fill(string text, IReadOnlyDictionary<string, string?>? values, bool isHtml) => values is not { Count: > 0 } ? text
        : Placeholder.Replace(text, match => ValueOf(match, values, isHtml));

    /// <summary>How many characters <see cref="Fill"/> would make of it: few words can name a long value often.</summary>
    public static long Length(string text, IReadOnlyDictionary<string, string?>? values, bool isHtml)
    {
        if (values is not { Count: > 0 })
        {
            return text.Length;
        }

        var lengths = values.ToDictionary(value => value.Key, value => Written(value.Value, isHtml).Length);
        return text.Length + Placeholder.Matches(text).Sum(match => lengths.TryGetValue(match.Groups["name"].Value, out var length) ? (long)length - match.Length : 0);
    }

    private static string ValueOf(Match match, IReadOnlyDictionary<string, string?> values, bool isHtml) =>
        values.TryGetValue(match.Groups["name"].Value, out var value) ? Written(value, isHtml) : match.Value;

    private static string Written(string? value, bool isHtml) => isHtml ? WebUtility.HtmlEncode(value ?? "") : value ?? "";

    [GeneratedRegex(@"\{\{(?<name>[^{}]{1,200})\}\}")]
    private static partial Regex Placeholder { get; }
}
