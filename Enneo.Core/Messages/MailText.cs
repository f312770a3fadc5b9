using System.Net;
using System.Text;
using Enneo.Core.Messages.Quotes;

namespace Enneo.Core.Messages;

/// <summary>Plain text for the screen: every character encoded, links made while doing so and never afterwards.</summary>
internal static class MailText
{
    private const int MaxQuoteDepth = 5;
    private const int MaxLinks = 5000;

    public static string ToHtml(string text) => ToHtml(text, []);

    /// <summary>What was written for this mail: without quotes and signature.</summary>
    public static string NewOf(string text, bool isForward)
    {
        var lines = Lines(text);
        var kinds = QuoteSplitter.Classify(lines, isForward);
        return string.Join('\n', text.TrimEnd().ReplaceLineEndings("\n").Split('\n').Where((_, number) => number >= kinds.Length || kinds[number] is LineKind.New)).Trim();
    }

    /// <summary>With quotes and signatures behind a toggle.</summary>
    public static string ToFoldedHtml(string text, bool isForward)
    {
        var lines = Lines(text);
        var kinds = QuoteSplitter.Classify(lines, isForward);
        return ToHtml(text, [.. QuoteFolding.Runs(kinds, lines)]);
    }

    private static List<MailLine> Lines(string text)
    {
        List<MailLine> lines = [];
        foreach (var raw in text.AsSpan().TrimEnd().EnumerateLines())
        {
            var depth = QuoteDepth(raw, out var line);
            lines.Add(new(line.ToString(), depth));
        }

        return lines;
    }

    private static string ToHtml(string text, List<(int First, int Last, LineKind Kind)> folds)
    {
        StringBuilder html = new(text.Length + (text.Length / 8) + 64);
        var (depth, links, number, fold) = (0, 0, 0, 0);
        html.Append("<div style=\"white-space: pre-wrap\">");
        foreach (var raw in text.AsSpan().TrimEnd().EnumerateLines())
        {
            if (fold < folds.Count && folds[fold].First == number)
            {
                AppendQuotes(html, ref depth, 0);
                html.Append("<details><summary>").Append(QuoteFolding.Label(folds[fold].Kind)).Append("</summary>");
            }

            AppendQuotes(html, ref depth, QuoteDepth(raw, out var line));
            AppendLinked(html, line, ref links);
            html.Append("<br>");
            if (fold < folds.Count && folds[fold].Last == number)
            {
                AppendQuotes(html, ref depth, 0);
                html.Append("</details>");
                fold++;
            }

            number++;
        }

        AppendQuotes(html, ref depth, 0);
        return html.Append("</div>").ToString();
    }

    /// <summary>Opens or closes as many quotes as are missing.</summary>
    private static void AppendQuotes(StringBuilder html, ref int depth, int wanted)
    {
        for (; depth < wanted; depth++)
        {
            html.Append("<blockquote>");
        }

        for (; depth > wanted; depth--)
        {
            html.Append("</blockquote>");
        }
    }

    private static int QuoteDepth(ReadOnlySpan<char> line, out ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (text = line; depth < MaxQuoteDepth && text is ['>', ..]; depth++)
        {
            text = text is ['>', ' ', ..] ? text[2..] : text[1..];
        }

        return depth;
    }

    private static void AppendLinked(StringBuilder html, ReadOnlySpan<char> line, ref int links)
    {
        var end = 0;
        while (links < MaxLinks && MailLinks.Next(line, end) is { Length: > 0 } link)
        {
            links++;
            AppendEncoded(html, line[end..link.Start]);
            html.Append("<a href=\"");
            AppendEncoded(html, link.Target);
            html.Append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
            AppendEncoded(html, line.Slice(link.Start, link.Length));
            html.Append("</a>");
            end = link.Start + link.Length;
        }

        AppendEncoded(html, line[end..]);
    }

    private static void AppendEncoded(StringBuilder html, ReadOnlySpan<char> text) =>
        html.Append(WebUtility.HtmlEncode(text.ToString().Replace("\0", "", StringComparison.Ordinal)));
}
