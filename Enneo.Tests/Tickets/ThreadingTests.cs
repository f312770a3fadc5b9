using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class ThreadingTests : IAsyncLifetime
{
    private readonly Correspondence _mail = new();

    public ValueTask InitializeAsync() => _mail.InitializeAsync();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task AnAnswerOfAParticipantJoinsTheThread()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var second = await _mail.ReceiveAsync(Letter("2@c", Anna, answers: "1@c"));

        Assert.Equal(first.TicketId, second.TicketId);
        var thread = await _mail.ThreadAsync(first.TicketId);
        Assert.Equal([ThreadRule.NewThread, ThreadRule.References], thread.Messages.Select(m => m.ThreadRule));
        Assert.Equal("1@c", thread.Messages[1].ThreadDetail);
        Assert.Equal(2, thread.Ticket.UnreadCount);
        Assert.Equal("Where is my order?", thread.Ticket.Subject);
    }

    [Fact]
    public async Task AStrangerWhoQuotesOurIdsStartsATicketOfHisOwnLinkedToThatOne()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var stranger = await _mail.ReceiveAsync(Letter("x@evil", "mallory@evil.example", answers: "1@c"));

        Assert.NotEqual(first.TicketId, stranger.TicketId);
        var thread = await _mail.ThreadAsync(stranger.TicketId);
        Assert.Equal(first.TicketId, thread.LinkedTicket?.Id);
        Assert.Equal(ThreadRule.StrangerQuotedIds, thread.Messages[0].ThreadRule);
        Assert.Single((await _mail.ThreadAsync(first.TicketId)).Messages);
    }

    [Fact]
    public async Task SomebodyInCopyMayAnswer()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna, cc: "Bob@Customer.example"));
        var second = await _mail.ReceiveAsync(Letter("2@c", "bob@customer.example", answers: "1@c"));

        Assert.Equal(first.TicketId, second.TicketId);
    }

    [Fact]
    public async Task WhatWeSentFromAnotherClientJoinsAndIsOurs()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var ours = await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), inSent: true);

        Assert.Equal(first.TicketId, ours.TicketId);
        Assert.Equal(MessageDirection.Out, (await _mail.ThreadAsync(first.TicketId)).Messages[1].Direction);
    }

    [Fact]
    public async Task HistoryReadNewestFirstMakesTheSameThread()
    {
        var third = await _mail.ReceiveAsync(Letter("3@c", Anna, answers: "2@w"), TimeSpan.FromDays(1), isHistory: true);
        var second = await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), TimeSpan.FromDays(2), isHistory: true, inSent: true);
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromDays(3), isHistory: true);

        Assert.Equal([third.TicketId, third.TicketId], [second.TicketId, first.TicketId]);
        Assert.Equal(["words of 1@c", "words of 2@w", "words of 3@c"], (await _mail.ThreadAsync(first.TicketId)).Messages.Select(m => m.Snippet));
    }

    [Fact]
    public async Task HistoryThatProvesTwoTicketsOneFoldsThem()
    {
        var fourth = await _mail.ReceiveAsync(Letter("4@c", Anna, answers: "3@c"), TimeSpan.FromDays(1), isHistory: true);
        var second = await _mail.ReceiveAsync(Letter("2@c", Anna), TimeSpan.FromDays(3), isHistory: true);
        Assert.NotEqual(fourth.TicketId, second.TicketId);

        var third = await _mail.ReceiveAsync(Letter("3@c", Anna, answers: "2@c"), TimeSpan.FromDays(2), isHistory: true);

        Assert.Equal(3, (await _mail.ThreadAsync(third.TicketId)).Messages.Count);
        Assert.Null(await _mail.Queries.FindThreadAsync(Reach.All, fourth.TicketId == third.TicketId ? second.TicketId : fourth.TicketId, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ASignedTokenLeadsAParticipantBackWhenAllElseIsLost()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var token = await _mail.Store.Get<TicketTokens>().CreateAsync(first.TicketId, TestContext.Current.CancellationToken);

        var answer = await _mail.ReceiveAsync(Letter("2@c", Anna) with { InReplyTo = $"{token}@workshop.example" });
        var stranger = await _mail.ReceiveAsync(Letter("3@e", "mallory@evil.example") with { TicketToken = token });
        var forged = await _mail.ReceiveAsync(Letter("4@c", Anna) with { TicketToken = $"t{first.TicketId}.0123456789abcdef.{new string('0', 32)}" });

        Assert.Equal(first.TicketId, answer.TicketId);
        Assert.Equal(ThreadRule.SignedToken, (await _mail.ThreadAsync(first.TicketId)).Messages[1].ThreadRule);
        Assert.NotEqual(first.TicketId, stranger.TicketId);
        Assert.NotEqual(first.TicketId, forged.TicketId);
    }

    [Fact]
    public async Task ABounceAttachesByTheIdItReturnsAndReopensNothing()
    {
        var sent = await _mail.ReceiveAsync(Letter("2@w", Us, to: Anna), inSent: true);
        await _mail.SetStatusAsync(sent.TicketId, TicketStatus.Closed);

        var bounce = await _mail.ReceiveAsync(Letter("b@mx", "mailer-daemon@mx.example") with { Automatic = AutomaticKind.Bounce, ReturnedMessageIds = ["2@w"] });

        Assert.Equal(sent.TicketId, bounce.TicketId);
        Assert.Equal(TicketStatus.Closed, (await _mail.ThreadAsync(sent.TicketId)).Ticket.Status);
    }

    [Theory]
    [InlineData(AutomaticKind.None, TicketStatus.Open)]
    [InlineData(AutomaticKind.AutoReply, TicketStatus.Closed)]
    public async Task ACustomersAnswerReopensAClosedTicketAnAutomaticOneDoesNot(AutomaticKind automatic, TicketStatus expected)
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        await _mail.SetStatusAsync(first.TicketId, TicketStatus.Closed);

        await _mail.ReceiveAsync(Letter("2@c", Anna, answers: "1@c") with { Automatic = automatic });

        Assert.Equal(expected, (await _mail.ThreadAsync(first.TicketId)).Ticket.Status);
    }

    [Fact]
    public async Task TheSameBytesAreOneMessageOfAMailboxAndAnotherOfTheNext()
    {
        var other = await _mail.AddMailboxAsync("sales@workshop.example");
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna), bytes: "same");
        var again = await _mail.ReceiveAsync(Letter("1@c", Anna), bytes: "same");
        var elsewhere = await _mail.ReceiveAsync(other, Letter("1@c", Anna), bytes: "same");

        Assert.True(again.IsDuplicate);
        Assert.Equal(first.MessageId, again.MessageId);
        Assert.False(elsewhere.IsDuplicate);
        Assert.NotEqual(first.TicketId, elsewhere.TicketId);
    }

    [Fact]
    public async Task DifferentMailUnderTheSameMessageIdIsKept()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var second = await _mail.ReceiveAsync(Letter("1@c", Anna));

        Assert.NotEqual(first.MessageId, second.MessageId);
    }

    [Theory]
    [InlineData(3, true, TicketStatus.Open)]
    [InlineData(15, true, TicketStatus.Closed)]
    [InlineData(3, false, TicketStatus.Closed)]
    public async Task HistoryIsOpenOnlyWhenYoungAndInTheInbox(int days, bool inInbox, TicketStatus expected)
    {
        var mail = await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromDays(days), isHistory: true, inInbox: inInbox);

        Assert.Equal(expected, (await _mail.ThreadAsync(mail.TicketId)).Ticket.Status);
    }

    [Fact]
    public async Task HistoryThatWeAnsweredLastIsClosed()
    {
        var question = await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromDays(3), isHistory: true);
        await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), TimeSpan.FromDays(2), isHistory: true, inSent: true);

        Assert.Equal(TicketStatus.Closed, (await _mail.ThreadAsync(question.TicketId)).Ticket.Status);
    }
}
