using System.Text.RegularExpressions;

namespace Enneo.Core.Conditions;

/// <summary>A regular expression that somebody entered: it takes time in proportion to the text where it can, and is given up where it cannot.</summary>
internal static class ConditionPattern
{
    public const int MaxLength = 500;

    private const RegexOptions Common = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    /// <returns>Null if it is none.</returns>
    public static Regex? Read(string pattern) => Linear(pattern) ?? Backtracking(pattern);

    // Look-arounds and references back need backtracking, and only those get it.
    private static Regex? Linear(string pattern)
    {
        try
        {
            return new Regex(pattern, Common | RegexOptions.NonBacktracking, s_patience);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Regex? Backtracking(string pattern)
    {
        try
        {
            return new Regex(pattern, Common, s_patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
