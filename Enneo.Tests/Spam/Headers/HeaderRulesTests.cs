using System.Text;
using Enneo.Core.Spam.Headers;
using MimeKit;

namespace Enneo.Tests.Spam.Headers;

public sealed class HeaderRulesTests
{
    private static readonly HashSet<HeaderRule> s_all = [.. Enum.GetValues<HeaderRule>()];

    [Theory]
    [InlineData("X-Spam-Flag: YES", "X-Spam-Flag", "YES")]
    [InlineData("x-spam-flag:yes", "X-Spam-Flag", "yes")]
    [InlineData("X-Spam-Flag:\r\n  Yes  ", "X-Spam-Flag", "Yes")]
    [InlineData("X-Spam-Flag: NO\r\nX-Spam-Flag: YES", "X-Spam-Flag", "YES")]
    [InlineData("X-Spam-Status: Yes, score=12.1 required=5.0 tests=BAYES_99", "X-Spam-Status", "Yes, score=12.1 required=5.0 tests=BAYES_99")]
    [InlineData("X-Spam-Status:\r\n\tYes, score=7.2\r\n\ttests=HTML", "X-Spam-Status", "Yes, score=7.2\ttests=HTML")]
    [InlineData("X-Spam-Status: No, score=1\r\nX-SPAM-STATUS: YES", "X-Spam-Status", "YES")]
    public void SpamAssassin_IsBelieved(string header, string field, string evidence) =>
        Assert.Equal([new(HeaderRule.SpamAssassin, field, evidence)], Find(header));

    [Theory]
    [InlineData("X-Spam-Flag: NO")]
    [InlineData("X-Spam-Flag:")]
    [InlineData("X-Spam-Flag: YESTERDAY")]
    [InlineData("X-Spam-Status: No, score=4.9 required=5.0 tests=Yes")]
    [InlineData("X-Spam-Status: hits=2 Yes")]
    [InlineData("X-Spam-Level: ************")]
    [InlineData("X-My-X-Spam-Flag: YES")]
    [InlineData("Subject: X-Spam-Flag: YES")]
    public void SpamAssassin_SaysNothing(string header) => Assert.Empty(Find(header));

    [Theory]
    [InlineData("X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:US;LANG:en;SCL:1;SRV:;SFV:SPM;H:mail.example.com", "X-Forefront-Antispam-Report", "SFV:SPM")]
    [InlineData("X-Forefront-Antispam-Report:\r\n CIP:1.2.3.4;CTRY:;\r\n SCL:9;SFV:NSPM", "X-Forefront-Antispam-Report", "SCL:9")]
    [InlineData("x-forefront-antispam-report: scl : 5 ; sfv:nspm", "X-Forefront-Antispam-Report", "scl : 5")]
    [InlineData("X-Forefront-Antispam-Report: SFV:NSPM;SCL:1\r\nX-Forefront-Antispam-Report: SFV:spm", "X-Forefront-Antispam-Report", "SFV:spm")]
    [InlineData("X-MS-Exchange-Organization-SCL: 6", "X-MS-Exchange-Organization-SCL", "6")]
    [InlineData("X-MS-Exchange-Organization-SCL: -1\r\nX-MS-Exchange-Organization-SCL:\r\n 5", "X-MS-Exchange-Organization-SCL", "5")]
    public void Exchange_IsBelieved(string header, string field, string evidence) =>
        Assert.Equal([new(HeaderRule.Exchange, field, evidence)], Find(header));

    [Theory]
    [InlineData("X-Forefront-Antispam-Report: CIP:1.2.3.4;SCL:-1;SFV:SKN")]
    [InlineData("X-Forefront-Antispam-Report: SCL:4;SFV:NSPM;H:SFV.SPM.example")]
    [InlineData("X-Forefront-Antispam-Report: SCL:;SFV:")]
    [InlineData("X-Forefront-Antispam-Report: XSCL:9;SCL:99999999999")]
    [InlineData("X-MS-Exchange-Organization-SCL: -1")]
    [InlineData("X-MS-Exchange-Organization-SCL: 4")]
    [InlineData("X-MS-Exchange-Organization-SCL: high")]
    public void Exchange_SaysNothing(string header) => Assert.Empty(Find(header));

    [Theory]
    [InlineData("Feedback-ID: 123:456:campaign:mailer", "123:456:campaign:mailer")]
    [InlineData("feedback-id:\r\n 1.eu-west-1.abc=:AmazonSES\r\nFeedback-ID: 77:list:shop", "77:list:shop")]
    [InlineData("Feedback-ID:", "")]
    public void Bulk_IsNoticed(string header, string evidence) =>
        Assert.Equal([new(HeaderRule.Bulk, "Feedback-ID", evidence)], Find(header));

    [Theory]
    [InlineData("Feedback-ID: 12345:user:proton")]
    [InlineData("Feedback-ID: i1a2b3c4:Fastmail")]
    [InlineData("Feedback-ID: ::1.eu-west-1.abc+def=:AmazonSES")]
    [InlineData("X-Feedback-ID: 1:2:3:mailer")]
    public void Bulk_IsNotWhatProvidersPutOnMailWrittenByHand(string header) => Assert.Empty(Find(header));

    [Fact]
    public void Bulk_LeavesKnownSendersAlone()
    {
        const string Header = "From: Shop <News@Shop.example>\r\nFeedback-ID: 1:2:3:mailer";

        Assert.Single(Find(Header));
        Assert.Empty(Find(Header, new() { KnownSenders = new HashSet<string> { "news@shop.example" } }));
        Assert.Single(Find(Header + "\r\nFrom: other@else.example", new() { KnownSenders = new HashSet<string> { "news@shop.example" } }));
    }

    [Theory]
    [InlineData("Authentication-Results: mx.us.example; dmarc=pass header.from=us.example\r\n", 0)]
    [InlineData("Authentication-Results: mx.us.example; dkim=pass header.d=us.example\r\n", 0)]
    [InlineData("Authentication-Results: mx.us.example; dkim=pass header.d=else.example\r\n", 1)]
    [InlineData("", 1)]
    public void Bulk_LeavesOurOwnDomainsAlone_WhereTheyAreAuthenticated(string results, int findings) => Assert.Equal(
        findings,
        Find(results + "From: form@us.example\r\nFeedback-ID: 1:2:3:mailer", new() { OwnDomains = new HashSet<string> { "us.example" } }).Count);

    [Theory]
    [InlineData("Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=a.example; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=b.example")]
    [InlineData("authentication-results: MX.example.com;\r\n\tdkim=none;\r\n\tDMARC=Fail\r\n\theader.from=b.example")]
    [InlineData("Authentication-Results: spf=fail (sender IP is 1.2.3.4) smtp.mailfrom=b.example; dkim=none (message not signed) header.d=none;dmarc=fail action=oreject header.from=b.example;compauth=fail reason=000")]
    [InlineData("Authentication-Results: mx.example.com; dkim=pass header.d=a.example\r\nAuthentication-Results: mx.example.com; dmarc=fail header.from=b.example")]
    [InlineData("Received: from out.example ([203.0.113.7]) by mx.example.com; Mon, 1 Jan 2024 10:00:00 +0000\r\nAuthentication-Results: mx.example.com; dmarc=fail header.from=b.example")]
    public void Dmarc_FailureOfTheReceivingSideCounts(string header) =>
        Assert.Equal([new(HeaderRule.Dmarc, "Authentication-Results", "dmarc=fail")], Find(header));

    [Theory]
    [InlineData("Authentication-Results: mx.example.com; dmarc=pass header.from=b.example")]
    [InlineData("Authentication-Results: mx.example.com; dmarc=none header.from=fail.example")]
    [InlineData("Authentication-Results: mx.example.com; dmarc=pass\r\nAuthentication-Results: forged.example; dmarc=fail")]
    [InlineData("Authentication-Results: mx.example.com; dmarc=pass\r\nReceived: from forger.example by mx.example.com; Mon, 1 Jan 2024 10:00:00 +0000\r\nAuthentication-Results: mx.example.com; dmarc=fail")]
    [InlineData("Authentication-Results: mx.example.com; dmarc=pass\r\nAuthentication-Results: relay.example; spf=pass\r\nAuthentication-Results: mx.example.com; dmarc=fail")]
    [InlineData("X-Authentication-Results: mx.example.com; dmarc=fail")]
    [InlineData("Authentication-Results: dmarc=;;=fail")]
    public void Dmarc_NothingElseCounts(string header) => Assert.Empty(Find(header));

    [Fact]
    public void Dmarc_TakesTheConfiguredServersWordAlone()
    {
        const string Header = "Authentication-Results: filter.example; dmarc=none\r\nAuthentication-Results: mx.example.com; dmarc=fail header.from=b.example";

        Assert.Empty(Find(Header));
        Assert.Single(Find(Header, new() { AuthenticationServer = "MX.example.com" }));
        Assert.Empty(Find(Header, new() { AuthenticationServer = "filter.example" }));
    }

    [Theory]
    [InlineData("ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=lists.example; s=arc")]
    [InlineData("Return-Path: <bounce+x@lists.example>")]
    [InlineData("List-Id: Talk <lists.example>")]
    public void Dmarc_APinnedWayIsLeftAlone(string way)
    {
        HeaderExemptions pinned = new() { Pins = [new("b.example", "lists.example")] };
        var header = $"Authentication-Results: mx.example.com; dmarc=fail\r\nFrom: a@b.example\r\n{way}";

        Assert.Empty(Find(header, pinned));
        Assert.Single(Find(header.Replace("a@b.example", "a@c.example", StringComparison.Ordinal), pinned));
        Assert.Single(Find(header.Replace("lists.example", "else.example", StringComparison.Ordinal), pinned));
    }

    [Fact]
    public void ARuleThatIsSwitchedOffFindsNothing()
    {
        const string Header = "X-Spam-Flag: YES\r\nX-MS-Exchange-Organization-SCL: 9\r\nFeedback-ID: 1:2:3:m\r\nAuthentication-Results: mx.example.com; dmarc=fail";

        Assert.Equal(s_all, Find(Header).Select(finding => finding.Rule).ToHashSet());
        foreach (var rule in s_all)
        {
            Assert.DoesNotContain(rule, HeaderRules.Find(Headers(Header), s_all.Where(other => other != rule).ToHashSet(), new()).Select(finding => finding.Rule));
        }
    }

    private static IReadOnlyList<HeaderFinding> Find(string header, HeaderExemptions? exemptions = null) =>
        HeaderRules.Find(Headers(header), s_all, exemptions ?? new());

    private static HeaderList Headers(string header) => HeaderList.Load(new MemoryStream(Encoding.UTF8.GetBytes(header + "\r\n\r\n")));
}
