using System.Text;
using MimeKit.Text;

namespace Enneo.Core.Messages;

/// <summary>The text of HTML, by its tokens alone: no tree, so nothing to overflow. Quotes get the marks of plain text.</summary>
internal sealed class HtmlText
{
    private const int MaxQuoteDepth = 10;

    private readonly StringBuilder _text = new(4096);
    private readonly StringBuilder _line = new(256);
    private int _quotes;
    private int _preformatted;
    private int _blankLines;
    private HtmlTagId? _hiddenBy;

    private HtmlText()
    {
    }

    /// <param name="maxLength">Reading stops soon after as many characters.</param>
    public static string Of(string html, int maxLength)
    {
        HtmlText text = new();
        using StringReader reader = new(html);
        HtmlTokenizer tokenizer = new(reader) { DecodeCharacterReferences = true, IgnoreTruncatedTags = true };
        while (text._text.Length + text._line.Length < maxLength && tokenizer.ReadNextToken(out var token))
        {
            text.Add(token);
        }

        text.EndLine();
        var length = text._text.Length;
        while (length > 0 && text._text[length - 1] == '\n')
        {
            length--;
        }

        return text._text.ToString(0, length);
    }

    private void Add(HtmlToken token)
    {
        switch (token)
        {
            case HtmlTagToken tag:
                AddTag(tag);
                break;
            case HtmlDataToken { Kind: HtmlTokenKind.Data or HtmlTokenKind.CData } data when _hiddenBy is null:
                AddData(data.Data);
                break;
        }
    }

    private void AddTag(HtmlTagToken tag)
    {
        if (_hiddenBy is { } hiding)
        {
            // A head that nobody closed ends where the body begins.
            _hiddenBy = (tag.Id == hiding && tag.IsEndTag) || tag.Id is HtmlTagId.Body ? null : hiding;
            return;
        }

        switch (tag.Id)
        {
            case HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title or HtmlTagId.Head or HtmlTagId.NoScript when !tag.IsEndTag && !tag.IsEmptyElement:
                _hiddenBy = tag.Id;
                break;
            case HtmlTagId.BlockQuote:
                EndLine();
                _quotes = Math.Clamp(_quotes + (tag.IsEndTag ? -1 : 1), 0, MaxQuoteDepth);
                break;
            case HtmlTagId.Pre:
                EndLine();
                _preformatted = Math.Max(0, _preformatted + (tag.IsEndTag ? -1 : 1));
                break;
            case HtmlTagId.Br:
                EndLine(keepsBlank: true);
                break;
            case HtmlTagId.P or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 when !tag.IsEndTag:
                EndLine();
                EndLine(keepsBlank: true);
                break;
            case HtmlTagId.TD or HtmlTagId.TH when tag.IsEndTag:
                AddSpace();
                break;
            default:
                if (IsBlock(tag.Id))
                {
                    EndLine();
                }

                break;
        }
    }

    private static bool IsBlock(HtmlTagId tag) => tag
        is HtmlTagId.P or HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.Table or HtmlTagId.UL or HtmlTagId.OL or HtmlTagId.HR
        or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 or HtmlTagId.DL or HtmlTagId.DT
        or HtmlTagId.DD or HtmlTagId.Center or HtmlTagId.Address or HtmlTagId.Article or HtmlTagId.Section or HtmlTagId.Header or HtmlTagId.Footer
        or HtmlTagId.Form or HtmlTagId.FieldSet or HtmlTagId.Body;

    private void AddData(string data)
    {
        foreach (var c in data)
        {
            if (_preformatted > 0 && c is '\n')
            {
                EndLine(keepsBlank: true);
            }
            else if (_preformatted > 0 && c is ' ')
            {
                _line.Append(c);
            }
            else if (char.IsWhiteSpace(c))
            {
                AddSpace();
            }
            else if (c is not ('\u200B' or '\u200C' or '\u034F' or '\u00AD' or '\uFEFF')) // padding of preview texts
            {
                _line.Append(c);
            }
        }
    }

    private void AddSpace()
    {
        if (_line.Length > 0 && _line[^1] != ' ')
        {
            _line.Append(' ');
        }
    }

    private void EndLine(bool keepsBlank = false)
    {
        while (_line.Length > 0 && _line[^1] == ' ')
        {
            _line.Length--;
        }

        if (_line.Length > 0)
        {
            _blankLines = 0;
            AppendMarks();
            _text.Append(_line).Append('\n');
            _line.Clear();
        }
        else if (keepsBlank && _text.Length > 0 && _blankLines++ == 0)
        {
            AppendMarks();
            _text.Append('\n');
        }
    }

    private void AppendMarks()
    {
        _text.Append('>', _quotes);
        if (_quotes > 0 && _line.Length > 0)
        {
            _text.Append(' ');
        }
    }
}
