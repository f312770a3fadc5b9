using System.Text;
using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Tests.Spam.Model;

public sealed class JudgementTests
{
    private const string Phishing = """
        From: PayPal Security <service@paket-login77.top>
        Reply-To: collect991@gmail.com
        To: support@company.example
        Subject: Action required: verify your account
        MIME-Version: 1.0
        Content-Type: text/html; charset=utf-8

        <html><body><p>Dear customer,</p><p>We detected unusual activity and have limited your account. Please confirm your details
        within 24 hours or your account will be suspended.</p>
        <p><a href="http://xkqwrtz.top/login.php">https://www.paypal.com/signin</a></p></body></html>
        """;

    private const string Question = """
        From: Katrin Vogel <katrin.vogel@web.de>
        To: support@company.example
        Subject: Frage zu meiner Rechnung
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        Guten Tag,

        ich verstehe die Rechnung vom letzten Monat nicht. Können Sie mir bitte sagen, wofür die zweite Position ist?

        Viele Grüße
        Katrin Vogel
        """;

    [Fact]
    public void Phishing_IsProbable_ForReasonsThatAPersonUnderstands()
    {
        var judgement = Judge(Phishing);

        Assert.True(judgement.Probability > .9, $"{judgement.Probability}");
        Assert.InRange(judgement.For.Count, 3, 5);
        Assert.InRange(judgement.Against.Count, 0, 3);
        Assert.All(judgement.For, reason => Assert.True(reason.Weight > 0));
        Assert.Equal(judgement.For.OrderByDescending(reason => reason.Weight), judgement.For);
    }

    [Fact]
    public void Evidence_NamesWhatIsShownAndWhereItGoes()
    {
        var features = SpamModel.FindFeatures(Encoding.UTF8.GetBytes(Phishing), isNamed: true)!;

        Assert.Contains(features.Names, name => name is { Sign: Sign.LinkShowsOtherHost, Text: "www.paypal.com xkqwrtz.top" });
        Assert.Contains(features.Names, name => name is { Sign: Sign.ReplyToOtherDomain, Text: "gmail.com" });
        Assert.Equal(features.Hashes.Length, features.Names.Count);
    }

    [Fact]
    public void AQuestionOfACustomer_IsNot() => Assert.True(Judge(Question).Probability < .3, $"{Judge(Question).Probability}");

    [Fact]
    public void WhatServersWroteIntoTheHeaderChangesNothing()
    {
        var clean = Judge(Question);
        var marked = Judge("X-Spam-Flag: YES\nX-Spam-Score: 99\nReceived: from spam.example by us\nList-Unsubscribe: <https://x.top/>\nPrecedence: bulk\n" + Question);

        Assert.Equal(clean.Probability, marked.Probability);
    }

    [Fact]
    public void HiddenCharactersAndLookalikesAreSeenThrough()
    {
        var plain = Features("Please verify your account password now, dear winner of the lottery");
        var hidden = Features("Please ver\u200Bify your acc\u00ADount pass\u200Dword now, dear winner of the lottery");
        var alike = Features("Please verify your ассоunt pаsswоrd now, dear winner of the lottery");

        Assert.Empty(Words(plain).Except(Words(hidden)));
        Assert.Empty(Words(plain).Except(Words(alike)));
        Assert.Contains(alike.Names, name => name.Sign is Sign.MixedScripts);
    }

    [Fact]
    public void WhatCannotBeReadIsNotJudged()
    {
        Assert.Null(SpamModel.Shipped.Judge(Array.Empty<byte>()));
        Assert.Null(SpamModel.Shipped.Judge(Encoding.ASCII.GetBytes("Subject: " + new string('x', 400_000))));
    }

    private static Judgement Judge(string mail) => SpamModel.Shipped.Judge(Encoding.UTF8.GetBytes(mail))!;

    private static MailFeatures Features(string text) => SpamModel.FindFeatures(
        Encoding.UTF8.GetBytes($"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"), isNamed: true)!;

    private static IEnumerable<string> Words(MailFeatures features) =>
        features.Names.Where(name => name.Kind is FeatureKind.Word).Select(name => name.Text);
}
