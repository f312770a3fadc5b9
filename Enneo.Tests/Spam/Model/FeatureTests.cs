using System.Text;
using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Features;

namespace Enneo.Tests.Spam.Model;

/// <summary>What the model sees of a mail, and what it does not.</summary>
public sealed class FeatureTests
{
    [Theory]
    [InlineData("<p>Please renew today</p><div style=\"display:none\">weather harvest</div><p>or lose everything</p>")]
    [InlineData("<p>Please renew today or lose everything</p><table style='display: none !important'><tr><td>weather<table><tr><td>harvest</td></tr></table></td></tr></table>")]
    [InlineData("<p>Please renew today or lose everything</p></html><table style=\"display:none;\"><div>weather harvest")]
    public void FillersThatNobodySeesAreNotRead(string html)
    {
        var features = Features($"<html><body>{html}");

        Assert.Equal(["everything", "lose", "or", "please", "renew", "today"], Words(features).Order(StringComparer.Ordinal));
        Assert.Contains(features.Names, name => name.Sign is Sign.HiddenText);
    }

    [Fact]
    public void ALinkThatBeginsInWhatIsHiddenIsStillALink()
    {
        var features = Features("<span style=\"display:none\">filler filler <a href=\"https://shop.example/x\"></span>here</a>");

        Assert.Contains(features.Names, name => name is { Kind: FeatureKind.LinkHost, Text: "shop.example" });
    }

    [Theory]
    [InlineData("Subject: Photo_storage_is_full", "text", Sign.SubjectUnderscore)]
    [InlineData("Subject: Your photos\uFFFD\uFFFD", "text", Sign.SubjectDamaged)]
    [InlineData("Subject: x", "G r e e t i n g s, I have bad news", Sign.SpacedLetters)]
    [InlineData("Subject: x", "<a href=\"https://storage.googleapis.com/a/b.html\">here</a>", Sign.SharedHost)]
    [InlineData("Subject: x", "<a href=\"https://my-page.web.app/\">here</a>", Sign.SharedHost)]
    public void WhatSpammersDoIsASign_WhateverTheLanguage(string header, string text, Sign sign) =>
        Assert.Contains(Features(text, header).Names, name => name.Sign == sign);

    [Theory]
    [InlineData("Subject: snake_case", "an a b test", Sign.SubjectUnderscore)]
    [InlineData("Subject: x", "I am a b", Sign.SpacedLetters)]
    [InlineData("Subject: x", "<a href=\"https://notweb.app.example/\">here</a>", Sign.SharedHost)]
    public void WhatPeopleWriteIsNone(string header, string text, Sign sign) =>
        Assert.DoesNotContain(Features(text, header).Names, name => name.Sign == sign);

    [Fact]
    public void TheSameWordsProveMoreAmongMany_ThanAlone()
    {
        var few = 5 * FeatureGroups.Scale((int)FeatureGroup.Words, 5);
        var many = 100 * FeatureGroups.Scale((int)FeatureGroup.Words, 100);

        Assert.True(many > 10 * few, $"{few} {many}"); // without doubt it were the root of twenty
        Assert.Equal(0, FeatureGroups.Scale((int)FeatureGroup.Words, 0));
    }

    private static MailFeatures Features(string html, string header = "Subject: x") => SpamModel.FindFeatures(
        Encoding.UTF8.GetBytes($"From: a@b.example\n{header}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{html}\n"), isNamed: true)!;

    private static IEnumerable<string> Words(MailFeatures features) =>
        features.Names.Where(name => name.Kind is FeatureKind.Word).Select(name => name.Text);
}
