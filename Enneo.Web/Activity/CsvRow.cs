namespace Enneo.Web.Activity;

/// <summary>A line of a CSV file (RFC 4180) that a spreadsheet opens without calculating anything.</summary>
internal static class CsvRow
{
    public static string Of(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>Spreadsheets take a cell for a formula by its first character: what is no letter and no digit there gets an apostrophe before it.</summary>
    private static string Cell(string? value)
    {
        var text = value ?? "";
        var safe = text.Length == 0 || char.IsLetterOrDigit(text, 0) ? text : "'" + text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
