using System.Net;
using System.Text;
using MimeKit;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>Sets a letter as people, shops and Outlook set theirs. Wanted mail and spam look alike: both come in every layout.</summary>
internal static class LetterLayout
{
    private static readonly string[] s_fonts = ["Arial, sans-serif", "'Helvetica Neue', Helvetica, Arial, sans-serif", "Georgia, serif", "Verdana", "-apple-system, 'Segoe UI', Roboto, sans-serif"];
    private static readonly string[] s_colours = ["#0066cc", "#333333", "#d32f2f", "#2e7d32", "#111827", "#ff6600", "#1a73e8"];

    public static MimeEntity Body(LetterContent content, LetterWords words)
    {
        var plain = Text(PlainText(content, isLinked: words.Chance(.7)), "plain", words);
        if (words.Chance(content.Letter.IsPlain ? .6 : .2))
        {
            return plain;
        }

        var html = Text(Html(content, words), "html", words);
        return words.Chance(content.Letter.IsSpam ? .35 : .55) ? new MultipartAlternative { plain, html } : html;
    }

    private static TextPart Text(string text, string subtype, LetterWords words)
    {
        TextPart part = new(subtype);
        part.SetText(words.Chance(.15) && text.All(c => c < 256) ? Encoding.Latin1 : Encoding.UTF8, text);
        part.ContentTransferEncoding = words.Random.Next(4) switch
        {
            0 => ContentEncoding.Base64,
            1 => ContentEncoding.EightBit,
            _ => ContentEncoding.QuotedPrintable,
        };
        return part;
    }

    /// <param name="isLinked">Many programs leave the links out of the text that they make beside the HTML.</param>
    private static string PlainText(LetterContent content, bool isLinked)
    {
        List<string> parts = [content.Greeting, .. content.Paragraphs];
        parts.Insert(Math.Min(2, parts.Count), string.Join('\n', content.Items.Select(item => $"* {item}")));
        parts.Add(content.Button.Length > 0 && isLinked ? $"{content.Button}: {content.Target}" : content.Button);
        parts.Add(content.Closing.Length > 0 ? $"{content.Closing}\n{content.Signature}" : "");
        parts.Add(content.Quote.Length > 0 ? $"> {content.Quote.Replace(": ", ":\n> ", StringComparison.Ordinal)}" : "");
        parts.Add(content.HasFooter ? $"-- \n{content.Footer}\n{content.Unsubscribe}: {content.UnsubscribeTarget}" : "");
        return string.Join("\n\n", parts.Where(part => part.Length > 0)) + "\n";
    }

    private static string Html(LetterContent content, LetterWords words) => content.Letter.IsPlain
        ? words.Chance(.5) ? Outlook(content) : Divisions(content)
        : words.Random.Next(24) switch
        {
            > 13 => new LetterMix(content, words).ToString(),
            > 9 => new LetterPanels(content, words).ToString(),
            < 5 => Tables(content, words),
            < 7 => Simple(content, words),
            7 => Outlook(content),
            8 => Divisions(content),
            _ => Picture(content, words),
        };

    private static string Simple(LetterContent content, LetterWords words) =>
        $"<html><head><meta charset=\"utf-8\"></head><body style=\"font-family:{words.Pick(s_fonts)}\">{Inner(content, "p", words.Chance(.5) ? "" : $" style=\"color:{words.Pick(s_colours)};\"")}</body></html>";

    private static string Divisions(LetterContent content) =>
        $"<div dir=\"ltr\">{Inner(content, "div", "")}</div>";

    private static string Outlook(LetterContent content) =>
        "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:w=\"urn:schemas-microsoft-com:office:word\"><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><meta name=\"Generator\" content=\"Microsoft Word 15 (filtered medium)\"><style><!--\np.MsoNormal {margin:0cm;font-size:11.0pt;font-family:\"Calibri\",sans-serif;}\n--></style></head><body lang=\"EN-GB\" link=\"#0563C1\"><div class=\"WordSection1\">"
        + Inner(content, "p", " class=\"MsoNormal\"").Replace("</p>", "<o:p></o:p></p>", StringComparison.Ordinal)
        + "</div></body></html>";

    private static string Picture(LetterContent content, LetterWords words) =>
        $"<center><a href=\"{content.Target}\"><h2>{Encode(content.Paragraphs[0])}</h2></a><a href=\"{content.Target}\"><img src=\"{Image(content, words)}\" width=\"600\"></a>{Footer(content)}</center>";

    private static string Tables(LetterContent content, LetterWords words)
    {
        var colour = words.Pick(s_colours);
        var font = words.Pick(s_fonts);
        StringBuilder html = new("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Append("<style>body{margin:0;padding:0} @media (max-width:600px){.column{width:100%!important}}</style></head><body>");
        if (words.Chance(.5))
        {
            html.Append("<div style=\"display:none;max-height:0;overflow:hidden\">").Append(Encode(content.Paragraphs[0])).Append("</div>");
        }

        html.Append("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\"><tr><td align=\"center\"><table width=\"600\" class=\"column\" style=\"background-color:#ffffff;\"><tr><td style=\"padding:20px\">");
        html.Append("<img src=\"").Append(Image(content, words)).Append("\" alt=\"").Append(Encode(content.Signature)).Append("\" width=\"160\" style=\"display:block\"></td></tr>");
        html.Append("<tr><td style=\"font-family:").Append(font).Append(";font-size:16px;line-height:24px;color:#333333\">");
        html.Append("<h1 style=\"color:").Append(colour).Append("\">").Append(Encode(content.Greeting)).Append("</h1>");
        html.AppendJoin("", content.Paragraphs.Select(paragraph => $"<p style=\"margin:0 0 16px\">{Encode(paragraph)}</p>"));
        html.Append("<table width=\"100%\">").AppendJoin("", content.Items.Select((item, index) => $"<tr><td>{(words.Chance(.3) ? $"<img src=\"{Image(content, words)}\" width=\"80\">" : "")}{Linked(item, content.ItemTargets[index])}</td></tr>")).Append("</table>");
        if (content.Button.Length > 0)
        {
            html.Append("<table><tr><td style=\"background:").Append(colour).Append(";border-radius:4px\"><a href=\"").Append(content.Target).Append("\" style=\"color:#ffffff;text-decoration:none;padding:12px 24px\">").Append(Encode(content.Button)).Append("</a></td></tr></table>");
        }

        html.Append("<p>").Append(Encode(content.Closing)).Append("<br>").Append(Encode(content.Signature)).Append("</p></td></tr><tr><td style=\"font-size:12px;color:#999999\">").Append(Footer(content)).Append("</td></tr></table></td></tr></table>");
        return html.Append(words.Chance(.4) ? $"<img src=\"{Image(content, words)}\" width=\"1\" height=\"1\">" : "").Append("</body></html>").ToString();
    }

    private static string Inner(LetterContent content, string tag, string attributes)
    {
        StringBuilder html = new();
        foreach (var part in (string[])[content.Greeting, .. content.Paragraphs])
        {
            html.Append('<').Append(tag).Append(attributes).Append('>').Append(Encode(part)).Append("</").Append(tag).Append('>');
        }

        html.Append(content.Items.Count > 0 ? $"<ul>{string.Concat(content.Items.Select((item, index) => $"<li>{Linked(item, content.ItemTargets[index])}</li>"))}</ul>" : "");
        html.Append(content.Button.Length > 0 ? $"<{tag}{attributes}><a href=\"{content.Target}\">{Encode(content.Button)}</a></{tag}>" : "");
        html.Append(content.Closing.Length > 0 ? $"<{tag}{attributes}>{Encode(content.Closing)}<br>{Encode(content.Signature)}</{tag}>" : "");
        html.Append(content.Quote.Length > 0 ? $"<blockquote>{Encode(content.Quote)}</blockquote>" : "");
        return html.Append(Footer(content)).ToString();
    }

    private static string Footer(LetterContent content) => content.HasFooter
        ? $"<p style=\"font-size:11px\">{Encode(content.Footer)}<br><a href=\"{content.UnsubscribeTarget}\">{Encode(content.Unsubscribe)}</a>{string.Concat(content.Elsewhere.Select(target => $" <a href=\"{target}\"><img src=\"{new Uri(target).Host}\" width=\"24\"></a>"))}</p>"
        : "";

    private static string Linked(string text, string target) => target.Length == 0 ? Encode(text) : $"<a href=\"{target}\">{Encode(text)}</a>";

    public static string Image(LetterContent content, LetterWords words) =>
        words.Fill(content.Letter.IsSpam ? "https://{baddomain}/{word}.png" : words.Chance(.5) ? "https://cdn.{domain}/{word}.png" : "https://images.{word}mail.com/{n6}.jpg");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
