using System.Net;
using System.Text;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>A link of a mail and what it shows.</summary>
internal readonly record struct MailLink(string Target, string Shown);

/// <summary>
/// Text, links and tricks of HTML in one pass over its characters, without a tree: whatever the markup, the work is
/// that of its length.
/// </summary>
internal sealed class HtmlReading
{
    private const int MaxLinks = 200;
    private const int MaxShown = 200;
    private const int MaxEntity = 10;

    private readonly StringBuilder _text = new();
    private readonly HtmlTag _tag;
    private string? _target;
    private int _shownFrom;
    private string _hiding = "";
    private int _hidingDepth;
    private int _hiddenFrom;

    private HtmlReading(FeatureCollector features) => _tag = new(features);

    public List<MailLink> Links { get; } = [];

    public int Images { get; private set; }

    /// <summary>What is shown: fillers that nobody sees say nothing about a mail.</summary>
    public StringBuilder Text => _text;

    /// <summary>How many characters are not shown.</summary>
    public int Hidden { get; private set; }

    public static HtmlReading Of(ReadOnlySpan<char> html, FeatureCollector features)
    {
        HtmlReading reading = new(features);
        reading.Read(html);
        reading.EndHidden();
        reading._tag.Summarise();
        return reading;
    }

    private void Read(ReadOnlySpan<char> html)
    {
        while (!html.IsEmpty)
        {
            var next = html.IndexOfAny('<', '&');
            _text.Append(next < 0 ? html : html[..next]);
            if (next < 0)
            {
                return;
            }

            html = html[next..];
            html = html[0] is '&' ? html[AddEntity(html)..] : html[AddMarkup(html)..];
        }
    }

    /// <returns>Its length.</returns>
    private int AddEntity(ReadOnlySpan<char> html)
    {
        var end = html[..Math.Min(html.Length, MaxEntity)].IndexOf(';');
        if (end < 0)
        {
            _text.Append('&');
            return 1;
        }

        var entity = html[..(end + 1)];
        _text.Append(entity is "&nbsp;" ? " " : entity is "&amp;" ? "&" : WebUtility.HtmlDecode(entity.ToString()));
        return end + 1;
    }

    /// <returns>The length of the tag, the comment or the element whose content is no text; all that is left if it never ends.</returns>
    private int AddMarkup(ReadOnlySpan<char> html)
    {
        if (html.StartsWith("<!--"))
        {
            var close = html.IndexOf("-->");
            _tag.AddComment(close < 0 ? html.Length : close);
            return close < 0 ? html.Length : close + 3;
        }

        if (html.Length > 1 && !char.IsAsciiLetter(html[1]) && html[1] is not ('/' or '!' or '?'))
        {
            _text.Append('<');
            return 1;
        }

        var end = html.IndexOf('>');
        if (end < 0)
        {
            return html.Length;
        }

        _tag.Read(html[1..end]);
        FollowHidden();
        AddTag();
        return end + 1 + (_tag.Name is "script" or "style" or "title" ? LengthUntil(html[(end + 1)..], _tag.Name) : 0);
    }

    private static int LengthUntil(ReadOnlySpan<char> html, string name)
    {
        var at = 0;
        while (html[at..].IndexOf("</") is >= 0 and var found)
        {
            at += found + 2;
            if (html[at..].StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return at - 2;
            }
        }

        return html.Length;
    }

    /// <summary>An element that is hidden ends where its own tag is closed, or with the mail.</summary>
    private void FollowHidden()
    {
        if (_hidingDepth == 0)
        {
            (_hiding, _hidingDepth, _hiddenFrom) = _tag.IsHiding ? (_tag.Name, 1, _text.Length) : ("", 0, 0);
        }
        else if (_tag.Name == _hiding)
        {
            _hidingDepth++;
        }
        else if (_tag.Name.Length == _hiding.Length + 1 && _tag.Name[0] == '/' && _tag.Name.EndsWith(_hiding, StringComparison.Ordinal) && --_hidingDepth == 0)
        {
            EndHidden();
        }
    }

    private void EndHidden()
    {
        if (_hiding.Length > 0)
        {
            Hidden += _text.Length - _hiddenFrom;
            _text.Length = _hiddenFrom;
            (_hiding, _hidingDepth) = ("", 0);
        }
    }

    private void AddTag()
    {
        switch (_tag.Name)
        {
            case "a":
                EndLink();
                (_target, _shownFrom) = (_tag.Target, _text.Length);
                break;
            case "/a":
                EndLink();
                break;
            case "img":
                Images++;
                AddPicture();
                break;
            case "br" or "p" or "/p" or "tr" or "td" or "div" or "/div" or "li" or "h1" or "h2" or "h3" or "h4" or "th" or "table" or "/td":
                _text.Append('\n');
                break;
        }
    }

    private void AddPicture()
    {
        if (_target is null && _tag.Source.Length > 0 && Links.Count < MaxLinks)
        {
            Links.Add(new(_tag.Source, ""));
        }
    }

    private void EndLink()
    {
        if (_target is { Length: > 0 } target && Links.Count < MaxLinks)
        {
            var from = Math.Min(_shownFrom, _text.Length); // it may have begun in what is hidden
            Links.Add(new(target, _text.ToString(from, Math.Min(MaxShown, _text.Length - from)).Trim()));
        }

        _target = null;
    }
}
