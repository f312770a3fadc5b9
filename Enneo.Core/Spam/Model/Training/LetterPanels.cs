using System.Globalization;
using System.Net;
using System.Text;

namespace Enneo.Core.Spam.Model.Training;

/// <summary>
/// The HTML that mailing programs make of a letter: panels within panels, a banner, a grid of goods, a button for Outlook
/// and one for everybody else, small print.
/// </summary>
internal sealed class LetterPanels(LetterContent content, LetterWords words)
{
    private static readonly string[] s_doctypes =
        ["<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">", "<!doctype html>", ""];

    private static readonly string[] s_colours = ["#ffffff", "#f4f4f4", "#eeeeee", "#21304a", "#0b7285", "#ffd43b", "#e03131", "#2b8a3e"];
    private static readonly string[] s_widths = ["500", "580", "600", "640"];

    private readonly StringBuilder _html = new();
    private readonly string _width = words.Pick(s_widths);

    public override string ToString()
    {
        _html.Append(words.Pick(s_doctypes)).Append("<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />");
        _html.Append(words.Chance(.7) ? "<meta name=\"viewport\" content=\"width=device-width\" />" : "").Append("<title>").Append(Encode(content.Button)).Append("</title><style type=\"text/css\">img{border:none} td{font-family:Helvetica,Arial} @media only screen and (max-width:480px){.w320{width:320px!important}}</style></head>");
        _html.Append("<body bgcolor=\"").Append(words.Pick(s_colours)).Append("\" style=\"margin:0;padding:0\">");
        if (words.Chance(.4))
        {
            Panel($"<a href=\"{content.UnsubscribeTarget}\" style=\"font-size:11px\">{Encode(content.Unsubscribe)}</a>");
        }

        Panel(words.Chance(.8) ? $"<a href=\"{content.Target}\"><img src=\"{LetterLayout.Image(content, words)}\" width=\"{_width}\" alt=\"{Encode(content.Signature)}\"></a>" : $"<h1>{Encode(content.Signature)}</h1>");
        Text();
        Goods();
        Button();
        Panel($"{Encode(content.Closing)}<br/>{Encode(content.Signature)}");
        SmallPrint();
        return _html.Append("</body></html>").ToString();
    }

    private void Panel(string inner)
    {
        var tag = words.Chance(.4) ? "center" : "div";
        _html.Append("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" valign=\"top\"><").Append(tag);
        _html.Append("><table width=\"").Append(_width).Append("\" class=\"w320\" cellpadding=\"0\" cellspacing=\"0\"><tr><td style=\"padding:10px 20px;text-align:left\">");
        _html.Append(inner).Append("</td></tr></table></").Append(tag).Append("></td></tr></table>");
    }

    private void Text()
    {
        var tag = words.Pick(["h1", "h2", "h3", "strong"]);
        Panel($"<{tag}>{Encode(content.Paragraphs[0])}</{tag}>");
        Panel($"{Encode(content.Greeting)}<br><br>{string.Join("<br/><br/>", content.Paragraphs.Skip(words.Chance(.5) ? 0 : 1).Select(Encode))}");
    }

    private void Goods()
    {
        if (content.Items.Count == 0)
        {
            return;
        }

        StringBuilder grid = new("<table width=\"100%\">");
        for (var i = 0; i < content.Items.Count; i++)
        {
            grid.Append(i % 2 == 0 ? "<tr>" : "").Append("<td width=\"50%\" valign=\"top\"><a href=\"").Append(content.ItemTargets[i].Length > 0 ? content.ItemTargets[i] : content.Target);
            grid.Append("\"><img src=\"").Append(LetterLayout.Image(content, words)).Append("\" width=\"240\"></a><br/>").Append(Encode(content.Items[i])).Append("</td>").Append(i % 2 == 1 ? "</tr>" : "");
        }

        Panel(grid.Append("</table>").ToString());
    }

    private void Button()
    {
        if (content.Button.Length > 0)
        {
            Panel($"<!--[if mso]><v:roundrect href=\"{content.Target}\" style=\"height:45px;width:155px\" arcsize=\"15%\"><center>{Encode(content.Button)}</center></v:roundrect><![endif]--><a href=\"{content.Target}\" style=\"background-color:{words.Pick(s_colours)};color:#ffffff;display:inline-block;line-height:45px;width:155px\">{Encode(content.Button)}</a>");
        }
    }

    private void SmallPrint()
    {
        if (!content.HasFooter)
        {
            return;
        }

        var year = words.Random.Next(2009, 2027).ToString(CultureInfo.InvariantCulture);
        Panel($"<small>&copy; {year} {Encode(content.Signature)}. {Encode(content.Footer)} <a href=\"{content.UnsubscribeTarget}\">{Encode(content.Unsubscribe)}</a>{string.Concat(content.Elsewhere.Select(target => $" <a href=\"{target}\"><img src=\"{LetterLayout.Image(content, words)}\" width=\"32\"></a>"))}</small>");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
