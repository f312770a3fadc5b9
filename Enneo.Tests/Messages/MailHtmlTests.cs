using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class MailHtmlTests
{
    private readonly MailHtml _mailHtml = new();

    [Theory]
    [InlineData("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>")]
    [InlineData("<script>alert(1)</script><p onclick=x>Hi</p>", "<p>Hi</p>")]
    [InlineData("<form action=x><input value=1><button>Go</button>Text</form>", "GoText")]
    [InlineData("<div id=app name=x class=mud>Hi</div>", "<div>Hi</div>")]
    [InlineData("<svg><a href=x>one</a></svg><math><mi>two</mi></math>three", "three")]
    [InlineData("<style>p{color:red}</style><title>t</title><p>Hi", "<p>Hi</p>")]
    [InlineData("<center><font color=red face=Arial>old</font></center>", "<center><font color=\"red\" face=\"Arial\">old</font></center>")]
    [InlineData("<o:p>Word</o:p><unknown>kept</unknown>", "Wordkept")]
    [InlineData("<!--[if mso]><p>x</p><![endif]-->y", "y")]
    [InlineData("<td>loose</td>", "loose")]
    public void Only_what_the_lists_name_is_kept(string html, string kept)
    {
        Assert.Equal(kept, Clean(html));
    }

    [Theory]
    [InlineData("https://shop.example/a?b=c&amp;d=100%25", "https://shop.example/a?b=c&amp;d=100%25")]
    [InlineData("mailto:karin@kunde.example?subject=Hi", "mailto:karin@kunde.example?subject=Hi")]
    [InlineData("tel:+49221123", "tel:+49221123")]
    [InlineData(" https://shop.example/\t\n", "https://shop.example/")]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("java\nscript:alert(1)", null)]
    [InlineData("data:text/html,<script>alert(1)</script>", null)]
    [InlineData("/api/mind/ticket", null)]
    [InlineData("//evil.example/", null)]
    [InlineData("#top", null)]
    [InlineData("vbscript:x", null)]
    [InlineData("cid:logo", null)]
    [InlineData("https://shop&quot;&gt;&lt;b&gt;/", null)]
    [InlineData("https:///shop example/", null)]
    [InlineData("https://shop.example?a=%22|&quot;&lt;", "https://shop.example?a=%22|&quot;&lt;")]
    public void Links_lead_out_or_nowhere(string address, string? kept)
    {
        var clean = Clean($"<a href=\"{address}\">x</a>");

        Assert.Equal(kept is null ? """<a target="_blank" rel="noopener noreferrer nofollow">x</a>""" : $"""<a href="{kept}" target="_blank" rel="noopener noreferrer nofollow">x</a>""", clean);
    }

    [Fact]
    public void An_image_of_the_mail_gets_the_address_that_serves_it_and_keeps_it()
    {
        static string? Picture(string contentId) => contentId == "logo@shop" ? "/message/1/part/0" : null;

        var safe = _mailHtml.Sanitize("""<img src="cid:logo%40shop"><img src="CID:other"><img src="/message/1/part/0"><img src="/message/9/part/9#cid=logo%40shop">""", Picture);

        Assert.Equal("""<img src="/message/1/part/0#cid=logo%40shop"><img><img><img>""", safe.Html);
        Assert.Equal(0, safe.BlockedRemoteImages);
        Assert.Equal(safe.Html, _mailHtml.Sanitize(safe.Html, Picture).Html);
        Assert.Equal("<img><img><img><img>", _mailHtml.Sanitize(safe.Html, _ => null).Html);
    }

    [Fact]
    public void A_background_of_the_mail_or_of_another_host_is_shown_by_the_address_that_serves_it()
    {
        MailView view = new(id => id == "paper" ? "/message/1/part/0" : null) { RemoteImage = address => "/remote?address=" + Uri.EscapeDataString(address) };

        var safe = _mailHtml.Sanitize("<table background=cid:paper><tr><td style='background: red url(https://shop.example/(1).png)'>x</td></tr></table>", view);
        var shown = _mailHtml.Sanitize("<body bgcolor=white style='background:url(https://shop.example/1.png)'>x", view);

        Assert.Contains("<table style=\"background-image: url('/message/1/part/0#cid=paper')\">", safe.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("shop.example/(1", safe.Html, StringComparison.Ordinal);
        Assert.Equal("<div style=\"background-color: white; background-image: url('/remote?address=https%3A%2F%2Fshop.example%2F1.png#src=https%3A%2F%2Fshop.example%2F1.png')\">x</div>", shown.Html);
        Assert.Equal(shown.Html, _mailHtml.Sanitize(shown.Html, view).Html);
        Assert.DoesNotContain("url(", _mailHtml.Sanitize(shown.Html, _ => null).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src=https://tracker.example/1.gif>")]
    [InlineData("<img src=//tracker.example/1.gif>")]
    [InlineData("<table background='http://tracker.example/1.gif'><tr><td>x</table>")]
    [InlineData("<p style=\"background: #fff url('http://tracker.example/1.gif') no-repeat\">x</p>")]
    [InlineData("<p style=\"list-style-image:url(//tracker.example/1.gif)\">x</p>")]
    public void What_lies_on_other_hosts_is_taken_out_and_counted(string html)
    {
        var safe = _mailHtml.Sanitize(html, _ => null);

        Assert.Equal(1, safe.BlockedRemoteImages);
        Assert.DoesNotContain("tracker.example", safe.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:image/png;base64,iVBORw0KGgo=", true)]
    [InlineData("data:image/png;base64,iVBORw0KGgo", true)]
    [InlineData("data:image/png;base64,iVBORw0KG", false)]
    [InlineData("data:image/png;base64,iVBORw=KGgo=", false)]
    [InlineData("data:image/svg+xml;base64,PHN2Zz4=", false)]
    [InlineData("data:image/png;base64,iVBO\"><script>", false)]
    [InlineData("data:text/html;base64,PHN2Zz4=", false)]
    public void Images_within_the_mail_are_kept_if_browsers_only_paint_them(string address, bool isKept)
    {
        Assert.Equal(isKept, Clean($"<img src='{address}'>").Contains("data:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_paper_a_mail_was_written_for_is_kept()
    {
        Assert.Equal(
            """<div style="background-color: #000; color: white"><p>Hi</p></div>""",
            Clean("<html><body bgcolor=#000 style='color:white;position:fixed'><p>Hi</p></body></html>"));
    }

    [Theory]
    [InlineData(100_000, "<div>")]
    [InlineData(10_000, "<table><tr><td>")]
    [InlineData(5_000, "<b><i><a href=x>")]
    [InlineData(10_000, "<div><!--</div>-->")]
    [InlineData(10_000, "<div><style></div></style>")]
    public void A_tree_too_deep_is_shown_as_words(int count, string tags)
    {
        var clean = Clean(string.Concat(Enumerable.Repeat(tags, count)) + "the words");

        Assert.Contains("the words", clean, StringComparison.Ordinal);
        Assert.Contains("too large to be shown", clean, StringComparison.Ordinal);
        Assert.Equal(clean, Clean(clean));
    }

    [Fact]
    public void Sloppy_html_is_not_too_deep()
    {
        var rows = string.Concat(Enumerable.Repeat("<p>one<li>two<a href=http://x.test/>three<br>", 2000));

        Assert.DoesNotContain("too large", Clean(rows), StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_attributes_do_not_stall_it()
    {
        var clean = Clean("<p " + string.Join(' ', Enumerable.Range(0, 200_000).Select(i => $"a{i}=1")) + ">x</p>");

        Assert.Equal("<p>x</p>", clean);
    }

    [Fact]
    public void The_document_of_a_frame_holds_the_body_and_no_script()
    {
        var text = MailDocument.Build(new SafeHtml(_mailHtml.FromText("a <b"), 0), isPlainText: true, MailTheme.Dark);
        var html = MailDocument.Build(new SafeHtml("<p>x</p>", 0), isPlainText: false, MailTheme.Dark);

        Assert.Contains("a &lt;b", text, StringComparison.Ordinal);
        Assert.Contains("<p>x</p></body>", html, StringComparison.Ordinal);
        Assert.All([text, html], document =>
        {
            Assert.StartsWith("<!doctype html><html><head><meta charset=\"utf-8\">", document, StringComparison.Ordinal);
            Assert.DoesNotContain("<script", document, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("<p>Hello</p>", false)]
    [InlineData("<p style=\"margin: 0\">Hello</p>", false)]
    [InlineData("<p style=\"color: #333\">Hello</p>", true)]
    [InlineData("<td bgcolor=\"#fff\">Hello</td>", true)]
    [InlineData("<font color=\"red\">Hello</font>", true)]
    public void Html_with_colours_of_its_own_stays_on_white_paper_in_the_dark(string body, bool isOnPaper)
    {
        var document = MailDocument.Build(new SafeHtml(body, 0), isPlainText: false, MailTheme.Dark);

        Assert.Equal(isOnPaper, document.Contains("background: #ffffff", StringComparison.Ordinal));
    }

    private string Clean(string html) => _mailHtml.Sanitize(html, _ => null).Html;
}
