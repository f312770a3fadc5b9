namespace Enneo.Tests.Messages;

public sealed class QuoteSplitterTests
{
    [Theory]
    [InlineData("Yes.\n\nOn 3 May 2021, at 10:00, Anna <anna@a.example> wrote:\n\n> Really?")]
    [InlineData("Yes.\n\nOn Mon, May 3, 2021 at 10:00 AM Anna Long Name From A Department <\nanna@a.example> wrote:\n\n> Really?\n> Anna")]
    [InlineData("Yes.\n\nAm 03.05.2021 um 10:00 schrieb Anna Kraft:\n> Wirklich?\n>> Ja")]
    [InlineData("Yes.\n\nAnna Kraft <anna@a.example> schrieb am Mo., 3. Mai 2021, 10:00:\n\n> Wirklich?")]
    [InlineData("Yes.\n\nLe lun. 3 mai 2021 à 10:00, Anna <anna@a.example> a\nécrit :\n\n> Vraiment ?")]
    [InlineData("Yes.\n\n-----Original Message-----\nFrom: Anna\nSent: Monday\n\nReally?")]
    [InlineData("Yes.\n\n________________________________\nVon: Anna Kraft <anna@a.example>\nGesendet: Montag, 3. Mai 2021 10:00\nAn: Ben\nBetreff: Frage\n\nWirklich?")]
    [InlineData("Yes.\n\n*From:* Anna Kraft\n*Sent:* Monday, 3 May 2021 10:00\n*To:* Ben\n*Subject:* Question\n\nReally?")]
    [InlineData("Yes.\n\n-- \nAnna Kraft\n+49 221 123")]
    [InlineData("Yes.\n\nSent from my iPhone\n\n> On 3 May 2021, at 10:00, Anna wrote:\n> Really?")]
    [InlineData("Yes.\n\nVon meinem iPhone gesendet\n")]
    [InlineData("Yes.\n\n-- \nAnna\n\nAm 3. Mai 2021 um 10:00 schrieb Ben <ben@a.example>:\n\nWirklich?")]
    public void QuotesAndSignaturesAreTold(string text) => Assert.Equal("Yes.", QuotedText.Shown(text));

    [Theory]
    [InlineData("> One question\nOne answer\n> Another question\nAnother answer")]
    [InlineData("> One question\n\nanswered below, without a capital")]
    [InlineData("As Anna wrote:\n\nit is all fine")]
    [InlineData("On 12 May 2020 you wrote:\n\nthe contract ends in June. I disagree.")]
    [InlineData("We would like to book:\nFrom: Berlin\nTo: Hamburg\nDate: 3 May\nTwo persons")]
    [InlineData("One\n--\nTwo is a sentence, and more of them follow here, as long as this line is or longer.")]
    [InlineData("Sent from my office yesterday, it did not arrive.")]
    [InlineData("Von meinem Konto wurde abgebucht\n\nBitte prüfen")]
    [InlineData("Hello\n\n---------- Forwarded message ---------\nFrom: Anna <anna@a.example>\nDate: Mon\nSubject: Question\n\nReally?")]
    [InlineData("Meet bob@b.example on 12.03.2024 at 14:00 about the following:\n\nprices")]
    [InlineData("> Only a quote\n> and nothing else")]
    [InlineData("🎉\n\n—\nAnna Kraft")]
    public void WhatMayBeNewIsShown(string text) =>
        Assert.Equal(string.Join('|', text.Split('\n').Where(line => line.Trim().Length > 0)), QuotedText.Shown(text));

    [Fact]
    public void WhatWasPassedOnIsShownWhole() =>
        Assert.Contains("Really?", QuotedText.Shown("See below\n\nFrom: Anna <anna@a.example>\nSent: Monday\nTo: Ben\nSubject: Question\n\nReally?", isForward: true), StringComparison.Ordinal);

    [Fact]
    public void ALongQuoteAboveTheOnlyAnswerIsHidden()
    {
        var quote = string.Concat(Enumerable.Range(0, 20).Select(i => $"> line {i}\n"));

        Assert.Equal("The answer|in two lines", QuotedText.Shown($"On 3 May 2021 at 10:00 Anna <a@a.example> wrote:\n{quote}\nThe answer\nin two lines"));
    }

    [Fact]
    public void ALineThatAMailerBrokeWithinAQuoteIsNoAnswer() => Assert.Equal(
        "Yes.",
        QuotedText.Shown("Yes.\n\n> In efficitur augue ac tristique ullamcorper and then as far as the line goes,\nand on\n> until its end"));

    [Theory]
    [InlineData("> ")]
    [InlineData("On 1:00 a@b.example\n")]
    [InlineData("From: a@b.example\n")]
    [InlineData("-- \n")]
    [InlineData("a <")]
    public void NoRepetitionStallsIt(string piece)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        QuotedText.Shown(string.Concat(Enumerable.Repeat(piece, 20_000)));

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }
}
