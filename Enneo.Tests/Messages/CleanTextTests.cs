using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class CleanTextTests
{
    [Fact]
    public void QuotesAndSignaturesAreLeftOut() => Assert.Equal(
        "It arrives on Friday.",
        CleanText.Of("It arrives on Friday.\n\n-- \nAnna\n\nOn 3 March, Tom wrote:\n> When does it arrive?\n", isForward: false));

    [Fact]
    public void WhatWasPassedOnStays() => Assert.Contains(
        "When does it arrive?", CleanText.Of("See below.\n\n> When does it arrive?\n", isForward: true), StringComparison.Ordinal);

    [Fact]
    public void LinesThatWereBrokenWhereTheyWereFullAreOneAgain_ListsAndParagraphsStay() => Assert.Equal(
        "When the light goes out at a halt, the little storage within it has come to its end.\n\n- first\n- second\nKind regards",
        CleanText.Unbroken("When the light goes out at a halt, the little storage within it\nhas come to its end.\n\n- first\n- second\nKind regards"));
}
