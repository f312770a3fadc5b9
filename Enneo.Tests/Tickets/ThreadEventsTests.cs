using Enneo.Core.Messages;
using Enneo.Core.Tickets;

namespace Enneo.Tests.Tickets;

public sealed class ThreadEventsTests
{
    [Fact]
    public void ABounceStandsBeneathTheMailItReturns_AndAnAutomaticReplyBeneathTheOneItAnswers()
    {
        var placed = ThreadEvents.Placed(
        [
            Mail(1, "question@x"),
            Mail(2, "answer@us"),
            Mail(3, "more@x"),
            Mail(4, "bounce@x", AutomaticKind.Bounce, ThreadRule.Bounce, "answer@us"),
            Mail(5, "away@x", AutomaticKind.AutoReply, inReplyTo: "more@x"),
        ]);

        Assert.Equal([1, 2, 4, 3, 5], placed.Select(message => message.Id));
    }

    [Fact]
    public void WhatConcernsNothingHereStaysWhereItCame() => Assert.Equal(
        [1, 2, 3],
        ThreadEvents.Placed([Mail(1, "a@x"), Mail(2, "bounce@x", AutomaticKind.Bounce, ThreadRule.Bounce, "gone@us"), Mail(3, "b@x")]).Select(message => message.Id));

    [Fact]
    public void NothingIsLostWhereEventsAnswerEachOther() => Assert.Equal(
        [1, 2],
        ThreadEvents.Placed([Mail(1, "a@x", AutomaticKind.AutoReply, inReplyTo: "b@x"), Mail(2, "b@x", AutomaticKind.AutoReply, inReplyTo: "a@x")]).Select(message => message.Id));

    private static ThreadMessage Mail(
        long id, string internetMessageId, AutomaticKind automatic = AutomaticKind.None, ThreadRule rule = ThreadRule.NewThread, string detail = "", string inReplyTo = "") =>
        new(id, MessageDirection.In, "", "", [], [], DateTimeOffset.UnixEpoch.AddMinutes(id), true, false, "", false, automatic, rule, detail, null, true)
        {
            InternetMessageId = internetMessageId,
            InReplyTo = inReplyTo,
        };
}
