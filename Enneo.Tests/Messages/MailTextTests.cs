using System.Diagnostics;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class MailTextTests
{
    private const string Link = "target=\"_blank\" rel=\"noopener noreferrer nofollow\"";

    private readonly MailHtml _mailHtml = new();

    [Theory]
    [InlineData("<script>alert(1)</script> & \"you\"", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;you&quot;")]
    [InlineData("a\r\nb\n\n  c", "a<br>b<br><br>  c")]
    [InlineData("> she\n>> and he\nme", "<blockquote>she<br><blockquote>and he<br></blockquote></blockquote>me")]
    [InlineData("javascript:alert(1)", "javascript:alert(1)")]
    public void Text_stays_text(string text, string html)
    {
        Assert.Equal($"<div style=\"white-space: pre-wrap\">{html}<br></div>", _mailHtml.FromText(text));
    }

    [Theory]
    [InlineData("See https://shop.example/a?b=c&d=e.", "https://shop.example/a?b=c&d=e", "https://shop.example/a?b=c&d=e")]
    [InlineData("(https://en.wikipedia.example/wiki/A_(b))", "https://en.wikipedia.example/wiki/A_(b)", "https://en.wikipedia.example/wiki/A_(b)")]
    [InlineData("<https://shop.example/>", "https://shop.example/", "https://shop.example/")]
    [InlineData("write to karin.vogel@kunde.example, please", "mailto:karin.vogel@kunde.example", "karin.vogel@kunde.example")]
    [InlineData("mailto:karin@kunde.example", "mailto:karin@kunde.example", "mailto:karin@kunde.example")]
    [InlineData("HTTPS://SHOP.EXAMPLE/Ä", "HTTPS://SHOP.EXAMPLE/Ä", "HTTPS://SHOP.EXAMPLE/Ä")]
    [InlineData("https://x.test/\"onmouseover=alert(1)//", "https://x.test/", "https://x.test/")]
    public void Addresses_can_be_followed(string text, string target, string words)
    {
        var html = _mailHtml.FromText(text);

        Assert.Contains($"<a href=\"{Encoded(target)}\" {Link}>{Encoded(words)}</a>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http:// and https://")]
    [InlineData("xhttp://a.test")]
    [InlineData("a@b, @home, me@, a.b@c")]
    [InlineData("ftp://a.test file:///etc/passwd")]
    public void What_is_no_address_is_no_link(string text)
    {
        Assert.DoesNotContain("<a ", _mailHtml.FromText(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("http://")]
    [InlineData("a@")]
    [InlineData("http://a.test/(")]
    [InlineData("[")]
    public void No_repetition_stalls_it(string piece)
    {
        var watch = Stopwatch.StartNew();

        _mailHtml.FromText(string.Concat(Enumerable.Repeat(piece, 200_000)));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void The_result_passes_the_allow_list_unchanged_but_for_encoding()
    {
        var html = _mailHtml.Sanitize(_mailHtml.FromText("> a\nb https://x.test"), _ => null).Html;

        Assert.Equal($"<div style=\"white-space: pre-wrap\"><blockquote>a<br></blockquote>b <a href=\"https://x.test\" {Link}>https://x.test</a><br></div>", html);
    }

    [Theory]
    [InlineData("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree")]
    [InlineData("<head><style>x</style><title>t</title><body>Hi<script>no</script> there", "Hi there")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc")]
    [InlineData("Yes<blockquote>you<blockquote>I</blockquote></blockquote>", "Yes\n> you\n>> I")]
    [InlineData("<pre>  a\n  b</pre>", "  a\n  b")]
    [InlineData("a &amp; b &lt;c&gt; &eacute;", "a & b <c> é")]
    [InlineData("<ul><li>one</li><li>two</li></ul>", "one\ntwo")]
    [InlineData("words <a href=\"http://cut.off", "words")]
    public void Html_is_read_as_text(string html, string text)
    {
        Assert.Equal(text, _mailHtml.ToText(html));
    }

    private static string Encoded(string text) => System.Net.WebUtility.HtmlEncode(text);
}
