using Enneo.Core.Data;

namespace Enneo.Core.Search;

/// <summary>
/// The words of the index that begin as somebody types. FTS5's own prefix queries read every
/// occurrence of each of them before the first row (seconds, at a million mails); this leaps from one
/// word to the next, and the words are then looked for as they are. Words that stand only in mail that is out of reach
/// are no words here.
/// </summary>
internal sealed class WordCompletion(EnneoDbContext db, SearchScope scope, TimeProvider clock) : IDisposable
{
    private const int ShortestAscii = 3;
    private const string AfterAll = "\U0010FFFF";

    /// <summary>Comes after a word and before every word that it begins.</summary>
    private const string Next = "\u0001";

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(12);

    private readonly string? _within = scope.OfMailboxes;
    private readonly SqlStatement _occurs = new(db, "SELECT 1 FROM search WHERE search MATCH @0 LIMIT 1");
    private readonly SqlStatement _next = new(db, "SELECT term FROM search_words WHERE term >= @0 AND term < @1 LIMIT 1");

    /// <summary>Too many words begin so; where one sign is a syllable or a word, one says enough.</summary>
    public static bool IsTooShort(string prefix) => prefix.Length == 0 || (prefix.Length < ShortestAscii && char.IsAscii(prefix[0]));

    /// <param name="prefix">As the index writes words.</param>
    /// <returns>Empty when there is none, or it is too short to say anything.</returns>
    public IReadOnlyList<string> Find(string prefix)
    {
        if (IsTooShort(prefix))
        {
            return [];
        }

        var started = clock.GetTimestamp();
        List<string> words = [];
        var most = MostWords(prefix);
        Collect(prefix, prefix + Next, words, most, started);
        Collect(prefix + "a", prefix + AfterAll, words, most, started); // words before numbers that begin alike
        Collect(prefix + Next, prefix + "a", words, most, started);
        return words;
    }

    public void Dispose()
    {
        _occurs.Dispose();
        _next.Dispose();
    }

    /// <summary>The index looks each of them up: who has typed little waits for an answer, not for all of it.</summary>
    private static int MostWords(string prefix) => prefix.Length switch { <= ShortestAscii => 24, ShortestAscii + 1 => 48, _ => 100 };

    private void Collect(string from, string until, List<string> words, int most, long started)
    {
        while (words.Count < most && clock.GetElapsedTime(started) < s_patience
            && _next.Rows(row => row.GetString(0), from, until) is [var word])
        {
            if (IsWithinReach(word))
            {
                words.Add(word);
            }

            from = word + Next;
        }
    }

    private bool IsWithinReach(string word) =>
        _within is null || _occurs.Rows(row => row.GetInt32(0), $"{_within} AND {SearchMatch.Columns.Words} : {SearchMatch.Quote(word)}").Count > 0;
}
