using System.Text;
using Enneo.Core.Spam.Model;
using Enneo.Core.Storage;

namespace Enneo.Tests.Spam.Model;

public sealed class LocalLearningTests
{
    [Fact]
    public void ACorrectionIsRemembered_ForMailsLikeIt()
    {
        LocalLearning learning = new(SpamModel.Shipped);
        var before = Probability(Offer("Anna", 1), learning);

        for (var i = 0; i < 3; i++)
        {
            learning.Learn(new(Offer($"Seller {i}", i), IsSpam: before < .5));
        }

        var after = Probability(Offer("Somebody else", 9), learning);
        Assert.True(before < .5 ? after > .8 : after < .2, $"{before} → {after}");
    }

    [Fact]
    public void WhatWasLearnedCanBeWrittenDown()
    {
        var learning = Taught(5);
        var bytes = learning.Weights.ToBytes();
        var again = LocalWeights.Read(bytes);

        Assert.Equal(bytes, again.ToBytes());
        Assert.Equal(5, again.Labels);
        Assert.Equal(SpamModel.Shipped.FindProbability(Offer("A", 1), learning.Weights), SpamModel.Shipped.FindProbability(Offer("A", 1), again));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3, 4, 5 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]
    public void ForeignBytesAreRefused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => LocalWeights.Read(bytes));

    [Fact]
    public void TheSameLessonsTeachTheSame_SoThatUndoingOneIsLearningTheOthers()
    {
        var lessons = Enumerable.Range(0, 6).Select(i => new Lesson(Offer($"Seller {i}", i), i % 2 == 0)).ToList();
        LocalLearning one = new(SpamModel.Shipped);
        lessons.ForEach(lesson => one.Learn(lesson));

        var again = LocalLearning.Replay(SpamModel.Shipped, lessons, TestContext.Current.CancellationToken);
        var undone = LocalLearning.Replay(SpamModel.Shipped, lessons.SkipLast(1), TestContext.Current.CancellationToken);

        Assert.Equal(one.Weights.ToBytes(), again.Weights.ToBytes());
        Assert.Equal(5, undone.Weights.Labels);
        Assert.NotEqual(one.Weights.ToBytes(), undone.Weights.ToBytes());
    }

    [Fact]
    public void OneSenderCannotTurnTheModel()
    {
        LocalLearning learning = new(SpamModel.Shipped);
        var taught = 0;
        for (var i = 0; i < 60; i++)
        {
            taught += learning.Learn(new(Offer("Same", i, "same@sender.example"), i % 2 == 0)) ? 1 : 0;
        }

        Assert.Equal(5, taught);
    }

    [Fact]
    public void ItGoesOnWhereItStopped()
    {
        var whole = Taught(8);
        var first = Taught(4);
        var continued = LocalLearning.Continue(SpamModel.Shipped, LocalWeights.Read(first.Weights.ToBytes()), first.LastSenders);
        for (var i = 4; i < 8; i++)
        {
            continued.Learn(new(Offer($"Seller {i}", i), i % 2 == 0));
        }

        Assert.Equal(whole.Weights.ToBytes(), continued.Weights.ToBytes());
    }

    [Fact]
    public void WhatCannotBeReadTeachesNothing() =>
        Assert.False(new LocalLearning(SpamModel.Shipped).Learn(new(Array.Empty<byte>(), IsSpam: true)));

    private static LocalLearning Taught(int lessons)
    {
        LocalLearning learning = new(SpamModel.Shipped);
        for (var i = 0; i < lessons; i++)
        {
            learning.Learn(new(Offer($"Seller {i}", i), i % 2 == 0));
        }

        return learning;
    }

    private static double Probability(MailBytes mail, LocalLearning learning) => SpamModel.Shipped.FindProbability(mail, learning.Weights)!.Value;

    private static MailBytes Offer(string name, int number, string? address = null) => Encoding.UTF8.GetBytes(
        $"From: {name} <{address ?? $"seller{number}@market{number}.example"}>\r\nTo: us@company.example\r\nSubject: Pallets of terracotta pots {number}\r\n\r\n"
        + $"Hello,\r\n\r\nwe still have {number + 3} pallets of terracotta flower pots in our yard. Would you like to come by and look at them before spring?\r\n\r\n{name}\r\n");
}
