using Enneo.Core.Data;

namespace Enneo.Core.Search;

/// <summary>
/// The words of the index that begin as somebody types. FTS5's own prefix queries read every
/// occurrence of each of them before the first row (seconds, at a million mails); this leaps from one
/// word to the next, and the words are then looked for as they are.
/// </summary>
internal sealed class WordCompletion(EnneoDbContext db, TimeProvider clock) : IDisposable
{
    private const int MaxWords = 100;
    private const int ShortestAscii = 3;
    private const string AfterAll = "\U0010FFFF";

    /// <summary>Comes after a word and before every word that it begins.</summary>
    private const string Next = "\u0001";

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(12);

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
        Collect(prefix, prefix + Next, words, started);
        Collect(prefix + "a", prefix + AfterAll, words, started); // words before numbers that begin alike
        Collect(prefix + Next, prefix + "a", words, started);
        return words;
    }

    public void Dispose() => _next.Dispose();

    private void Collect(string from, string until, List<string> words, long started)
    {
        while (words.Count < MaxWords && clock.GetElapsedTime(started) < s_patience
            && _next.Rows(row => row.GetString(0), from, until) is [var word])
        {
            words.Add(word);
            from = word + Next;
        }
    }
}
