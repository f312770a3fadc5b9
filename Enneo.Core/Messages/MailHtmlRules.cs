namespace Enneo.Core.Messages;

/// <summary>What the HTML of a stranger may be made of. Whatever is not named here goes.</summary>
internal static class MailHtmlRules
{
    public static readonly string[] Tags =
    [
        "a", "abbr", "address", "article", "b", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
        "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span",
        "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr",
    ];

    public static readonly string[] Attributes =
    [
        "align", "alt", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "dir", "face", "height", "href",
        "hspace", "lang", "noshade", "nowrap", "rel", "reversed", "rowspan", "rules", "scope", "size", "span", "src", "start", "style", "summary",
        "target", "title", "type", "valign", "vspace", "width",
    ];

    /// <summary>No position, no z-index, no content, no filter, nothing that loads: a mail draws within its own box.</summary>
    public static readonly HashSet<string> CssProperties = new(StringComparer.Ordinal)
    {
        "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width", "border-collapse",
        "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width", "border-radius", "border-right",
        "border-right-color", "border-right-style", "border-right-width", "border-spacing", "border-style", "border-top", "border-top-color",
        "border-top-style", "border-top-width", "border-width", "clear", "color", "direction", "display", "float", "font", "font-family",
        "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin",
        "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width", "padding",
        "padding-bottom", "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration",
        "text-indent", "text-transform", "vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap", "overflow-wrap",
        "background", "background-position", "background-repeat", "background-size", "border-bottom-left-radius", "border-bottom-right-radius", "border-top-left-radius", "border-top-right-radius",
        "list-style", "opacity", "overflow", "text-decoration-color", "text-decoration-line", "visibility",
    };

    /// <summary>Elements whose content is not text for a reader: they go with everything in them.</summary>
    public static readonly HashSet<string> Swallowed = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "style", "noscript", "template", "svg", "math", "iframe", "frame", "frameset", "object", "embed", "applet", "audio", "video",
        "canvas", "title", "head", "base", "meta", "link", "textarea", "select", "datalist", "noembed", "noframes", "map", "portal", "dialog", "slot", "progress", "meter",
    };

    /// <summary>What a link may begin with.</summary>
    public static readonly string[] LinkPrefixes = ["http://", "https://", "mailto:", "tel:"];

    /// <summary>Schemes of addresses that <see cref="MailUrls"/> gets to see.</summary>
    public static readonly string[] Schemes = ["http", "https", "mailto", "tel", "cid", "data"];

    public static readonly string[] UrlAttributes = ["href", "src"];

    /// <summary>Images that a mail may carry within itself.</summary>
    public static readonly string[] DataImages = ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,", "data:image/gif;base64,", "data:image/webp;base64,"];
}
