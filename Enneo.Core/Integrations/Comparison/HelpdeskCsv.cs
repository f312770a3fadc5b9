using System.Globalization;
using System.Text;
using Enneo.Core.Integrations.Search;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>What a file holds.</summary>
/// <param name="Problems">In words, with the number of the line; empty where all of it was read.</param>
public sealed record HelpdeskFile(IReadOnlyList<HelpdeskRow> Rows, IReadOnlyList<string> Problems);

/// <summary>Reads the list of a helpdesk: CSV (RFC 4180), with commas, semicolons or tabs, as databases write it. The first line names the columns.</summary>
public static class HelpdeskCsv
{
    /// <summary>Mails of one mailbox.</summary>
    public const int MaxRows = 1_000_000;

    private const int MaxProblems = 20;

    private static readonly Dictionary<string, int> s_columns = new()
    {
        ["messageid"] = 0,
        ["internetmessageid"] = 0,
        ["ticket"] = 1,
        ["ticketnumber"] = 1,
        ["number"] = 1,
        ["status"] = 2,
        ["state"] = 2,
        ["assignee"] = 3,
        ["owner"] = 3,
        ["time"] = 4,
        ["createdat"] = 4,
        ["importedat"] = 4,
    };

    public static async Task<HelpdeskFile> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        if (await reader.ReadLineAsync(cancellationToken) is not { } head || Columns(head) is not var (separator, columns))
        {
            return new HelpdeskFile([], [ComparisonText.ColumnsMissing]);
        }

        List<HelpdeskRow> rows = [];
        List<string> problems = [];
        for (var line = 2; await RecordAsync(reader, separator, cancellationToken) is { } cells; line++)
        {
            if (cells is [""] or [])
            {
                continue;
            }

            if (Row(cells, columns) is { IsRight: true } row)
            {
                rows.Add(row);
            }
            else if (problems.Count < MaxProblems)
            {
                problems.Add(string.Format(CultureInfo.CurrentCulture, ComparisonText.LineWrong, line));
            }

            if (rows.Count > MaxRows)
            {
                return new HelpdeskFile([], [string.Format(CultureInfo.CurrentCulture, ComparisonText.TooMany, MaxRows)]);
            }
        }

        return new HelpdeskFile(rows, problems);
    }

    private static (char Separator, int[] Columns)? Columns(string head)
    {
        var separator = "\t;,".FirstOrDefault(mark => head.Contains(mark, StringComparison.Ordinal), ',');
        var columns = head.Split(separator).Select(name => s_columns.GetValueOrDefault(Plain(name), -1)).ToArray();
        return columns.Contains(0) && columns.Contains(1) ? (separator, columns) : null;
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static HelpdeskRow? Row(List<string> cells, int[] columns)
    {
        var values = new string[5];
        for (var i = 0; i < Math.Min(cells.Count, columns.Length); i++)
        {
            if (columns[i] >= 0)
            {
                values[columns[i]] = cells[i].Trim() is "NULL" or "\\N" ? "" : cells[i];
            }
        }

        var time = values[4]?.Trim();
        return (string.IsNullOrEmpty(time), TimeOf(time)) switch
        {
            (false, null) => null,
            var (_, at) => new HelpdeskRow(values[0] ?? "", values[1] ?? "", values[2] ?? "", values[3] ?? "", at).Tidy(),
        };
    }

    /// <summary>As databases write it: with parts of seconds, and without a zone, which is UTC then.</summary>
    private static DateTimeOffset? TimeOf(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? FieldValue.TryUnix(seconds, out var unix) ? unix : null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    /// <returns>Null at the end. A quoted cell may go on over lines.</returns>
    private static async Task<List<string>?> RecordAsync(StreamReader reader, char separator, CancellationToken cancellationToken)
    {
        if (await reader.ReadLineAsync(cancellationToken) is not { } line)
        {
            return null;
        }

        while (line.Count(character => character == '"') % 2 == 1 && line.Length < 100_000 && await reader.ReadLineAsync(cancellationToken) is { } next)
        {
            line += "\n" + next;
        }

        return Cells(line, separator);
    }

    private static List<string> Cells(string line, char separator)
    {
        List<string> cells = [];
        StringBuilder cell = new();
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append(line[i++]);
            }
            else if (line[i] == '"' && (isQuoted || cell.Length == 0))
            {
                isQuoted = !isQuoted;
            }
            else if (line[i] == separator && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
