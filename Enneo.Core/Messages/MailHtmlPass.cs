using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;
using Enneo.Core.Messages.Quotes;
using Ganss.Xss;

namespace Enneo.Core.Messages;

/// <summary>One pass of hostile HTML through the allow-lists; made for one use.</summary>
internal sealed class MailHtmlPass
{
    private const int MaxNesting = 200;
    private const int MaxElements = 100_000;
    private const int MaxAttributes = 64;

    private readonly MailView _view;
    private readonly MailUrls _urls;
    private readonly Dictionary<IElement, string> _styles = [];
    private IElement? _newest;
    private int _elements;

    public MailHtmlPass(MailView view)
    {
        _view = view;
        _urls = new(view);
    }

    /// <summary>How many addresses on other hosts were taken out.</summary>
    public int BlockedImages => _urls.BlockedImages;

    /// <returns>Null if its tree is too deep or too large.</returns>
    public string? Run(string html)
    {
        try
        {
            using var document = Parse(html);
            var body = document.Body;
            if (body is null)
            {
                return "";
            }

            Swallow(body);
            if (_view.FoldsQuotes)
            {
                QuoteFolding.Fold(body, _view.IsForward);
            }

            TakeStylesOut(body);
            CreateSanitizer().SanitizeDom(document, body);
            return PutStylesBack(body);
        }
        catch (TreeTooLargeException)
        {
            return null;
        }
    }

    /// <summary>Without CSS support: styles go through <see cref="MailCss"/>, and a browser's scripting rules for noscript.</summary>
    private IHtmlDocument Parse(string html)
    {
        HtmlParserOptions options = new()
        {
            IsScripting = true,
            MaximumDepth = MaxNesting * 2,
            OnCreated = (element, _) => Watch(element),
            ShouldEmitAttribute = (ref StructHtmlToken tag, ReadOnlyMemory<char> _) => tag.Attributes.Count < MaxAttributes,
        };
        return new HtmlParser(options, BrowsingContext.New(Configuration.Default)).ParseDocument("<!doctype html><html><body>" + html);
    }

    /// <summary>Stops the parser before a tree gets so deep that walking it overflows the stack, which nothing could catch.</summary>
    private void Watch(IElement element)
    {
        var depth = 0;
        for (var ancestor = _newest; ancestor is not null; ancestor = ancestor.ParentElement)
        {
            depth++;
        }

        if (depth > MaxNesting || ++_elements > MaxElements)
        {
            throw new TreeTooLargeException();
        }

        _newest = element;
    }

    /// <summary>Elements that go with all they hold.</summary>
    private static void Swallow(IHtmlElement body)
    {
        var swallowed = body.QuerySelectorAll("*").Where(element => element.NamespaceUri != NamespaceNames.HtmlUri || MailHtmlRules.Swallowed.Contains(element.LocalName));
        foreach (var element in swallowed.ToList())
        {
            element.Remove();
        }
    }

    /// <summary>Styles come back filtered.</summary>
    private void TakeStylesOut(IHtmlElement body)
    {
        foreach (var element in body.QuerySelectorAll("*").Prepend(body))
        {
            if (StyleOf(element) is { Length: > 0 } style)
            {
                var kept = MailCss.Filter(style, _urls.Picture, out var remote);
                _urls.BlockedImages += remote;
                if (kept.Length > 0)
                {
                    _styles[element] = kept;
                }
            }
        }
    }

    /// <summary>With what older mails say by attributes.</summary>
    private static string StyleOf(IElement element)
    {
        var background = element.GetAttribute("background") is { } address ? MailCss.Background(address.Trim()) + "; " : "";
        return background + element.GetAttribute("style");
    }

    private string PutStylesBack(IHtmlElement body)
    {
        foreach (var (element, style) in _styles)
        {
            element.SetAttribute("style", style);
        }

        var colour = body.GetAttribute("bgcolor");
        if (colour is null && !_styles.ContainsKey(body))
        {
            return body.InnerHtml;
        }

        // The paper a mail was written for: its body element itself cannot be kept.
        var paper = body.Owner!.CreateElement("div");
        if (colour is not null)
        {
            paper.SetAttribute("style", MailCss.Filter($"background-color: {colour}; {body.GetAttribute("style")}", _urls.Picture, out _));
        }
        else
        {
            paper.SetAttribute("style", body.GetAttribute("style"));
        }

        paper.Append([.. body.ChildNodes]);
        return paper.OuterHtml;
    }

    private HtmlSanitizer CreateSanitizer()
    {
        HtmlSanitizer sanitizer = new() { AllowDataAttributes = false, KeepChildNodes = true };
        sanitizer.AllowedTags.Clear();
        sanitizer.AllowedTags.UnionWith(MailHtmlRules.Tags);
        sanitizer.AllowedAttributes.Clear();
        sanitizer.AllowedAttributes.UnionWith(MailHtmlRules.Attributes);
        sanitizer.AllowedCssProperties.Clear();
        sanitizer.AllowedAtRules.Clear();
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(MailHtmlRules.Schemes);
        sanitizer.UriAttributes.Clear();
        sanitizer.UriAttributes.UnionWith(MailHtmlRules.UrlAttributes);
        sanitizer.FilterUrl += (_, url) => url.SanitizedUrl = _urls.Filter(url.Tag.LocalName, url.OriginalUrl);
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is IElement { LocalName: "a" } link)
            {
                link.SetAttribute("target", "_blank");
                link.SetAttribute("rel", "noopener noreferrer nofollow");
            }
        };
        return sanitizer;
    }

    private sealed class TreeTooLargeException : InvalidOperationException;
}
