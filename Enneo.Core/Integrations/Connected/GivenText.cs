using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Enneo.Core.Integrations.Connected;

/// <summary>The words of a message of ours, as the other system is given them.</summary>
internal static class GivenText
{
    /// <summary>What is mailed there quotes there what it answers, as mail from there does.</summary>
    public static (string Text, bool IsHtml) Of(ConversationMessage? read, bool isToBeMailed)
    {
        if (read?.Html is not { } html)
        {
            return ((isToBeMailed ? read?.NewText : read?.Text) ?? "", false);
        }

        var quote = isToBeMailed && !AnswersBelow(html) ? html.IndexOf("<blockquote type=\"cite\"", StringComparison.OrdinalIgnoreCase) : -1;
        var heading = quote > 0 ? html.LastIndexOf("<div>", quote, StringComparison.OrdinalIgnoreCase) : -1;
        return quote < 0 ? (html, true) : heading < 0 ? (read.NewText, false) : (html[..heading], true);
    }

    /// <summary>Who writes between or below what is quoted means the quote to be seen.</summary>
    private static bool AnswersBelow(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        for (INode? node = document.QuerySelector("blockquote[type=cite]"); node is not null; node = node.Parent)
        {
            for (var after = node.NextSibling; after is not null; after = after.NextSibling)
            {
                if (!string.IsNullOrWhiteSpace(after.TextContent))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
