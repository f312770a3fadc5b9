using Enneo.Core.Search.Language;

namespace Enneo.Core.Search;

/// <summary>
/// Writes a query as FTS5 reads it. Everything that a person typed stands in quotes, as a string; the
/// columns, and who may see what, are ours.
/// </summary>
internal sealed class SearchMatch(SearchQuery query, SearchScope scope, Func<string, IReadOnlyList<string>> complete)
{
    private const string Anywhere = Columns.Words;
    private const int Near = 10;

    private readonly Dictionary<SearchTerm, IReadOnlyList<string>> _spellings = [];

    public static string Quote(string words) => $"\"{words.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What must hold, in columns.</summary>
    public string Whole
    {
        get
        {
            List<string> all = [.. scope.Clauses(needsOne: query.All.Count == 0), .. query.All.Select(terms => Any(terms, Anywhere))];
            List<string> none = [.. scope.Exclusions(), .. query.None.Select(term => One(term, Anywhere))];
            var whole = string.Join(" AND ", all);
            return none.Count == 0 ? whole : $"({whole}) NOT ({string.Join(" OR ", none)})";
        }
    }

    /// <summary>What was looked for, in rows that are known to match: cheaper, since who may see them is not asked again.</summary>
    public string Wanted => query.All.Count == 0 ? Whole : string.Join(" AND ", query.All.Select(terms => Any(terms, Anywhere)));

    /// <summary>In rows that are known to match: every word that may stand anywhere, in one column; null when there is none.</summary>
    /// <param name="column">As in <see cref="Columns"/>.</param>
    public string? Within(string column)
    {
        var words = query.All.Where(terms => terms.Any(term => term.Field is SearchField.Anywhere)).Select(terms => Any(terms, column)).ToList();
        return words.Count == 0 ? null : string.Join(" AND ", words);
    }

    /// <summary>All words close to each other; null for one word alone.</summary>
    public string? Together()
    {
        var words = query.All.Where(terms => terms is [{ Field: SearchField.Anywhere }]).Select(terms => Spellings(terms[0])).ToList();
        return words.Count < 2 || words.Count < query.All.Count || words.Any(spellings => spellings.Count != 1)
            ? null
            : $"{Anywhere} : NEAR({string.Join(' ', words.Select(spellings => Quote(spellings[0])))}, {Near})";
    }

    private string Any(IReadOnlyList<SearchTerm> terms, string anywhere) => $"({string.Join(" OR ", terms.Select(term => One(term, anywhere)))})";

    private string One(SearchTerm term, string anywhere)
    {
        var columns = term.Field switch
        {
            SearchField.Subject => Columns.Subject,
            SearchField.From => Columns.Sender,
            SearchField.To => Columns.Recipients,
            SearchField.FileName => Columns.Files,
            _ => anywhere,
        };
        return $"{columns} : ({string.Join(" OR ", Spellings(term).Select(Quote))})";
    }

    /// <summary>The word itself, and for one that may go on all that the index knows.</summary>
    private IReadOnlyList<string> Spellings(SearchTerm term)
    {
        if (!_spellings.TryGetValue(term, out var spellings))
        {
            var (head, last) = Words.SplitLast(term.Words);
            var known = term.IsPrefix && last.Length > 0 ? complete(Words.Fold(last)) : [];
            _spellings[term] = spellings = known.Count == 0 ? [term.Words] : [.. known.Select(word => head + word)];
        }

        return spellings;
    }

    public static class Columns
    {
        public const string Scope = "Scope";

        /// <summary>All that holds what somebody wrote.</summary>
        public const string Words = "{Subject Sender Recipients Files Body}";

        public const string Subject = "Subject";
        public const string Sender = "Sender";
        public const string Recipients = "Recipients";
        public const string Files = "Files";
    }
}
