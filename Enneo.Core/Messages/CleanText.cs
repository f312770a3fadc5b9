using Enneo.Core.Messages.Quotes;

namespace Enneo.Core.Messages;

/// <summary>What somebody wrote for this mail, without what they quote and sign with.</summary>
public static class CleanText
{
    /// <summary>Where mail programs break lines, a little generously.</summary>
    private const int FullLine = 60;

    /// <param name="text">Plain.</param>
    /// <param name="isForward">What looks like a quote is the very thing that was sent.</param>
    public static string Of(string text, bool isForward)
    {
        List<string> raw = [.. text.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r'))];
        List<MailLine> lines = [.. raw.Select(LineOf)];
        var kinds = QuoteSplitter.Classify(lines, isForward);
        return string.Join('\n', raw.Where((_, index) => kinds[index] is LineKind.New)).Trim();
    }

    /// <summary>Lines that a mail program broke where they were full are one paragraph again.</summary>
    public static string Unbroken(string text)
    {
        System.Text.StringBuilder whole = new(text.Length);
        var isFull = false;
        foreach (var line in text.Split('\n'))
        {
            whole.Append(whole.Length == 0 ? "" : isFull && line.Trim().Length > 0 && !IsItem(line) ? " " : "\n").Append(line.TrimEnd());
            isFull = line.TrimEnd().Length >= FullLine;
        }

        return whole.ToString();
    }

    private static bool IsItem(string line) => line.TrimStart() is ['-' or '*' or '•' or (>= '0' and <= '9'), ..] || line[0] is ' ' or '\t';

    private static MailLine LineOf(string line)
    {
        var depth = 0;
        while (line is ['>', ..])
        {
            line = line is ['>', ' ', ..] ? line[2..] : line[1..];
            depth++;
        }

        return new MailLine(line, depth);
    }
}
