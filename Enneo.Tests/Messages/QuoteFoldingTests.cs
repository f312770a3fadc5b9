using AngleSharp.Html.Parser;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

/// <summary>Toggles in the documents of mail frames, as mailers' HTML calls for them.</summary>
public sealed class QuoteFoldingTests
{
    private readonly MailHtml _mailHtml = new();

    [Theory]
    [InlineData("<div dir=ltr>Yes.</div><br><div class=gmail_quote><div dir=ltr class=gmail_attr>On Mon, May 3, 2021 at 10:00 AM Anna &lt;<a href='mailto:a@a.example'>a@a.example</a>&gt; wrote:<br></div><blockquote class=gmail_quote style='border-left:1px solid #ccc'><p>Really?</p></blockquote></div>")]
    [InlineData("<div class=WordSection1><p class=MsoNormal>Yes.</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:</b> Anna &lt;a@a.example&gt; <br><b>Sent:</b> Monday<br><b>To:</b> Ben<br><b>Subject:</b> Question</p></div></div><p class=MsoNormal>Really?</p></div>")]
    [InlineData("<div>Yes.</div><hr><div id=divRplyFwdMsg><font><b>Von:</b> Anna &lt;a@a.example&gt;<br><b>Gesendet:</b> Montag<br><b>An:</b> Ben<br><b>Betreff:</b> Frage</font></div><div>Wirklich?</div>")]
    [InlineData("<html><body><p>Yes.</p><div><br><blockquote type=cite><div>Am 03.05.2021 um 10:00 schrieb Anna &lt;a@a.example&gt;:</div><br></blockquote></div><blockquote type=cite><div>Wirklich?</div></blockquote></body></html>")]
    [InlineData("<p>Yes.</p><div class=moz-cite-prefix>On 5/3/21 10:00 AM, Anna wrote:<br></div><blockquote type=cite cite='mid:x'><p>Really?</p></blockquote>")]
    [InlineData("<p>Yes.<br><br>-----Original Message-----<br>From: Anna<br>Really?</p>")]
    [InlineData("<p>Yes.</p><div class=gmail_signature data-smartmail=gmail_signature>Anna<br>Really?</div>")]
    public void QuotesStandBehindAToggle(string html)
    {
        var body = Body(Folded(html));
        var toggle = Assert.Single(body.QuerySelectorAll("details"));

        Assert.StartsWith("⋯ ", toggle.FirstElementChild!.TextContent, StringComparison.Ordinal);
        Assert.Matches("Really\\?|Wirklich\\?", toggle.TextContent);
        Assert.DoesNotContain("Yes.", toggle.TextContent, StringComparison.Ordinal);
        Assert.Contains("Yes.", body.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>Hello</p>")]
    [InlineData("<p>Hello</p><blockquote style='margin:0 0 0 40px;border:none;padding:0'>indented</blockquote>")]
    [InlineData("<blockquote type=cite>One?</blockquote><p>Yes</p><blockquote type=cite>Two?</blockquote><p>No</p>")]
    [InlineData("<div>FYI</div><div class=gmail_quote><div>---------- Forwarded message ---------<br>From: Anna &lt;a@a.example&gt;<br>Date: Mon<br>Subject: Q<br>To: b@b.example</div><p>Really?</p></div>")]
    [InlineData("<blockquote type=cite>nothing but a quote</blockquote>")]
    public void WhatMayBeNewDoesNot(string html) => Assert.Empty(Body(Folded(html)).QuerySelectorAll("details"));

    [Fact]
    public void ALogoBelowTheQuoteIsHiddenOnlyWithIt()
    {
        var body = Body(Folded("<p>Yes.</p><blockquote type=cite>Really?</blockquote><p><img src='cid:answer'></p>"));

        Assert.Empty(body.QuerySelectorAll("details"));
    }

    [Fact]
    public void StylesStayWithBothHalvesOfWhatIsParted()
    {
        var body = Body(Folded("<div style='color: red'>Yes.<br><br>On 3 May 2021 at 10:00 Anna &lt;a@a.example&gt; wrote:<br>Really?</div>"));

        Assert.Equal(2, body.QuerySelectorAll("div[style='color: red']").Length);
    }

    [Fact]
    public void FoldedHtmlPassesTheAllowListUnchanged()
    {
        var folded = Folded("<div>Yes.<p>On 3 May 2021 at 10:00 Anna &lt;a@a.example&gt; wrote:<p>Really?<table><tr><td>x</table></div>");

        Assert.Contains("<details>", folded, StringComparison.Ordinal);
        Assert.Equal(folded, _mailHtml.Sanitize(folded, _ => null).Html);
    }

    [Fact]
    public void PlainTextIsFoldedToo() => Assert.Equal(
        "<div style=\"white-space: pre-wrap\">Yes.<br><details><summary>⋯ quoted text</summary><br>Am 03.05.2021 um 10:00 schrieb Anna:<br><blockquote>a<br><blockquote>b<br></blockquote></blockquote></details></div>",
        _mailHtml.FoldedFromText("Yes.\n\nAm 03.05.2021 um 10:00 schrieb Anna:\n> a\n>> b", isForward: false));

    [Theory]
    [InlineData("<br>")]
    [InlineData("<div>a")]
    [InlineData("a<br>")]
    [InlineData("<blockquote type=cite>a</blockquote>b")]
    public void NoRepetitionStallsIt(string piece)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Folded(string.Concat(Enumerable.Repeat(piece, 20_000)) + "<p>On 3 May 2021 at 10:00 Anna &lt;a@a.example&gt; wrote:</p>x");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private string Folded(string html) => _mailHtml.Sanitize(html, new MailView(_ => "/message/1/part/0") { FoldsQuotes = true }).Html;

    private static AngleSharp.Dom.IElement Body(string html) => new HtmlParser().ParseDocument("<!doctype html><body>" + html).Body!;
}
