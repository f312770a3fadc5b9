using System.Net;
using System.Text.RegularExpressions;
using MimeKit;

namespace Enneo.Web.Demo.Composing;

/// <summary>HTML as mail programs write it.</summary>
internal static partial class HtmlWriting
{
    /// <param name="images">Stand where the text says <c>[image]</c>, in order.</param>
    public static string FromText(string text, IReadOnlyList<MimePart>? images = null)
    {
        var paragraphs = text.Split("\n\n").Select(paragraph =>
            $"<p>{WebUtility.HtmlEncode(paragraph).Replace("\n", "<br>\n", StringComparison.Ordinal)}</p>");
        var html = Link().Replace(string.Join("\n", paragraphs), "<a href=\"$0\">$0</a>");
        foreach (var image in images ?? [])
        {
            html = Placeholder().Replace(html, $"<img src=\"cid:{image.ContentId}\" alt=\"{WebUtility.HtmlEncode(image.FileName)}\" width=\"420\">", 1);
        }

        return html;
    }

    public static string Document(string body, bool office) => office
        ? $"<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta name=\"Generator\" content=\"Office\"><style>p {{margin:0 0 8pt; font-family:Calibri,sans-serif; font-size:11pt}}</style></head><body lang=\"DE\">{body}</body></html>"
        : $"<html><body><div dir=\"ltr\" style=\"font-family:sans-serif\">{body}</div></body></html>";

    /// <param name="pixel">Address of the picture that tells the sender who opened it; null for none.</param>
    public static string Newsletter(string title, string body, string? pixel) =>
        $$"""
        <!DOCTYPE html>
        <html><head><meta charset="utf-8"><title>{{WebUtility.HtmlEncode(title)}}</title>
        <style>body{margin:0;background:#f2f2ee} td{font:15px/1.5 Arial,sans-serif;color:#222;padding:12px 28px} .button{background:#1d5c4a;color:#fff;padding:10px 18px;text-decoration:none;border-radius:4px} .small{font-size:12px;color:#777}</style></head>
        <body><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
        <table role="presentation" width="600" cellpadding="0" cellspacing="0" bgcolor="#ffffff">
        {{body}}
        </table></td></tr></table>{{(pixel is null ? "" : $"\n<img src=\"{pixel}\" width=\"1\" height=\"1\" alt=\"\" style=\"display:none\">")}}
        </body></html>
        """;

    /// <summary>The text alternative that newsletters carry: their words without tags.</summary>
    public static string ToText(string html)
    {
        var text = Tag().Replace(BlockEnd().Replace(html, "\n"), "");
        return EmptyLines().Replace(WebUtility.HtmlDecode(text), "\n\n").Trim();
    }

    [GeneratedRegex(@"https?://[^\s<>""]+[^\s<>"".,)]")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[image\]")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"</(?:tr|p|h[1-6]|li|div)>|<br>")]
    private static partial Regex BlockEnd();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s*\n\s*\n\s*")]
    private static partial Regex EmptyLines();
}
