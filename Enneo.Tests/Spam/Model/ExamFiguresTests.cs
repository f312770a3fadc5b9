using Enneo.Core.Spam.Model.Exam;

namespace Enneo.Tests.Spam.Model;

public sealed class ExamFiguresTests
{
    [Fact]
    public void APerfectModelLosesNothing()
    {
        var figures = ExamFigures.Of([new("a", false, .1), new("a", false, .2), new("b", true, .3), new("b", true, .9)], .25);

        Assert.Equal((0, 1, 1, 0, 1), (figures.RocLoss, figures.RecallAtTenth, figures.RecallAtOne, figures.Hidden, figures.Caught));
    }

    [Fact]
    public void EqualProbabilitiesCountHalf() =>
        Assert.Equal(50, ExamFigures.Of([new("a", false, .5), new("a", true, .5)], 1).RocLoss);

    [Fact]
    public void HiddenMailsCountPerThousand_AndThePoorestSourceIsNamed()
    {
        List<JudgedMail> mails = [.. Enumerable.Range(0, 99).Select(_ => new JudgedMail("large", false, .1)), new("small", false, .9), new("x", true, .95)];

        Assert.Equal(10, ExamFigures.Of(mails, .8).Hidden);
        Assert.Equal(("small", 1000), ExamFigures.Worst(mails, .8));
        Assert.Equal(("large", 0), ExamFigures.Worst(mails, .8, minMails: 2));
    }

    [Theory]
    [InlineData("all", 0, null)]
    [InlineData("delayed:200", 200, null)]
    [InlineData("errors:70", 0, .7)]
    [InlineData("errors:0.7", 0, .7)]
    public void PoliciesAreRead(string text, int delay, double? share)
    {
        Assert.True(OnlinePolicy.TryParse(text, out var policy));
        Assert.Equal(new(delay, share), policy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("some")]
    [InlineData("delayed:-1")]
    [InlineData("errors:200")]
    [InlineData("errors:x")]
    public void OtherPoliciesAreNot(string text) => Assert.False(OnlinePolicy.TryParse(text, out _));
}
