using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Search.Language;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Search;

/// <summary>A message that says much of what another says.</summary>
/// <param name="Share">Of the weight of its rarer words, 0 to 1.</param>
public sealed record SimilarMessage(long MessageId, double Share);

/// <summary>Finds mails by the rarer words that they share. Only some occurrences of each word are looked at, so that it takes milliseconds however much mail there is.</summary>
public sealed class SimilarMail(IDbContextFactory<EnneoDbContext> dbFactory)
{
    private const int MostWords = 60;
    private const int AskedWords = 16;

    /// <summary>Fewer words in common are chance.</summary>
    private const int LeastShared = 3;

    private const int ShortestWord = 3;

    /// <summary>A word that occurs more often says nothing; of the others all is read.</summary>
    private const int Common = 600;

    private const int SubjectWeight = 2;

    /// <param name="messageId">The mail itself, to which nothing is compared.</param>
    /// <returns>The most similar first.</returns>
    public async Task<IReadOnlyList<SimilarMessage>> FindAsync(Reach reach, long messageId, string subject, string text, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var words = Weighed(db, [.. WordsOf(subject)], [.. WordsOf(text)]);
        if (words.Count == 0)
        {
            return [];
        }

        var within = new SearchScope(SearchScope.Within(reach, null), null).OfMailboxes;
        var own = await db.SearchEntries.Where(e => e.MessageId == messageId).Select(e => e.Id).SingleOrDefaultAsync(cancellationToken);
        Dictionary<long, (double Weight, int Words)> shared = [];
        var whole = 0.0;
        using SqlStatement find = new(db, "SELECT rowid FROM search WHERE search MATCH @0 ORDER BY rowid DESC LIMIT @1");
        foreach (var (word, weight) in words)
        {
            var match = $"{(within is null ? "" : within + " AND ")}{{Subject Body}} : {SearchMatch.Quote(word)}";
            var others = find.Rows(row => row.GetInt64(0), match, Common).Where(id => id != own).ToList();
            whole += others.Count > 0 ? weight : 0; // what nobody else ever wrote tells nothing
            foreach (var id in others)
            {
                var (sum, count) = shared.GetValueOrDefault(id);
                shared[id] = (sum + weight, count + 1);
            }
        }

        var best = shared
            .Where(row => row.Value.Words >= LeastShared)
            .OrderByDescending(row => row.Value.Weight).ThenByDescending(row => row.Key)
            .Take(limit)
            .ToList();
        var ids = best.ConvertAll(row => row.Key);
        var messages = await db.SearchEntries.Where(e => ids.Contains(e.Id)).ToDictionaryAsync(e => e.Id, e => e.MessageId, cancellationToken);
        return [.. best.Where(row => messages.ContainsKey(row.Key)).Select(row => new SimilarMessage(messages[row.Key], row.Value.Weight / whole))];
    }

    /// <summary>The rarer a word, the more it says.</summary>
    private static List<(string Word, double Weight)> Weighed(EnneoDbContext db, HashSet<string> subject, IReadOnlyList<string> text)
    {
        using SqlStatement count = new(db, "SELECT count(*) FROM (SELECT 1 FROM search_words WHERE term = @0 LIMIT @1)");
        return
        [
            .. subject.Concat(text).Distinct()
                .Take(MostWords)
                .Select(word => (Word: word, Count: count.Scalar(word, Common + 1)))
                .Where(word => word.Count is > 0 and <= Common)
                .Select(word => (word.Word, Weight: (subject.Contains(word.Word) ? SubjectWeight : 1) / Math.Log(2 + word.Count)))
                .OrderByDescending(word => word.Weight)
                .Take(AskedWords),
        ];
    }

    private static IEnumerable<string> WordsOf(string text)
    {
        var rest = text.Length > 8000 ? text[..8000] : text;
        List<string> words = [];
        while (rest.Length > 0)
        {
            var (head, last) = Words.SplitLast(rest);
            if (last.Length >= ShortestWord)
            {
                words.Add(Words.Fold(last));
            }

            rest = last.Length > 0 ? head : rest[..^1];
        }

        words.Reverse();
        return words;
    }
}
