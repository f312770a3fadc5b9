using System.Text.RegularExpressions;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>
/// What a field is made of: a JSONPath (<c>$.issue.title</c>), or a text with such paths in it (<c>Build {{$.number}} failed</c>).
/// </summary>
public static partial class HookTemplate
{
    public const int MaxLength = 1000;

    /// <summary>Whether it is a path and nothing else.</summary>
    public static bool IsPath(string template) => template.TrimStart().StartsWith('$');

    /// <returns>The first part of it that is no path; null if all are.</returns>
    public static string? WrongPath(string template) => IsPath(template)
        ? HookPayload.IsPath(template.Trim()) ? null : template
        : Part().Matches(template).Select(match => match.Groups["path"].Value).FirstOrDefault(path => !HookPayload.IsPath(path));

    /// <returns>Null where nothing of what it names is there.</returns>
    public static string? Fill(string template, HookPayload payload)
    {
        if (IsPath(template))
        {
            return payload.Find(template.Trim()) is [var first, ..] ? first : null;
        }

        var (asked, found) = (0, 0);
        var text = Part().Replace(template, match =>
        {
            asked++;
            var value = payload.Find(match.Groups["path"].Value) is [var first, ..] ? first : null;
            found += value is null ? 0 : 1;
            return value ?? "";
        });
        return asked > 0 && found == 0 ? null : text;
    }

    /// <returns>All that it finds, a list as its members.</returns>
    public static IReadOnlyList<string> FillEach(string template, HookPayload payload) =>
        IsPath(template) ? payload.FindEach(template.Trim()) : Fill(template, payload) is { } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    [GeneratedRegex(@"\{\{\s*(?<path>\$[^{}]*?)\s*\}\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
