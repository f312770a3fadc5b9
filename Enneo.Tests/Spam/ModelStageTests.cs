using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>The second stage: the step that lets the model read what comes over IMAP.</summary>
[Trait("Category", "Server")]
public sealed class ModelStageTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMailIsThereAtOnceAndGoesWhenTheModelCallsItSpam()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        Assert.Equal(Pills, Assert.Single(await mailbox.TicketsAsync(), ticket => ticket.Subject == Pills).Subject);
        Assert.Null(await mailbox.SpamStatusAsync(Pills));

        await mailbox.ProcessAsync();

        Assert.DoesNotContain(await mailbox.TicketsAsync(), ticket => ticket.Subject == Pills);
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync(Pills));
        await mailbox.Store.Get<Core.Integrations.Reprocessing>().RunAsync((await mailbox.TicketAsync(Pills)).Id, onlyNewest: false, performActions: true, Actor.User(SyncedMailbox.Person), "api", Cancelled);
        await SetAsync(mailbox, """{"Model":false}""");
        await mailbox.ProcessAsync(); // not asked again, which takes nothing back
        var finding = Assert.Single(await mailbox.Store.Get<SpamQueries>().OfTicketAsync(Reach.All, (await mailbox.TicketAsync(Pills)).Id, Cancelled));
        Assert.True(finding is { Stage: SpamStage.Model, IsSpam: true, Probability: > .9 });
        Assert.InRange(finding.Reasons.Count(reason => reason.Weight > 0), 1, 5);
        Assert.InRange(finding.Reasons.Count(reason => reason.Weight < 0), 0, 3);
        Assert.Contains(await mailbox.Store.ActivityAsync(Cancelled), entry => entry is { Kind: ActivityKind.TicketSpamChanged, ActorKind: ActorKind.System });
    }

    [Fact]
    public async Task AWantedMailIsCalledCleanAndItsSenderStaysAContact()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"), Obvious("two", "eve@pills.top"));
        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoClean, TicketPlace.Desk), (await mailbox.SpamStatusAsync("one"), (await mailbox.TicketAsync("one")).Place));
        Assert.Equal((true, false), (await IsContactAsync(mailbox, "anna@customer.example"), await IsContactAsync(mailbox, "eve@pills.top")));
    }

    [Fact]
    public async Task WhatIsBetweenIsShownAndCalledSuspicious()
    {
        await using var mailbox = await WithMailAsync(Wanted("between"));
        await SetAsync(mailbox, """{"UnsureThreshold":0.0001,"SpamThreshold":0.9}""");

        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoClean, await mailbox.SpamStatusAsync("between"));
        Assert.True(await mailbox.VerdictAsync("between") is { IsSpam: false, IsSuspicious: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SwitchedOffNothingIsJudged(bool forAll)
    {
        await using var mailbox = await WithMailAsync(Obvious());
        await (forAll ? SetAsync(mailbox, """{"Model":false}""") : mailbox.SetAsync(spam => spam.Model = false));

        await mailbox.ProcessAsync();

        Assert.Null(await mailbox.SpamStatusAsync(Pills));
        Assert.Equal(NotAsked.SwitchedOff, (await mailbox.VerdictAsync(Pills))!.NotAsked);
    }

    [Fact]
    public async Task ACorrespondentIsNeverJudged()
    {
        await using var mailbox = await WithMailAsync(Obvious("known", "known@customer.example"));
        await mailbox.Store.Get<WriterLane>().RunAsync(
            (db, token) => db.Contacts.Where(c => c.Address == "known@customer.example").ExecuteUpdateAsync(set => set.SetProperty(c => c.Sent, 1), token), Cancelled);

        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoClean, NotAsked.Correspondent), (await mailbox.SpamStatusAsync("known"), (await mailbox.VerdictAsync("known"))!.NotAsked));
    }

    [Fact]
    public async Task InAConversationThatWasAnsweredNothingIsJudged()
    {
        var first = Wanted("Chairs");
        await using var mailbox = await WithMailAsync(first);
        await mailbox.ProcessAsync();
        await mailbox.Store.Get<WriterLane>().RunAsync(
            (db, token) => db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.LastSentAt, TimeProvider.System.GetUtcNow()), token), Cancelled);

        await dovecot.ArriveAsync(mailbox, Obvious("Re: Chairs", "anna@customer.example").With("In-Reply-To", $"<{first.MessageId}>"));
        await mailbox.SyncAsync();
        await mailbox.Store.Get<WriterLane>().RunAsync(
            (db, token) => db.Tickets.ExecuteUpdateAsync(set => set.SetProperty(t => t.LastSentAt, TimeProvider.System.GetUtcNow()), token), Cancelled);
        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoClean, NotAsked.Answered), (await mailbox.SpamStatusAsync("Re: Chairs"), (await mailbox.VerdictAsync("Re: Chairs"))!.NotAsked));
    }

    [Fact]
    public async Task AWantedMailBringsAnUnansweredSpamTicketBack()
    {
        var first = Obvious("Offer", "anna@customer.example");
        await using var mailbox = await WithMailAsync(first);
        await mailbox.ProcessAsync();
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("Offer"));

        await dovecot.ArriveAsync(mailbox, Wanted("Re: Offer").With("In-Reply-To", $"<{first.MessageId}>"));
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        var ticket = await mailbox.TicketAsync("Offer");
        Assert.Equal((2, SpamStatus.AutoClean, TicketPlace.Desk), (ticket.MessageCount, ticket.SpamStatus, ticket.Place));
        var offer = await mailbox.MessageAsync("Offer");
        var hidden = (await mailbox.Store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, ticket.Id, Cancelled)).Last(run => run.MessageId == offer.Id);
        Assert.Equal((ProcessingCause.CalledClean, true), (hidden.Cause, hidden.IsFinished)); // what was passed over while it was hidden is made up for
    }

    [Fact]
    public async Task ASpamMailDoesNotHideAConversation()
    {
        var first = Wanted("Chairs");
        await using var mailbox = await WithMailAsync(first);
        await mailbox.ProcessAsync();

        await dovecot.ArriveAsync(mailbox, Obvious("Re: Chairs", "anna@customer.example").With("In-Reply-To", $"<{first.MessageId}>"));
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoClean, await mailbox.SpamStatusAsync("Re: Chairs"));
        Assert.True((await mailbox.VerdictAsync("Re: Chairs"))!.IsSpam);
        var later = await mailbox.MessageAsync("Re: Chairs");
        Assert.True((await mailbox.Store.Get<SpamQueries>().OfLaterMailAsync(Reach.All, later.Id, Cancelled)) is { Probability: > .9, Reasons.Count: > 0 }); // shown on the message
        Assert.Null(await mailbox.Store.Get<SpamQueries>().OfLaterMailAsync(Reach.All, (await mailbox.MessageAsync("Chairs")).Id, Cancelled));
    }

    [Fact]
    public async Task EachStepIsDoneOnceAndCanBeReadAfterwards()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"));
        await mailbox.ProcessAsync();
        await mailbox.ProcessAsync();

        var run = Assert.Single(await mailbox.Store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, (await mailbox.TicketAsync("one")).Id, Cancelled));
        Assert.Equal((ProcessingCause.Arrival, true), (run.Cause, run.IsFinished));
        Assert.Equal(("spam", StepOutcome.Done), run.Records[0] is { } record ? (record.Step, record.Outcome) : default);
    }

    [Fact]
    public async Task AMailWhoseBytesAreDamagedIsNotSpamAndCanBeTriedAgain()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        await DamageAsync(mailbox, by: 1);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await mailbox.ProcessAsync();
            await mailbox.Store.Get<WriterLane>().RunAsync(
                (db, token) => db.ProcessingRuns.ExecuteUpdateAsync(set => set.SetProperty(r => r.DueAt, DateTimeOffset.UnixEpoch), token), Cancelled);
        }

        var ticket = await mailbox.TicketAsync(Pills);
        Assert.Null(ticket.SpamStatus);
        Assert.Equal(StepOutcome.Failed, Assert.Single(await mailbox.Store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, ticket.Id, Cancelled)).Records.First(record => record.Step == "spam").Outcome);

        await DamageAsync(mailbox, by: -1);
        Assert.True(await mailbox.Store.Get<ProcessingRetry>().RunAsync(ticket.Id, Actor.User(SyncedMailbox.Person), "web", Cancelled));
        await mailbox.ProcessAsync();
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync(Pills));
        Assert.False(await mailbox.Store.Get<ProcessingRetry>().RunAsync(ticket.Id, Actor.User(SyncedMailbox.Person), "web", Cancelled));
    }

    [Fact]
    public async Task ManyAreJudgedTogether_AndOneThatFailsHoldsUpNoOther()
    {
        var many = Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Wanted($"mail {i}", $"person{i}@customer.example") : Obvious($"mail {i}", $"deals{i}@pills.top"));
        await using var mailbox = await WithMailAsync([Obvious(), .. many]);
        await DamageAsync(mailbox, by: 1);

        await mailbox.ProcessAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i % 2 == 0 ? SpamStatus.AutoClean : SpamStatus.AutoSpam, await mailbox.SpamStatusAsync($"mail {i}"));
        }

        var waiting = Assert.Single(await mailbox.Store.ReadAsync(db => db.ProcessingRuns.AsNoTracking().Where(r => r.FinishedAt == null).ToListAsync(Cancelled), Cancelled));
        Assert.Equal(((await mailbox.MessageAsync(Pills)).Id, 1), (waiting.MessageId, waiting.Failures));
    }

    /// <summary>Points the mail's row beside its bytes, or back.</summary>
    private static async Task DamageAsync(SyncedMailbox mailbox, int by)
    {
        var message = await mailbox.MessageAsync(Pills);
        await mailbox.Store.Get<WriterLane>().RunAsync(
            (db, token) => db.Sources.Where(s => s.Id == message.SourceId).ExecuteUpdateAsync(set => set.SetProperty(s => s.Offset, s => s.Offset + by), token), Cancelled);
    }

    private static Task SetAsync(SyncedMailbox mailbox, string settings) => mailbox.Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            db.Settings.Add(new Setting { Name = "spam", Value = settings });
            await db.SaveChangesAsync(token);
        },
        Cancelled);

    private static Task<bool> IsContactAsync(SyncedMailbox mailbox, string address) =>
        mailbox.Store.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == address, Cancelled), Cancelled);

    /// <summary>As news.</summary>
    private async Task<SyncedMailbox> WithMailAsync(params IReadOnlyList<MimeKit.MimeMessage> mails)
    {
        var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        foreach (var mail in mails)
        {
            await dovecot.ArriveAsync(mailbox, mail);
        }

        await mailbox.SyncAsync();
        return mailbox;
    }
}
