using Enneo.Core.Spam.Headers;
using MimeKit;

namespace Enneo.Tests.Spam.Headers;

/// <summary>RFC 8058: which mails name a request that takes their reader off the list, and which of these can be believed.</summary>
public sealed class OneClickLinkTests
{
    private const string Post = "List-Unsubscribe=One-Click";
    private const string Link = "<mailto:off@shop.example>, <https://shop.example/u?id=7>";
    private const string Signed = "v=1; a=rsa-sha256; d=shop.example; s=k; h=From:Subject:List-Unsubscribe:List-Unsubscribe-Post; bh=x; b=y";

    [Fact]
    public void TheFirstEncryptedAddressIsIt() =>
        Assert.Equal(new Uri("https://shop.example/u?id=7"), Find(("List-Unsubscribe", Link), ("List-Unsubscribe-Post", Post))!.Address);

    [Theory]
    [InlineData("<mailto:off@shop.example>", Post)]
    [InlineData("<http://shop.example/u>", Post)]
    [InlineData("https://shop.example/u", Post)]
    [InlineData("<javascript:alert(1)>", Post)]
    [InlineData(Link, "something else")]
    [InlineData(Link, null)]
    public void AnythingElseNamesNone(string link, string? post) =>
        Assert.Null(Find([("List-Unsubscribe", link), .. post is null ? Array.Empty<(string, string)>() : [("List-Unsubscribe-Post", post)]]));

    [Fact]
    public void WhoSaysItTwiceSaysNothing() =>
        Assert.Null(Find(("List-Unsubscribe", Link), ("List-Unsubscribe", "<https://elsewhere.example/>"), ("List-Unsubscribe-Post", Post)));

    [Theory]
    [InlineData("mx.test; dkim=pass header.d=shop.example", Signed, true)]
    [InlineData("mx.test; dmarc=pass header.from=shop.example", null, true)]
    [InlineData("mx.test; dkim=fail header.d=shop.example", Signed, false)]
    [InlineData("mx.test; dkim=pass header.d=other.example", Signed, false)]
    [InlineData("mx.test; dkim=pass header.d=shop.example", "v=1; d=shop.example; h=From:Subject; b=y", false)]
    [InlineData(null, Signed, false)]
    public void ItIsVouchedForWhereASignatureThatHoldsCoversIt(string? results, string? signature, bool isVouched)
    {
        List<(string, string)> fields = [("List-Unsubscribe", Link), ("List-Unsubscribe-Post", Post)];
        if (results is not null)
        {
            fields.Insert(0, ("Authentication-Results", results));
        }

        if (signature is not null)
        {
            fields.Add(("DKIM-Signature", signature));
        }

        Assert.Equal(isVouched, Find([.. fields])!.IsVouched);
    }

    private static OneClickLink? Find(params (string Field, string Value)[] fields)
    {
        HeaderList headers = [];
        foreach (var (field, value) in fields)
        {
            headers.Add(field, value);
        }

        return OneClickLink.Of(headers, server: null, address => address.Scheme == Uri.UriSchemeHttps);
    }
}
