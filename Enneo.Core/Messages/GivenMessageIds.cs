using System.Text.RegularExpressions;

namespace Enneo.Core.Messages;

/// <summary>
/// Message-IDs that a server puts in the place of ours. Some name them when they take a mail: Exchange in brackets,
/// Amazon SES without a domain, which it adds by its region.
/// </summary>
internal static partial class GivenMessageIds
{
    private const string AmazonDomain = "amazonses.com";
    private const int MaxIds = 3;

    /// <param name="answer">What the server said to the end of the content.</param>
    /// <param name="addresses">Whom it may speak of in brackets as well.</param>
    /// <returns>Without brackets; empty when it names none.</returns>
    public static IReadOnlyList<string> In(string answer, IEnumerable<string> addresses)
    {
        var people = addresses.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Bracketed.Matches(answer).Select(match => match.Groups["id"].Value)
            .Concat(Amazon.Matches(answer).Select(match => $"{match.Value}@{AmazonDomain}"))
            .Where(id => !people.Contains(id))
            .Distinct(StringComparer.Ordinal)
            .Take(MaxIds)];
    }

    /// <returns>An id of Amazon SES in the form in which <see cref="In"/> gives it, whatever its region; null for any other.</returns>
    public static string? WithoutRegion(string id) =>
        id.EndsWith("." + AmazonDomain, StringComparison.OrdinalIgnoreCase) && id.LastIndexOf('@') is var at and > 0
            ? string.Concat(id.AsSpan(0, at + 1), AmazonDomain)
            : null;

    [GeneratedRegex(@"<(?<id>[^<>\s@]{1,400}@[^<>\s@]{1,255})>", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Bracketed { get; }

    [GeneratedRegex(@"(?<![\w.@-])[0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]{6}(?![\w.@-])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Amazon { get; }
}
