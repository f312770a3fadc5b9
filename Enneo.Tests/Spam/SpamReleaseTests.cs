using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>What brings a hidden conversation back without anybody pressing "Not spam", what follows from it, and what trust does not do.</summary>
[Trait("Category", "Server")]
public sealed class SpamReleaseTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, null, SpamStatus.ManualClean)]
    [InlineData(false, null, SpamStatus.AutoClean)]
    [InlineData(true, "auto-replied", SpamStatus.AutoSpam)] // an absence note answers for nobody
    public async Task AnAnswerWrittenInAnotherMailProgramSaysThatItIsNoSpam_AndItIsProcessed(bool counts, string? autoSubmitted, SpamStatus expected)
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await mailbox.SetAsync(spam => spam.JunkMovesCount = counts);
        var hidden = Wanted("Chairs").With("X-Spam-Flag", "YES");
        await dovecot.ArriveAsync(mailbox, hidden);
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("Chairs"));

        var answer = Wanted("Re: Chairs", mailbox.User).With("In-Reply-To", $"<{hidden.MessageId}>");
        answer.To.Add(MailboxAddress.Parse("anna@customer.example"));
        await dovecot.ArriveAsync(mailbox, autoSubmitted is null ? answer : answer.With("Auto-Submitted", autoSubmitted), "Sent");
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        var ticket = await mailbox.TicketAsync("Chairs");
        Assert.Equal(expected, ticket.SpamStatus);
        var runs = await mailbox.Store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, ticket.Id, Cancelled);
        Assert.Equal(expected is not SpamStatus.AutoSpam, runs.Any(run => run is { Cause: ProcessingCause.CalledClean, IsFinished: true }));
    }

    [Fact]
    public async Task WhatTheCircuitBreakerBringsBackIsProcessed()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await dovecot.ArriveAsync(mailbox, Wanted("News").With("Feedback-ID", "c42:platform"));
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();
        var ticket = await mailbox.TicketAsync("News");
        Assert.Null((await mailbox.MessageAsync("News")).Language);

        Assert.Equal(1, await mailbox.Store.Get<HiddenShares>().StopAsync(ticket.MailboxId, HeaderRule.Bulk, Actor.Operator, "web", Cancelled));
        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoClean, "en"), (await mailbox.SpamStatusAsync("News"), (await mailbox.MessageAsync("News")).Language));
    }

    [Fact]
    public async Task HistoryThatIsCalledCleanIsShown_AndNothingElseIsDoneWithIt()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Wanted("Old news").With("Feedback-ID", "c42:platform"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        var ticket = await mailbox.TicketAsync("Old news");
        Assert.Equal(SpamStatus.AutoSpam, ticket.SpamStatus);

        await mailbox.Store.Get<SpamDecisions>().MarkAsync([ticket.Id], isSpam: false, s_anna, "web", Cancelled);

        Assert.Equal(SpamStatus.ManualClean, await mailbox.SpamStatusAsync("Old news"));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.ProcessingRuns.CountAsync(Cancelled), Cancelled));
    }

    [Theory]
    [InlineData("X-Spam-Flag", "YES", null)]
    [InlineData("Feedback-ID", "c42:platform", null)]
    [InlineData("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.example", SpamStatus.AutoSpam)]
    public async Task TrustInASenderIsNoneInWhoeverOnlyUsesTheName(string field, string value, SpamStatus? expected)
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        var mailboxId = (await mailbox.TicketAsync("earlier")).MailboxId;
        Assert.True(await mailbox.Store.Get<SpamSenders>().SetAsync("customer.example", mailboxId, isTrusted: true, s_anna, "web", Cancelled));

        await dovecot.ArriveAsync(mailbox, Wanted("found").With(field, value));
        await mailbox.SyncAsync();

        Assert.Equal(expected, await mailbox.SpamStatusAsync("found"));
    }

    [Fact]
    public async Task WhatWasSaidOfASenderBeforeCanBeAskedFor()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        var mailboxId = (await mailbox.TicketAsync("earlier")).MailboxId;
        var senders = mailbox.Store.Get<SpamSenders>();
        Assert.Null(await senders.FindAsync(Reach.All, "Eve@pills.top", mailboxId, Cancelled));

        await senders.SetAsync("eve@pills.top", mailboxId, isTrusted: false, s_anna, "web", Cancelled);

        Assert.False(await senders.FindAsync(Reach.All, "Eve@pills.top", mailboxId, Cancelled));
        Assert.Null(await senders.FindAsync(Reach.Of(mailboxId + 1), "eve@pills.top", mailboxId, Cancelled));
    }
}
