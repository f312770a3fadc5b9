using System.Diagnostics;
using Enneo.Core.Conditions;

namespace Enneo.Tests.Conditions;

public sealed class ConditionEvaluationTests
{
    private static readonly MailFacts s_mail = new()
    {
        MessageId = 1,
        TicketId = 2,
        MailboxId = 3,
        Subject = "Invoice 4711 is wrong",
        Body = "Please refund the second invoice. Kind regards, Marta",
        FromName = "Marta Nowak",
        FromAddress = "marta@Customer.example",
        Recipients = ["support@example.com", "boss@example.com"],
        Language = "en",
        AttachmentNames = ["invoice.pdf", "photo.JPG"],
        Headers = [new("X-Priority", "1"), new("Received", "from a"), new("Received", "from b.example")],
        TagIds = [9],
    };

    public static TheoryData<ConditionField, ConditionOperator, string, bool> Tests => new()
    {
        { ConditionField.Subject, ConditionOperator.Contains, "INVOICE", true },
        { ConditionField.Subject, ConditionOperator.Equals, "invoice 4711 is wrong", true },
        { ConditionField.Subject, ConditionOperator.Equals, "invoice", false },
        { ConditionField.Subject, ConditionOperator.Matches, @"\b\d{4}\b", true },
        { ConditionField.Subject, ConditionOperator.Matches, @"^\d+$", false },
        { ConditionField.Subject, ConditionOperator.Matches, "(?<=Invoice )4711", true }, // needs backtracking
        { ConditionField.Body, ConditionOperator.Contains, "refund", true },
        { ConditionField.From, ConditionOperator.Equals, "marta@customer.example", true },
        { ConditionField.From, ConditionOperator.Contains, "nowak", true },
        { ConditionField.FromDomain, ConditionOperator.In, "other.example|customer.example", true },
        { ConditionField.FromDomain, ConditionOperator.Equals, "example", false },
        { ConditionField.To, ConditionOperator.Equals, "boss@example.com", true },
        { ConditionField.Mailbox, ConditionOperator.Equals, "3", true },
        { ConditionField.Mailbox, ConditionOperator.In, "1|2", false },
        { ConditionField.Language, ConditionOperator.In, "de|en", true },
        { ConditionField.HasAttachment, ConditionOperator.Equals, "", true },
        { ConditionField.AttachmentName, ConditionOperator.Matches, @"\.pdf$", true },
        { ConditionField.AttachmentName, ConditionOperator.IsEmpty, "", false },
        { ConditionField.Tag, ConditionOperator.Equals, "9", true },
        { ConditionField.Tag, ConditionOperator.Equals, "8", false },
    };

    [Theory]
    [MemberData(nameof(Tests))]
    public void ATestHoldsOrNot_AndTurnedAroundTheOtherWay(ConditionField field, ConditionOperator named, string values, bool holds)
    {
        ConditionTest test = new(field, named, values.Split('|'));

        Assert.Equal(holds, Of(test).Holds);
        Assert.Equal(!holds, Of(test with { IsNegated = true }).Holds);
    }

    [Fact]
    public void AnyFieldOfTheHeaderCanBeAsked_AndOneThatIsMissingIsEmpty()
    {
        Assert.True(Of(new(ConditionField.Header, ConditionOperator.Equals, ["1"], Header: "x-priority")).Holds);
        Assert.True(Of(new(ConditionField.Header, ConditionOperator.Contains, ["b.example"], Header: "Received")).Holds);
        Assert.True(Of(new(ConditionField.Header, ConditionOperator.IsEmpty, [], Header: "List-Id")).Holds);
    }

    [Fact]
    public void GroupsAskForAllOrAny_AndSayWhatDecided()
    {
        ConditionTest subject = new(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]);
        ConditionTest german = new(ConditionField.Language, ConditionOperator.Equals, ["de"]);
        ConditionTest refund = new(ConditionField.Body, ConditionOperator.Contains, ["refund"]);

        Assert.False(new ConditionEvaluation(new(false, [subject, german], [])).Of(s_mail).Holds);
        Assert.Equal([subject], new ConditionEvaluation(new(true, [subject, german], [])).Of(s_mail).Because);
        Assert.Equal([subject, refund], new ConditionEvaluation(new(false, [subject], [new(true, [german, refund], [])])).Of(s_mail).Because);
        Assert.True(new ConditionEvaluation(new(false, [], [new(true, [german], [], IsNegated: true)])).Of(s_mail).Holds);
        Assert.False(new ConditionEvaluation(ConditionGroup.Empty).Of(s_mail).Holds);
    }

    /// <summary>A pattern that would run for years is given up, and decides nothing either way.</summary>
    [Fact]
    public void APatternThatTakesTooLongDoesNotHold_NegatedOrNot()
    {
        var mail = s_mail with { Subject = new string('a', 40) + "!" };
        ConditionTest hostile = new(ConditionField.Subject, ConditionOperator.Matches, [@"^(a+)+\1?$"]);
        var started = Stopwatch.GetTimestamp();

        Assert.False(new ConditionEvaluation(new(false, [hostile], [])).Of(mail).Holds);
        Assert.False(new ConditionEvaluation(new(false, [hostile with { IsNegated = true }], [])).Of(mail).Holds);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void AreKeptAsTheyWere()
    {
        ConditionGroup group = new(true, [new(ConditionField.Header, ConditionOperator.Matches, ["a|b"], true, "X-Spam")], [new(false, [new(ConditionField.HasAttachment, ConditionOperator.Equals, [])], [])]);

        Assert.Equal(group, ConditionGroup.FromJson(group.ToJson()));
    }

    [Theory]
    [InlineData(ConditionField.Subject, ConditionOperator.Contains, "")]
    [InlineData(ConditionField.Subject, ConditionOperator.Matches, "(")]
    [InlineData(ConditionField.Header, ConditionOperator.Contains, "a")]
    public void WhatCannotBeAskedIsRefused(ConditionField field, ConditionOperator named, string value) =>
        Assert.False(new ConditionGroupValidator().Validate(new ConditionGroup(false, [new(field, named, [value])], [])).IsValid);

    private static ConditionOutcome Of(ConditionTest test) => new ConditionEvaluation(new(false, [test], [])).Of(s_mail);
}
