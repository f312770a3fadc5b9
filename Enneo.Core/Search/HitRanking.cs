using Enneo.Core.Data;

namespace Enneo.Core.Search;

/// <summary>
/// Which matches are best: those whose subject says it, whose sender or files are called so, whose words
/// stand together; among equals the newest. FTS5's bm25 counts each word in the whole index first,
/// which for common ones takes longer than anybody waits, so only the newest matches are weighed.
/// </summary>
internal sealed class HitRanking(EnneoDbContext db, SearchMatch match) : IDisposable
{
    private readonly SqlStatement _matching = new(db, "SELECT rowid FROM search WHERE search MATCH @0 AND rowid BETWEEN @1 AND @2");

    /// <param name="ids">Rows of the index, newest first.</param>
    public IEnumerable<long> Order(IReadOnlyList<long> ids)
    {
        if (ids.Count == 0)
        {
            return ids;
        }

        Dictionary<long, int> weights = [];
        foreach (var (expression, weight) in Weighed())
        {
            foreach (var id in _matching.Rows(row => row.GetInt64(0), expression, ids[^1], ids[0]))
            {
                weights[id] = weights.GetValueOrDefault(id) + weight;
            }
        }

        return ids.OrderByDescending(id => weights.GetValueOrDefault(id)).ThenByDescending(id => id);
    }

    public void Dispose() => _matching.Dispose();

    private IEnumerable<(string Expression, int Weight)> Weighed()
    {
        (string? Expression, int Weight)[] all =
        [
            (match.Within(SearchMatch.Columns.Subject), 8),
            (match.Within(SearchMatch.Columns.Sender), 6),
            (match.Within(SearchMatch.Columns.Files), 4),
            (match.Together(), 3),
        ];
        return all.Where(weighed => weighed.Expression is not null).Select(weighed => (weighed.Expression!, weighed.Weight));
    }
}
