using System.Text.RegularExpressions;

namespace Enneo.Core.Sending;

/// <summary>The subject of a forwarded mail.</summary>
internal static partial class ForwardSubject
{
    private const int MaxLength = 880;

    /// <summary>"Fwd: " once, whatever forwards were heaped up before it in whatever language; that it was an answer stays.</summary>
    public static string For(string subject) => ("Fwd: " + Without(subject)).Trim();

    public static string Without(string subject) => Prefixes.Replace(OneLine.Of(subject, MaxLength), "");

    /// <summary>Of mail programs in English, German, French, Dutch, Scandinavian, Polish, Spanish and Portuguese.</summary>
    [GeneratedRegex(@"^(?:\s*(?:fwd?|wg|tr|doorst|vs|vb|pd|rv|enc)(?:\[[0-9]{1,4}\]|\([0-9]{1,4}\))?\s?:)+\s*",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Prefixes { get; }
}
