using Enneo.Core.Messages.Quotes;

namespace Enneo.Core.Messages;

/// <summary>What somebody wrote for this mail, without what they quote and sign with.</summary>
public static class CleanText
{
    /// <param name="text">Plain.</param>
    /// <param name="isForward">What looks like a quote is the very thing that was sent.</param>
    public static string Of(string text, bool isForward)
    {
        List<string> raw = [.. text.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r'))];
        List<MailLine> lines = [.. raw.Select(LineOf)];
        var kinds = QuoteSplitter.Classify(lines, isForward);
        return string.Join('\n', raw.Where((_, index) => kinds[index] is LineKind.New)).Trim();
    }

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
