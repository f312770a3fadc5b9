using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace Enneo.Core.Mailboxes;

/// <summary>
/// What surrounds the text of everything that a mailbox sends: a signature below it, or a whole frame in which
/// <c>%MESSAGE%</c> is the text. <c>%NAME%</c> is who writes and <c>%ADDRESS%</c> where the mail comes from.
/// Plain text or HTML; it passes the allow-list when it is saved and again whenever it is used.
/// </summary>
public static partial class MailTemplate
{
    public const int MaxLength = 20_000;

    private const string Text = "%MESSAGE%";
    private const string Name = "%NAME%";
    private const string Address = "%ADDRESS%";

    private static readonly HtmlSanitizer s_sanitizer = CreateSanitizer();

    /// <returns>Plain text stays as it was typed.</returns>
    public static string Sanitize(string template)
    {
        var clean = template.Replace("\0", "", StringComparison.Ordinal).Trim();
        return IsHtml(clean) ? s_sanitizer.Sanitize(clean) : clean;
    }

    /// <summary>Whether it stands below the text and nowhere else.</summary>
    public static bool IsSignature(string template) => !template.Contains(Text, StringComparison.Ordinal);

    /// <summary>The template alone where it is a signature, else around the text.</summary>
    /// <param name="html">The text, sanitised; for a signature it is not used.</param>
    public static string Fill(string template, string html, string name, string address)
    {
        using var document = new HtmlParser().ParseDocument("<!doctype html><html><body>" + s_sanitizer.Sanitize(ToHtml(template)));
        var place = Guid.NewGuid().ToString("N");
        var isPlaced = false;
        foreach (var words in document.Body!.Descendants<IText>().ToList())
        {
            words.Data = words.Data.Replace(Name, name, StringComparison.Ordinal).Replace(Address, address, StringComparison.Ordinal);
            if (!isPlaced && words.Data.IndexOf(Text, StringComparison.Ordinal) is >= 0 and var at)
            {
                isPlaced = true;
                words.Data = string.Concat(words.Data.AsSpan(0, at), place, words.Data.AsSpan(at + Text.Length));
            }
        }

        return document.Body!.InnerHtml.Replace(place, html, StringComparison.Ordinal); // in text, where nothing can be broken out of
    }

    private static string ToHtml(string template) =>
        IsHtml(template) ? template : WebUtility.HtmlEncode(template).Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal);

    private static bool IsHtml(string template) => Tag().IsMatch(template);

    private static HtmlSanitizer CreateSanitizer()
    {
        HtmlSanitizer sanitizer = new(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(
                ["a", "b", "strong", "i", "em", "u", "s", "small", "p", "div", "br", "hr", "span", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "img", "table", "thead", "tbody", "tr", "td", "th"],
                StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(["href", "src", "alt", "width", "height", "dir", "style", "colspan", "rowspan", "align", "valign", "cellpadding", "cellspacing", "border"], StringComparer.OrdinalIgnoreCase),
            UriAttributes = new HashSet<string>(["href", "src"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["https", "http", "mailto", "tel"], StringComparer.OrdinalIgnoreCase),
            AllowedCssProperties = new HashSet<string>(
                [
                    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "line-height", "text-align", "text-decoration", "vertical-align", "width", "max-width",
                    "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
                    "border", "border-top", "border-right", "border-bottom", "border-left", "border-collapse",
                ],
                StringComparer.OrdinalIgnoreCase),
        })
        {
            KeepChildNodes = true, // the words stay when their wrapping goes
        };
        sanitizer.RemovingTag += (_, removing) =>
        {
            if (removing.Tag.LocalName is "script" or "style" or "title" or "noscript" or "template" or "iframe" or "svg" or "math" or "textarea" or "select" or "xmp" or "noembed" or "noframes" or "plaintext")
            {
                removing.Tag.InnerHtml = ""; // what is in these was never for people to read
            }
        };
        return sanitizer;
    }

    [GeneratedRegex("<[a-z!/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
