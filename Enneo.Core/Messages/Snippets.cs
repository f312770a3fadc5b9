using System.Text;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>The first words of a mail.</summary>
internal static class Snippets
{
    private const int MaxLength = 200;
    private const int MaxLookedAt = 50;
    private const int MaxHtmlText = MaxLength * 4;

    /// <summary>Of text; HTML begins with much that is none.</summary>
    private const int MaxBytes = 8 * 1024;

    private const int MaxHtmlBytes = 16 * 1024;
    private const int MaxMoreHtmlBytes = 256 * 1024;

    public static string Of(MimeMessage message)
    {
        TextPart? html = null;
        foreach (var part in message.BodyParts.Take(MaxLookedAt).OfType<TextPart>().Where(part => !part.IsAttachment))
        {
            if (part.IsPlain && OfText(MailCharset.Read(part, MaxBytes)) is { Length: > 0 } snippet)
            {
                return snippet;
            }

            html ??= part.IsHtml ? part : null;
        }

        return html is null ? "" : OfHtml(html);
    }

    /// <summary>White space folded, quoted lines left out.</summary>
    public static string OfText(string text)
    {
        StringBuilder snippet = new(MaxLength + 1);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.TrimStart() is ['>', ..])
            {
                continue;
            }

            foreach (var c in line)
            {
                if (!char.IsWhiteSpace(c))
                {
                    snippet.Append(c);
                }
                else if (snippet.Length > 0 && snippet[^1] != ' ')
                {
                    snippet.Append(' ');
                }

                if (snippet.Length > MaxLength)
                {
                    return HeaderText.Clean(snippet.ToString(), MaxLength);
                }
            }

            if (snippet.Length > 0 && snippet[^1] != ' ')
            {
                snippet.Append(' ');
            }
        }

        return HeaderText.Clean(snippet.ToString(), MaxLength);
    }

    private static string OfHtml(TextPart html)
    {
        var snippet = OfText(HtmlText.Of(MailCharset.Read(html, MaxHtmlBytes, out var isCut), MaxHtmlText));
        return snippet.Length > 0 || !isCut ? snippet : OfText(HtmlText.Of(MailCharset.Read(html, MaxMoreHtmlBytes), MaxHtmlText));
    }
}
