using System.Text;
using AngleSharp.Dom;

namespace Enneo.Core.Messages.Quotes;

/// <summary>The lines of an HTML body as a browser would break them, each with the nodes it begins and ends with.</summary>
internal sealed class HtmlLines
{
    /// <summary>Stands for a picture: no words, and yet something to see.</summary>
    private const char Picture = '\uFFFC';

    private readonly List<MailLine> _lines = [];
    private readonly List<(INode First, INode Last)> _nodes = [];
    private readonly StringBuilder _text = new();
    private INode? _first;
    private INode? _last;
    private int _depth;
    private LineKind _hint;

    private HtmlLines()
    {
    }

    public IReadOnlyList<MailLine> Lines => _lines;

    /// <summary>Per line, where it stands in the tree.</summary>
    public IReadOnlyList<(INode First, INode Last)> Nodes => _nodes;

    public static HtmlLines Of(IElement body)
    {
        HtmlLines lines = new();
        lines.AddChildren(body);
        lines.EndLine();
        return lines;
    }

    private void AddChildren(IElement parent)
    {
        foreach (var node in parent.ChildNodes)
        {
            switch (node)
            {
                case IText text:
                    AddText(text);
                    break;
                case IElement element:
                    AddElement(element);
                    break;
            }
        }
    }

    private void AddElement(IElement element)
    {
        switch (element.LocalName)
        {
            case "br":
                Touch(element);
                EndLine();
                break;
            case "img":
                Touch(element);
                _text.Append(IsSeen(element) ? Picture : ' ');
                break;
            case "hr":
                EndLine();
                Touch(element);
                _text.Append("---");
                EndLine();
                break;
            default:
                AddNested(element);
                break;
        }
    }

    private void AddNested(IElement element)
    {
        var isBlock = Blocks.Contains(element.LocalName);
        var quotes = QuoteMarkup.IsQuote(element) ? 1 : 0;
        var (depth, hint) = (_depth, _hint);
        if (isBlock)
        {
            EndLine();
        }

        (_depth, _hint) = (depth + quotes, QuoteMarkup.IsSignature(element) ? LineKind.Signature : hint);
        AddChildren(element);
        if (isBlock)
        {
            EndLine();
        }
        else if (element.LocalName is "td" or "th")
        {
            _text.Append(' ');
        }

        (_depth, _hint) = (depth, hint);
    }

    private void AddText(IText node)
    {
        if (!string.IsNullOrWhiteSpace(node.Data) || _text.Length > 0)
        {
            Touch(node);
        }

        foreach (var c in node.Data)
        {
            var isSpace = char.IsWhiteSpace(c) && c != '\u00A0';
            if (!isSpace || (_text.Length > 0 && _text[^1] != ' '))
            {
                _text.Append(isSpace || c == '\u00A0' ? ' ' : c);
            }
        }
    }

    /// <summary>Pictures of a pixel count who reads; nobody sees them.</summary>
    private static bool IsSeen(IElement picture) => picture.GetAttribute("width") is not ("0" or "1") || picture.GetAttribute("height") is not ("0" or "1");

    private void Touch(INode node)
    {
        _first ??= node;
        _last = node;
    }

    private void EndLine()
    {
        if (_first is not null && _last is not null)
        {
            _lines.Add(new(_text.ToString(), _depth, _hint));
            _nodes.Add((_first, _last));
        }

        _text.Clear();
        (_first, _last) = (null, null);
    }

    private static readonly HashSet<string> Blocks = new(StringComparer.Ordinal)
    {
        "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure", "figcaption", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "thead", "tfoot", "tr", "ul",
    };
}
