using System.Text.Json;
using Enneo.Core.Integrations.Connected;

namespace Enneo.Web.Integrations;

/// <summary>A value here and what it is called there, while that is being written.</summary>
public sealed class PairDraft
{
    public string Ours { get; set; } = "";
    public SyncDirection Direction { get; set; } = SyncDirection.Both;
    public string Theirs { get; set; } = "";

    public bool IsEmpty => string.IsNullOrWhiteSpace(Ours) && string.IsNullOrWhiteSpace(Theirs);
}

/// <summary>Which way a field goes; what its values are called, as rows or as text, a line each.</summary>
public sealed class RuleDraft
{
    private static readonly char[] s_signs = ['=', '<', '>'];

    public required SyncedField Field { get; init; }
    public SyncDirection Direction { get; set; }
    public List<PairDraft> Rows { get; private set; } = [];

    /// <summary>It is written as text.</summary>
    public bool IsText { get; private set; }

    public string Lines { get; set; } = "";

    /// <summary>As the API calls it.</summary>
    public string Name => JsonNamingPolicy.CamelCase.ConvertName(Field.ToString());

    public bool HasValues => Field is not (SyncedField.Subject or SyncedField.Conversations) && Direction is not SyncDirection.None;

    public static RuleDraft Of(SyncedField field, FieldRule rule) => new() { Field = field, Direction = rule.Direction, Rows = RowsOf(rule.Pairs) };

    /// <summary>No name of ours has a sign in it that stands between names.</summary>
    public bool CanBeText => Rows.TrueForAll(row => row.Ours.IndexOfAny(s_signs) < 0);

    public void ShowText() => (IsText, Lines) = (true, string.Join('\n', Rows.Where(row => !row.IsEmpty).Select(LineOf)));

    /// <returns>The first line that is none; null where the rows are shown.</returns>
    public string? ShowRows()
    {
        var (pairs, wrong) = ReadLines();
        if (wrong is null)
        {
            (IsText, Rows) = (false, RowsOf(pairs));
        }

        return wrong;
    }

    /// <returns>The pairs, and the first that is none.</returns>
    public (IReadOnlyList<ValuePair> Pairs, string? Wrong) Read()
    {
        if (IsText)
        {
            return ReadLines();
        }

        var written = Rows.Where(row => !row.IsEmpty).ToList();
        return written.Find(row => string.IsNullOrWhiteSpace(row.Ours) || string.IsNullOrWhiteSpace(row.Theirs)) is { } half
            ? ([], LineOf(half))
            : ([.. written.Select(row => new ValuePair(row.Ours.Trim(), row.Theirs.Trim(), row.Direction))], null);
    }

    private (IReadOnlyList<ValuePair> Pairs, string? Wrong) ReadLines()
    {
        List<ValuePair> pairs = [];
        foreach (var line in Lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOfAny(s_signs);
            if (at <= 0 || line[..at].Trim() is not { Length: > 0 } ours || line[(at + 1)..].Trim() is not { Length: > 0 } theirs)
            {
                return ([], line);
            }

            pairs.Add(new ValuePair(ours, theirs, line[at] switch { '<' => SyncDirection.In, '>' => SyncDirection.Out, _ => SyncDirection.Both }));
        }

        return (pairs, null);
    }

    private static List<PairDraft> RowsOf(IReadOnlyList<ValuePair> pairs) => [.. pairs.Select(pair => new PairDraft { Ours = pair.Ours, Direction = pair.Direction, Theirs = pair.Theirs })];

    private static string LineOf(PairDraft row) => $"{row.Ours.Trim()} {SignOf(row.Direction)} {row.Theirs.Trim()}";

    private static char SignOf(SyncDirection direction) => direction switch
    {
        SyncDirection.In => '<',
        SyncDirection.Out => '>',
        _ => '=',
    };
}
