using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Model;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>A person's word about spam, said here or in another mail program.</summary>
[Trait("Category", "Server")]
public sealed class SpamDecisionTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CalledSpamATicketLeavesTheInboxGoesToJunkAndNoStageBringsItBack()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"));

        await MarkAsync(mailbox, "one", isSpam: true);
        await mailbox.ProcessAsync();
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        Assert.Equal((SpamStatus.ManualSpam, TicketPlace.Junk), (await mailbox.SpamStatusAsync("one"), (await mailbox.TicketAsync("one")).Place));
        Assert.Equal("one", Assert.Single(await dovecot.ListAsync(mailbox.User, Cancelled, "Junk")).Parse().Subject);
        Assert.Empty(await RecordsAsync(mailbox)); // what was still to be done was called off
    }

    [Fact]
    public async Task CalledCleanATicketComesBackAndIsProcessedAgainWithoutTheModel()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        await mailbox.ProcessAsync();
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync(Pills));

        await MarkAsync(mailbox, Pills, isSpam: false);
        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.ManualClean, TicketPlace.Desk), (await mailbox.SpamStatusAsync(Pills), (await mailbox.TicketAsync(Pills)).Place));
        var again = (await mailbox.Store.Get<ProcessingQueries>().OfTicketAsync(Core.Identity.Reach.All, (await mailbox.TicketAsync(Pills)).Id, Cancelled))[^1];
        Assert.Equal((ProcessingCause.CalledClean, true), (again.Cause, again.IsFinished));
        Assert.Equal(StepOutcome.Skipped, again.Records.First(record => record.Step == "spam").Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UndoPutsEverythingBack(bool isSpam)
    {
        var subject = isSpam ? "one" : Pills;
        await using var mailbox = await WithMailAsync(isSpam ? Wanted("one") : Obvious());
        await mailbox.ProcessAsync();
        var before = await mailbox.TicketAsync(subject);

        var decisions = await MarkAsync(mailbox, subject, isSpam);
        Assert.True(await mailbox.Store.Get<SpamDecisions>().UndoAsync(decisions, s_anna, "web", Cancelled));

        var after = await mailbox.TicketAsync(subject);
        Assert.Equal((before.SpamStatus, before.Place), (after.SpamStatus, after.Place));
        Assert.Equal(["INBOX"], await mailbox.PlacesAsync(subject));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.SpamLessons.CountAsync(Cancelled), Cancelled));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.ProcessingRuns.CountAsync(r => r.FinishedAt == null, Cancelled), Cancelled));
    }

    [Fact]
    public async Task WhatWasStillToBeDoneGoesOnWhenTheWordIsTakenBack()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        var decisions = await MarkAsync(mailbox, Pills, isSpam: true);

        await mailbox.Store.Get<SpamDecisions>().UndoAsync(decisions, s_anna, "web", Cancelled);
        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync(Pills));
    }

    [Fact]
    public async Task UndoLeavesAloneWhatSomebodyDecidedSince()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"));
        var first = await MarkAsync(mailbox, "one", isSpam: true);
        await MarkAsync(mailbox, "one", isSpam: false);

        Assert.False(await mailbox.Store.Get<SpamDecisions>().UndoAsync(first, s_anna, "web", Cancelled));

        Assert.Equal(SpamStatus.ManualClean, await mailbox.SpamStatusAsync("one"));
    }

    [Theory]
    [InlineData("INBOX", "Junk", true, SpamStatus.ManualSpam)]
    [InlineData("INBOX", "Junk", false, SpamStatus.AutoProgrammatic)]
    [InlineData("Junk", "INBOX", true, SpamStatus.ManualClean)]
    [InlineData("Junk", "INBOX", false, SpamStatus.AutoClean)]
    public async Task AMoveInAnotherMailProgramIsAPersonsWordWhereTheMailboxSaysSo(string from, string to, bool counts, SpamStatus expected)
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await mailbox.SetAsync(spam => spam.JunkMovesCount = counts);
        var uid = await dovecot.ArriveAsync(mailbox, Wanted("one"), from);
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        await dovecot.MoveAsync(mailbox.User, [uid], from, to, Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(expected, await mailbox.SpamStatusAsync("one"));
        Assert.Equal(to == "Junk" ? TicketPlace.Junk : TicketPlace.Desk, (await mailbox.TicketAsync("one")).Place);
        Assert.Equal(counts ? 1 : 0, await mailbox.Store.ReadAsync(db => db.SpamLessons.CountAsync(Cancelled), Cancelled));
        Assert.Equal(to, Assert.Single(await mailbox.PlacesAsync("one"))); // it stays where they put it
    }

    [Fact]
    public async Task AServerThatMovesMailByItselfNeverOverwritesAPerson()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"));
        await mailbox.SetAsync(spam => spam.JunkMovesCount = false);
        await MarkAsync(mailbox, "one", isSpam: true);
        await MarkAsync(mailbox, "one", isSpam: false);
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        var uid = (await dovecot.ListAsync(mailbox.User, Cancelled)).Single(mail => mail.Parse().Subject == "one").Uid;
        await dovecot.MoveAsync(mailbox.User, [uid], "INBOX", "Junk", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal((SpamStatus.ManualClean, TicketPlace.Desk), (await mailbox.SpamStatusAsync("one"), (await mailbox.TicketAsync("one")).Place));
    }

    [Fact]
    public async Task WhereTheMailboxSaysSoNothingIsMovedOnTheServer()
    {
        await using var mailbox = await WithMailAsync(Wanted("one"));
        await mailbox.SetAsync(spam => spam.JunkMoves = JunkMoves.ByNobody);

        await MarkAsync(mailbox, "one", isSpam: true);

        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("one"));
        Assert.Equal(TicketPlace.Junk, (await mailbox.TicketAsync("one")).Place);
        Assert.Empty(await mailbox.WaitingAsync());
    }

    [Fact]
    public async Task TheModelLearnsFromEachWordAndForgetsWhatWasTakenBack()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        await mailbox.ProcessAsync();
        var raw = Obvious().ToBytes();
        var learning = mailbox.Store.Get<SpamLearning>();
        var before = (await learning.JudgeAsync(raw, Cancelled))!.Probability;

        var decisions = await MarkAsync(mailbox, Pills, isSpam: false);
        await learning.CatchUpAsync(Cancelled);
        var taught = (await learning.JudgeAsync(raw, Cancelled))!.Probability;
        var lesson = await mailbox.Store.ReadAsync(db => db.SpamLessons.SingleAsync(Cancelled), Cancelled);

        Assert.True(taught < before, $"{before} became {taught}");
        Assert.Equal((false, LessonSource.Person, true), (lesson.IsSpam, lesson.Source, lesson.LearnedAt is not null));
        Assert.Equal(before, lesson.ProbabilityBefore!.Value, .01);

        await mailbox.Store.Get<SpamDecisions>().UndoAsync(decisions, s_anna, "web", Cancelled);
        await learning.CatchUpAsync(Cancelled);
        Assert.Equal(before, (await learning.JudgeAsync(raw, Cancelled))!.Probability);
    }

    [Fact]
    public async Task WhatWasLearnedOutlivesTheProgram()
    {
        await using var mailbox = await WithMailAsync(Obvious());
        await MarkAsync(mailbox, Pills, isSpam: false);
        var learning = mailbox.Store.Get<SpamLearning>();
        await learning.CatchUpAsync(Cancelled);
        var taught = (await learning.JudgeAsync(Obvious().ToBytes(), Cancelled))!.Probability;

        var stored = await mailbox.Store.ReadAsync(db => db.LearnedWeights.AsNoTracking().SingleAsync(Cancelled), Cancelled);
        var again = SpamModel.Shipped.Judge(Obvious().ToBytes(), LocalWeights.Read(stored.Weights))!.Probability;

        Assert.Equal(taught, again, 1e-6);
    }

    private static async Task<IReadOnlyList<SpamDecision>> MarkAsync(SyncedMailbox mailbox, string subject, bool isSpam)
    {
        var decisions = await mailbox.Store.Get<SpamDecisions>().MarkAsync([(await mailbox.TicketAsync(subject)).Id], isSpam, s_anna, "web", Cancelled);
        Assert.Single(decisions);
        return decisions;
    }

    private static Task<List<ProcessingRecord>> RecordsAsync(SyncedMailbox mailbox) => mailbox.Store.ReadAsync(db => db.ProcessingRecords.AsNoTracking().ToListAsync(Cancelled), Cancelled);

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
