using System.Net;
using System.Text.RegularExpressions;
using Enneo.Core.Sending;

namespace Enneo.Core.Templates;

/// <summary>
/// Puts values in place of <c>{{name}}</c>. A value is text, never markup, and is not looked into for placeholders of its
/// own; what nobody knows stays as it is written, for the author of the answer to see.
/// </summary>
public static partial class Placeholders
{
    public const string Customer = "customer";
    public const string Agent = "agent";
    public const string Ticket = "ticket";
    public const string Subject = "subject";
    public const string Mailbox = "mailbox";

    private static readonly ComposedHtml s_html = new();

    /// <summary>Those that are filled in without anybody saying by what.</summary>
    public static IReadOnlyList<string> Known { get; } = [Customer, Agent, Ticket, Subject, Mailbox];

    /// <returns>Plain text stays as it was typed.</returns>
    public static string Sanitize(string text)
    {
        var clean = text.Replace("\0", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        return IsHtml(clean) ? s_html.Sanitize(clean) : clean;
    }

    /// <returns>The names that a text has places for, each once.</returns>
    public static IReadOnlyList<string> In(string text) => [.. Placeholder().Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <param name="text">Plain text or HTML.</param>
    /// <returns>Sanitised HTML: within an address, too, a value makes nothing else of it.</returns>
    public static string Fill(string text, IReadOnlyDictionary<string, string?> values) => s_html.Sanitize(Placeholder().Replace(
        ToHtml(text), match => values.TryGetValue(match.Groups["name"].Value, out var value) ? WebUtility.HtmlEncode(value ?? "") : match.Value));

    private static string ToHtml(string text) => IsHtml(text)
        ? text
        : string.Concat(text.Split('\n').Select(line => $"<div>{(line.Trim().Length > 0 ? WebUtility.HtmlEncode(line.Trim()) : "<br>")}</div>"));

    private static bool IsHtml(string text) => Tag().IsMatch(text);

    [GeneratedRegex(@"\{\{\s*(?<name>[\p{L}\p{N}_.-]{1,60})\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex("<[a-z!/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
