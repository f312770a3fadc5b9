using System.Globalization;
using System.Net;
using System.Text;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>
/// HTML whose every trait is drawn by itself, the same way for wanted mail and for spam: how a mail is put together
/// should tell little of what it is.
/// </summary>
internal sealed class LetterMix(LetterContent content, LetterWords words)
{
    private static readonly string[] s_boxes = ["div", "table", "section", "container", "center", "td"];
    private static readonly string[] s_headings = ["h1", "h2", "h3", "h4", "strong", "b", "div"];
    private static readonly string[] s_texts = ["p", "div", "td", "span", "font"];
    private static readonly string[] s_colours = ["#ffffff", "#f3f3f3", "#000000", "#333333", "#0a84ff", "#e8590c", "#7048e8", "white", "#fff"];
    private static readonly string[] s_starts =
        ["<!DOCTYPE html>", "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">", "", ""];

    private static readonly string[] s_styles =
        ["body{margin:0}", ".btn{display:inline-block;padding:12px 30px}", "@media (max-width:480px){.full{width:100%!important}}", ".header{background:#f3f3f3}", "a{color:inherit;text-decoration:none}", "#outlook a{padding:0}", ".ReadMsgBody{width:100%}"];

    private readonly StringBuilder _html = new();
    private readonly string _box = words.Pick(s_boxes);
    private readonly string _heading = words.Pick(s_headings);
    private readonly string _text = words.Pick(s_texts);
    private readonly bool _hasStyles = words.Chance(.6);
    private readonly bool _isWhole = words.Chance(.8);
    private readonly int _images = words.Random.Next(5);
    private readonly bool _isTemplate = !content.Letter.IsSpam && words.Chance(.2);

    public override string ToString()
    {
        Head();
        if (words.Chance(.3))
        {
            _html.Append("<div style=\"display:none;font-size:1px;color:#ffffff;opacity:0\">").Append(Encode(content.Paragraphs[0])).Insert(_html.Length, "&zwnj;&nbsp;", words.Random.Next(30)).Append("</div>");
        }

        Images(_images / 2);
        Box(Element(_heading, words.Chance(.5) ? content.Signature : content.Button.Length > 0 ? content.Button : content.Paragraphs[0]));
        Box(string.Concat(((string[])[content.Greeting, .. content.Paragraphs]).Select(paragraph => Element(_text, paragraph))));
        Items();
        Button();
        Images(_images - (_images / 2));
        Box(Element(_text, content.Closing) + Element(_text, content.Signature));
        Foot();
        return _html.Append(words.Chance(.3) ? "<img src=\"" + Image() + "\" width=\"1\" height=\"1\">" : "").Append(_isWhole ? "</body></html>" : "").ToString();
    }

    private void Head()
    {
        _html.Append(words.Pick(s_starts)).Append(_isWhole ? "<html><head>" : "");
        _html.Append(words.Chance(.4) ? "<meta name=\"viewport\" content=\"width=device-width\">" : "").Append(words.Chance(.4) ? $"<title>{Encode(content.Signature)}</title>" : "");
        if (words.Chance(.6))
        {
            _html.Append("<style type=\"text/css\">").AppendJoin('\n', s_styles.Where(_ => words.Chance(.4))).Append("</style>");
        }

        _html.Append(words.Chance(.25) ? "<!--[if mso]><style>table{border-collapse:collapse}</style><![endif]-->" : "").Append(words.Chance(.2) ? $"<!-- {string.Concat(Enumerable.Repeat($"{words.Pronounceable()} ", 60))} -->" : "");
        _html.Append(_isWhole ? $"</head><body{Style()}>" : "").Append(words.Chance(.15) ? "</center></td>" : "");
    }

    private string Style() => !_hasStyles ? "" : words.Random.Next(4) switch
    {
        0 => $" style=\"background-color:{words.Pick(s_colours)};padding:{words.Random.Next(40)}px\"",
        1 => $" style=\"color:{words.Pick(s_colours)};font-size:{words.Random.Next(10, 30)}px;mso-line-height-rule:exactly\"",
        2 => " align=\"center\" class=\"full\"",
        _ => $" bgcolor=\"{words.Pick(s_colours)}\"",
    };

    private string Element(string tag, string text) => text.Length == 0 ? "" : $"<{tag}{Style()}>{Encode(text)}</{tag}>{(tag is "span" or "font" or "b" or "strong" ? "<br>" : "")}\n";

    private void Box(string inner)
    {
        var (open, close) = _box switch
        {
            "table" or "td" => ($"<table width=\"600\" border=\"0\"{Style()}><tr><td{Style()}>", "</td></tr></table>"),
            "container" => ("<container><row><columns>", "</columns></row></container><spacer size=\"16\"></spacer>"),
            _ => ($"<{_box}{Style()}>", $"</{_box}>"),
        };
        _html.Append(open).Append(inner).Append(close).Append('\n');
    }

    private void Images(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var image = $"<img src=\"{(_isTemplate ? "images/" + words.Pronounceable() + ".png" : Image())}\" alt=\"\" width=\"{words.Random.Next(20, 640)}\">";
            Box(words.Chance(.4) ? $"<a href=\"{Target(content.Target)}\">{image}</a>" : image);
        }
    }

    private void Items()
    {
        var rows = content.Items.Select((item, index) => content.ItemTargets[index].Length > 0 ? $"<a href=\"{Target(content.ItemTargets[index])}\">{Encode(item)}</a>" : Encode(item)).ToList();
        if (rows.Count > 0)
        {
            Box(words.Chance(.5) ? $"<ul>{string.Concat(rows.Select(row => $"<li>{row}</li>"))}</ul>" : string.Concat(rows.Select(row => $"<{_text}{Style()}>{row}</{_text}>")));
        }
    }

    private void Button()
    {
        if (content.Button.Length > 0)
        {
            var target = Target(content.Target);
            Box(words.Random.Next(4) switch
            {
                0 => $"<button class=\"large\" href=\"{target}\">{Encode(content.Button)}</button>",
                1 => $"<table><tr><td{Style()}><a href=\"{target}\" class=\"btn\">{Encode(content.Button)}</a></td></tr></table>",
                2 => $"<a href=\"{target}\"{Style()}>{Encode(content.Button)}</a>",
                _ => $"{Element(_text, content.Button)}<a href=\"{target}\">{Encode(target)}</a>",
            });
        }
    }

    private void Foot()
    {
        if (content.HasFooter)
        {
            var year = words.Random.Next(2009, 2027).ToString(CultureInfo.InvariantCulture);
            Box($"<small>{(words.Chance(.5) ? $"&copy; {year} " : "")}{Encode(content.Footer)} <a href=\"{Target(content.UnsubscribeTarget)}\">{Encode(content.Unsubscribe)}</a></small>{string.Concat(content.Elsewhere.Select(target => $" <a href=\"{Target(target)}\"><img src=\"{Image()}\" width=\"24\"></a>"))}");
        }
    }

    /// <summary>What is sent to try a template out leads nowhere.</summary>
    private string Target(string target) => _isTemplate ? "#" : target;

    private string Image() => LetterLayout.Image(content, words);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
