using System.Text.RegularExpressions;

namespace Enneo.Core.Sending;

/// <summary>The subject of an answer.</summary>
internal static partial class ReplySubject
{
    private const int MaxLength = 880;

    /// <summary>"Re: " once, whatever replies were heaped up before it in whatever language.</summary>
    public static string For(string subject) => ("Re: " + Prefixes.Replace(OneLine.Of(subject, MaxLength), "")).Trim();

    /// <summary>Of mail programs in English, German, Dutch, Scandinavian, Polish and Italian, with counters such as <c>Re[2]:</c>.</summary>
    [GeneratedRegex(@"^(?:\s*(?:re|aw|antw|antwort|sv|vs|odp|rif)(?:\[[0-9]{1,4}\]|\([0-9]{1,4}\))?\s?:)+\s*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Prefixes { get; }
}
