using Enneo.Core.Messages.Quotes;

namespace Enneo.Tests.Messages;

/// <summary>Plain text as the splitter gets it.</summary>
internal static class QuotedText
{
    public static List<MailLine> Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => new MailLine(line.TrimStart('>', ' ') is var words && line.StartsWith('>') ? words : line, line.StartsWith('>') ? 1 : 0))];

    /// <summary>What stays to be seen, lines joined with a bar.</summary>
    public static string Shown(string text, bool isForward = false)
    {
        var lines = Lines(text);
        var kinds = QuoteSplitter.Classify(lines, isForward);
        return string.Join('|', text.ReplaceLineEndings("\n").Split('\n').Where((line, i) => kinds[i] is LineKind.New && line.Trim().Length > 0));
    }
}
