using System.Net;
using System.Text;

namespace Enneo.Core.Messages;

/// <summary>Plain text for the screen: every character encoded, links made while doing so and never afterwards.</summary>
internal static class MailText
{
    private const int MaxQuoteDepth = 5;
    private const int MaxLinks = 5000;

    public static string ToHtml(string text)
    {
        StringBuilder html = new(text.Length + (text.Length / 8) + 64);
        var depth = 0;
        var links = 0;
        html.Append("<div style=\"white-space: pre-wrap\">");
        foreach (var raw in text.AsSpan().TrimEnd().EnumerateLines())
        {
            var quoted = QuoteDepth(raw, out var line);
            for (; depth < quoted; depth++)
            {
                html.Append("<blockquote>");
            }

            for (; depth > quoted; depth--)
            {
                html.Append("</blockquote>");
            }

            AppendLinked(html, line, ref links);
            html.Append("<br>");
        }

        for (; depth > 0; depth--)
        {
            html.Append("</blockquote>");
        }

        return html.Append("</div>").ToString();
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
