using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;

namespace Enneo.Core.Sending;

/// <summary>The HTML that people write here: a short allow-list, since the editor makes nothing else.</summary>
public sealed partial class ComposedHtml
{
    /// <summary>Deeper trees are nobody's writing and would exhaust the stack of what walks them.</summary>
    private const int MaxDepth = 200;

    /// <summary>Pixels: no picture is to be drawn larger in anybody's window.</summary>
    private const int MaxSide = 2000;

    private readonly HtmlSanitizer _sanitizer = CreateSanitizer();

    /// <summary>Sanitising twice changes nothing.</summary>
    public string Sanitize(string html)
    {
        using var document = new HtmlParser().ParseDocument(html);
        return TextUnlessShallow(document) is { } text
            ? WebUtility.HtmlEncode(text)
            : _sanitizer.Sanitize(html).Replace("\0", "", StringComparison.Ordinal);
    }

    private static HtmlSanitizer CreateSanitizer()
    {
        HtmlSanitizer sanitizer = new(new HtmlSanitizerOptions
        {
            AllowedTags = Set("a", "b", "strong", "i", "em", "u", "s", "del", "code", "pre", "p", "div", "br", "hr", "span", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "img"),
            AllowedAttributes = Set("href", "dir", "start", "src", "width", "height"),
            UriAttributes = Set("href", "src"),
            AllowedSchemes = Set("http", "https", "mailto", "tel"),
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
        sanitizer.FilterUrl += (_, url) =>
        {
            if (url.Tag.LocalName is "img" && !DraftPictures.IsAddress(url.OriginalUrl))
            {
                url.SanitizedUrl = null;
            }
        };
        sanitizer.RemovingAttribute += (_, removing) =>
        {
            if (removing.Tag.LocalName is "img" && removing.Attribute.Name is "style" && DrawnWidth().Match(removing.Attribute.Value) is { Success: true } drawn)
            {
                removing.Tag.SetAttribute("width", drawn.Groups["pixels"].Value); // as the editor leaves a picture that was pulled larger
                removing.Tag.RemoveAttribute("height");
            }
        };
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is IElement { LocalName: "img" } picture)
            {
                Restrict(picture);
            }
        };
        return sanitizer;
    }

    /// <summary>A picture of this draft and its size, or nothing.</summary>
    private static void Restrict(IElement picture)
    {
        if (!picture.HasAttribute("src"))
        {
            picture.Remove();
            return;
        }

        foreach (var attribute in picture.Attributes.ToList())
        {
            if (attribute.Name is not "src" && !(attribute.Name is "width" or "height" && IsSide(attribute.Value)))
            {
                picture.RemoveAttribute(attribute.Name);
            }
        }
    }

    [GeneratedRegex(@"(?:^|;)\s*width:\s*(?<pixels>[0-9]{1,4})(?:\.[0-9]+)?px", RegexOptions.CultureInvariant)]
    private static partial Regex DrawnWidth();

    private static bool IsSide(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels is > 0 and <= MaxSide;

    private static HashSet<string> Set(params ReadOnlySpan<string> names)
    {
        HashSet<string> set = new(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            set.Add(name);
        }

        return set;
    }

    /// <returns>Null when the tree is shallow; else its text, gathered without recursion.</returns>
    private static string? TextUnlessShallow(IDocument document)
    {
        StringBuilder text = new();
        var deepest = 0;
        var depth = 0;
        for (INode? node = document.Body; node is not null;)
        {
            deepest = Math.Max(deepest, depth);
            if (node is IText words)
            {
                text.Append(words.Data).Append(' ');
            }

            if (node.FirstChild is { } child)
            {
                (node, depth) = (child, depth + 1);
                continue;
            }

            while (node is not null && node.NextSibling is null)
            {
                (node, depth) = (depth > 0 ? node.Parent : null, depth - 1);
            }

            node = depth > 0 ? node?.NextSibling : null;
        }

        return deepest > MaxDepth ? text.ToString() : null;
    }
}
