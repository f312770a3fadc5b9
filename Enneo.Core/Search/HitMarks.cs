using System.Text.Json;
using Enneo.Core.Data;

namespace Enneo.Core.Search;

/// <summary>What a row of the index says, with what was looked for marked.</summary>
internal sealed record MarkedRow(
    IReadOnlyList<TextPiece> Subject, IReadOnlyList<TextPiece> Sender, IReadOnlyList<TextPiece> Recipients, IReadOnlyList<TextPiece> Files, IReadOnlyList<TextPiece> Text);

/// <summary>Lets the index mark its own hits: nobody else splits words as it does.</summary>
internal static class HitMarks
{
    // No text that is indexed holds control characters.
    private const char Begin = '\u0002';
    private const char End = '\u0003';

    private const string Sql = """
        SELECT rowid, highlight(search, 1, char(2), char(3)), highlight(search, 2, char(2), char(3)),
            snippet(search, 3, char(2), char(3), '…', 8), snippet(search, 4, char(2), char(3), '…', 12), snippet(search, 5, char(2), char(3), '…', 20)
        FROM search WHERE search MATCH @0 AND rowid BETWEEN @1 AND @2 AND +rowid IN (SELECT value FROM json_each(@3))
        """;

    public static IReadOnlyDictionary<long, MarkedRow> Read(EnneoDbContext db, string match, IReadOnlyCollection<long> ids)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<long, MarkedRow>();
        }

        using SqlStatement statement = new(db, Sql);
        var rows = statement.Rows(
            row => (Id: row.GetInt64(0), Row: new MarkedRow(
                Pieces(row.GetString(1)), NameOf(row.GetString(2)), FoundIn(row.GetString(3)), FoundIn(row.GetString(4)), Pieces(row.GetString(5)))),
            match, ids.Min(), ids.Max(), JsonSerializer.Serialize(ids));
        return rows.ToDictionary(row => row.Id, row => row.Row);
    }

    public static IReadOnlyList<TextPiece> Pieces(string marked)
    {
        List<TextPiece> pieces = [];
        var isHit = false;
        foreach (var range in marked.AsSpan().SplitAny(Begin, End))
        {
            if (range.End.Value > range.Start.Value)
            {
                pieces.Add(new(marked[range], isHit));
            }

            isHit = !isHit;
        }

        return pieces;
    }

    /// <summary>The first line that is not empty: the name, else the address; or whichever has the hit.</summary>
    private static IReadOnlyList<TextPiece> NameOf(string sender)
    {
        var lines = sender.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var line = Array.Find(lines, line => line.Contains(Begin, StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "";
        return Pieces(line);
    }

    private static IReadOnlyList<TextPiece> FoundIn(string marked) => marked.Contains(Begin, StringComparison.Ordinal) ? Pieces(marked) : [];
}
