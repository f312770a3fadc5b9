using System.Text;

namespace Enneo.Web.Demo.Composing;

/// <summary>Breaks paragraphs into the lines of a plain text mail; quoted lines and long words stay whole.</summary>
internal static class LineWrapping
{
    public static string Wrap(string text, int width) => Break(text, width, "\n");

    /// <summary>RFC 3676: a line that ends in a space goes on in the next one; a line that begins with one is stuffed.</summary>
    public static string Flow(string text, int width) =>
        string.Join('\n', Break(text, width, " \n").Split('\n').Select(line => line.StartsWith(' ') || line.StartsWith("From ", StringComparison.Ordinal) ? " " + line : line));

    private static string Break(string text, int width, string lineBreak) =>
        string.Join('\n', text.Split('\n').Select(line => line.StartsWith('>') || line == "-- " ? line : BreakLine(line, width, lineBreak)));

    private static string BreakLine(string line, int width, string lineBreak)
    {
        if (line.Length <= width)
        {
            return line.TrimEnd();
        }

        StringBuilder wrapped = new();
        var column = 0;
        foreach (var word in line.TrimEnd().Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                wrapped.Append(lineBreak);
                column = 0;
            }
            else if (column > 0)
            {
                wrapped.Append(' ');
                column++;
            }

            wrapped.Append(word);
            column += word.Length;
        }

        return wrapped.ToString();
    }
}
