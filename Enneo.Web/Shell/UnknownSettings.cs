using System.Globalization;

namespace Enneo.Web.Shell;

/// <summary>Keys that nobody reads: nearly always a slip of the pen.</summary>
internal static class UnknownSettings
{
    private const int NearEnough = 3;

    public static IEnumerable<string> Find(IConfiguration configuration, IReadOnlyList<(string Section, Type Options)> sections)
    {
        var known = sections
            .SelectMany(s => s.Options.GetProperties().Where(p => p.CanWrite).Select(p => $"{s.Section}:{p.Name}"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        return configuration.GetSection(EnneoOptions.Section).AsEnumerable()
            .Where(pair => pair.Value is not null && !IsKnown(pair.Key, known))
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal)
            .Select(key => $"{key}: {Explain(key, known)}");
    }

    /// <summary>A known key, or an item of the list that a known key is.</summary>
    private static bool IsKnown(string key, HashSet<string> known) =>
        known.Contains(key)
        || (key.LastIndexOf(':') is > 0 and var colon && int.TryParse(key.AsSpan(colon + 1), out _) && known.Contains(key[..colon]));

    private static string Explain(string key, HashSet<string> known)
    {
        var nearest = known.MinBy(k => Distance(k.ToUpperInvariant(), key.ToUpperInvariant()))!;
        return Distance(nearest.ToUpperInvariant(), key.ToUpperInvariant()) <= NearEnough
            ? string.Format(CultureInfo.CurrentCulture, SettingsText.UnknownDidYouMean, nearest)
            : SettingsText.Unknown;
    }

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
