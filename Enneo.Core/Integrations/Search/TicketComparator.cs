using System.Text.Json;

namespace Enneo.Core.Integrations.Search;

/// <summary>How a field is compared.</summary>
public enum TicketComparator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    Between,
}

/// <summary>How programs write them.</summary>
public static class TicketComparators
{
    private static readonly (string Word, TicketComparator Comparator)[] s_words =
    [
        ("=", TicketComparator.Equal), ("!=", TicketComparator.NotEqual), ("<", TicketComparator.Less), ("<=", TicketComparator.LessOrEqual),
        (">", TicketComparator.Greater), (">=", TicketComparator.GreaterOrEqual), ("in", TicketComparator.In), ("not in", TicketComparator.NotIn),
        ("between", TicketComparator.Between),
    ];

    public static string WordOf(TicketComparator comparator) => s_words.First(pair => pair.Comparator == comparator).Word;

    /// <returns>Null for what is none.</returns>
    public static TicketComparator? Find(string word)
    {
        var found = Array.FindIndex(s_words, pair => pair.Word.Equals(word.Trim(), StringComparison.OrdinalIgnoreCase));
        return found < 0 ? null : s_words[found].Comparator;
    }
}

/// <summary>One condition of a search, as it was sent.</summary>
/// <param name="Key">A field, with or without <c>t.</c> before it.</param>
/// <param name="Value">For all comparators but those with several values.</param>
/// <param name="Values">For <c>in</c> and <c>not in</c>.</param>
/// <param name="From">Inclusive, as <paramref name="To"/>; for <c>between</c>.</param>
public sealed record TicketCondition(string Key, string? Comparator, JsonElement? Value, IReadOnlyList<JsonElement>? Values, JsonElement? From, JsonElement? To);

/// <summary>What is searched for.</summary>
/// <param name="WithoutSpam">Leaves out spam, junk and trash.</param>
/// <param name="OrderBy">A field that can be ordered by; null for when its newest message came.</param>
public sealed record TicketCriteria(IReadOnlyList<TicketCondition> Conditions, bool WithoutSpam, string? OrderBy, bool Ascending, int Offset, int Limit)
{
    /// <summary>Where the page before ended; null for the first one, or where <see cref="Offset"/> says it.</summary>
    public string? Cursor { get; init; }
}

/// <summary>How a search ended.</summary>
/// <param name="Errors">By field, such as <c>filters[0].key</c>; empty on success.</param>
public sealed record TicketSearchResult(IReadOnlyList<TicketRow> Tickets, int Total, IReadOnlyDictionary<string, string[]> Errors)
{
    /// <summary>There may be more than <see cref="Total"/>: full text finds the newest conversations only.</summary>
    public bool TotalIsAtLeast { get; init; }

    /// <summary>For the next page; null where this one is the last.</summary>
    public string? Next { get; init; }

    internal static TicketSearchResult Refused(string field, string error) => new([], 0, new Dictionary<string, string[]> { [field] = [error] });
}
