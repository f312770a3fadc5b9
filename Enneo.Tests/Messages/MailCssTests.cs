using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class MailCssTests
{
    [Theory]
    [InlineData("color:red;font-family:'Segoe UI',Arial", "color: red; font-family: 'Segoe UI',Arial")]
    [InlineData("COLOR : rgb(1, 2, 3) ;; margin:0 auto!important", "color: rgb(1, 2, 3); margin: 0 auto!important")]
    [InlineData("position:fixed;top:0;z-index:9;color:red", "color: red")]
    [InlineData("background:#fff url(data:image/png;base64,AA==) no-repeat;color:red", "background: #fff no-repeat; color: red")]
    [InlineData("background:u\\72l(http://x.test)", "")]
    [InlineData("background:u/**/rl(http://x.test)", "")]
    [InlineData("width:expression(alert(1))", "")]
    [InlineData("width:calc(100% - 3px)", "")]
    [InlineData("color:var(--x)", "")]
    [InlineData("--x:url(http://x.test)", "")]
    [InlineData("color:red/*;position:fixed", "color: red")]
    [InlineData("font-family:\"a;b", "")]
    [InlineData("color:red}body{display:none", "")]
    [InlineData("background-image:image-set('http://x.test' 1x)", "")]
    [InlineData("background:rgb(1,2,3) cross-fade(a)", "")]
    [InlineData("behavior:url(x.htc);-moz-binding:url(x)", "")]
    public void Declarations_are_kept_when_nothing_in_them_can_load_or_leave(string style, string kept)
    {
        Assert.Equal(kept, MailCss.Filter(style, _ => null, out _));
        Assert.Equal(kept, MailCss.Filter(kept, _ => null, out _));
    }

    [Fact]
    public void Addresses_on_other_hosts_are_counted()
    {
        MailCss.Filter("background:url(http://x.test/1);list-style-image:url('//x.test/2');border-image:url(local)", _ => null, out var remote);

        Assert.Equal(2, remote);
    }

    [Theory]
    [InlineData("background:#fff url(http://x.test/1.png) no-repeat;color:red", "background: #fff no-repeat; background-image: url('/seen?http://x.test/1.png'); color: red", 0)]
    [InlineData("background-image:url( \"http://x.test/1.png\" );background-size:cover", "background-image: url('/seen?http://x.test/1.png'); background-size: cover", 0)]
    [InlineData("background:url(http://x.test/1),url(http://x.test/2)", "background: ,", 2)]
    [InlineData("list-style-image:url(http://x.test/1);border-image:url(http://x.test/2)", "", 2)]
    [InlineData("background:url(http://x.test/a'b)", "", 1)]
    [InlineData("background:url(http://x.test/a b)", "", 1)]
    [InlineData("background:url(http://x.test/a\\29 b)", "", 1)]
    [InlineData("background:url('http://x.test/1.png') expression(1)", "background-image: url('/seen?http://x.test/1.png')", 0)]
    public void A_background_shows_a_picture_that_is_served_from_here(string style, string kept, int blocked)
    {
        static string? Picture(string address) => address.StartsWith("/seen?", StringComparison.Ordinal) ? address : address.StartsWith("http:", StringComparison.Ordinal) ? "/seen?" + address : null;

        Assert.Equal(kept, MailCss.Filter(style, Picture, out var remote));
        Assert.Equal(blocked, remote);
        Assert.Equal(kept, MailCss.Filter(kept, Picture, out _));
    }
}
