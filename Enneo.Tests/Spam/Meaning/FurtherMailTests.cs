using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>What comes into a conversation later, what was written elsewhere, and whom somebody here knows.</summary>
[Trait("Category", "Server")]
[Collection(MeaningCollection.Name)]
public sealed class FurtherMailTests(MeaningHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachFurtherMailOfUnansweredSpamIsJudged_AndSpamLeavesItHidden()
    {
        var subject = MeaningMail.Hidden[10];

        await house.AnswerAsync(subject, Obvious($"Re: {subject}", MeaningMail.SenderOf(subject)));

        Assert.Equal(SpamStatus.AutoSpam, await house.Mailbox.SpamStatusAsync($"Re: {subject}"));
        Assert.True(await house.Mailbox.VerdictAsync($"Re: {subject}") is { Stage: SpamStage.Model, IsSpam: true });
        Assert.Empty(await house.OutboxAsync(subject));
    }

    [Fact]
    public async Task AndAWantedOneMakesItAppear()
    {
        var subject = MeaningMail.Hidden[11];

        await house.AnswerAsync(subject, Wanted($"Re: {subject}", MeaningMail.SenderOf(subject)));

        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((SpamStatus.AutoClean, TicketPlace.Desk), (ticket.SpamStatus, ticket.Place));
    }

    [Fact]
    public async Task AnAnswerOfOursEndsTheJudging_TeachesThatTheMailWasWanted_AndAFindingOfTheHeaderIsOnlyShown()
    {
        var subject = MeaningMail.Shown[6];
        var question = await house.Mailbox.MessageAsync(subject);

        await house.AnswerAsync(subject, MeaningMail.Ours(house.Mailbox.User, $"Answer to {subject}", MeaningMail.SenderOf(subject)), "Sent");
        var lesson = await house.ReadAsync(db => db.SpamLessons.AsNoTracking().SingleAsync(l => l.MessageId == question.Id, Cancel));
        Assert.Equal((false, LessonSource.Answer), (lesson.IsSpam, lesson.Source));

        await house.AnswerAsync(subject, Obvious($"Reply about {subject}", MeaningMail.SenderOf(subject)));
        Assert.True(await house.Mailbox.VerdictAsync($"Reply about {subject}") is { NotAsked: NotAsked.Answered, IsSpam: null, Probability: null });

        await house.AnswerAsync(subject, Wanted($"Flagged about {subject}", MeaningMail.SenderOf(subject)).With("X-Spam-Flag", "YES"));
        var shown = await house.Get<SpamQueries>().OfLaterMailAsync(Reach.All, (await house.Mailbox.MessageAsync($"Flagged about {subject}")).Id, Cancel);
        Assert.Equal((HeaderRule.SpamAssassin, "X-Spam-Flag: YES"), (shown!.Rule, shown.Evidence));
        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((4, TicketPlace.Desk), (ticket.MessageCount, ticket.Place));
        Assert.False(ticket.SpamStatus.IsSpam());
    }

    [Theory]
    [InlineData("auto-replied")]
    [InlineData(null)]
    public async Task WhatAProgramOfOursAnsweredTeachesNothing_NorDoesMailOfWhichTheHeaderSaysThatItIsSpam(string? automatic)
    {
        var subject = $"hello {automatic ?? "flagged"}";
        var mail = Wanted(subject, MeaningMail.SenderOf(subject));
        await house.ArriveAsync(automatic is null ? mail.With("X-Spam-Flag", "YES") : mail);
        await house.Mailbox.SyncAsync();
        await house.Mailbox.ProcessAsync();
        if (automatic is not null)
        {
            await house.AnswerAsync(subject, MeaningMail.Ours(house.Mailbox.User, $"Answer to {subject}", MeaningMail.SenderOf(subject)).With("Auto-Submitted", automatic), "Sent");
        }

        var messageId = (await house.Mailbox.MessageAsync(subject)).Id;
        Assert.False(await house.ReadAsync(db => db.SpamLessons.AnyAsync(l => l.MessageId == messageId, Cancel)));
    }

    [Fact]
    public async Task WhomSomebodyHasWrittenTo_BeforeTheMailboxWasConnectedToo_IsNeverMarkedAsMassMailNorByTheModel()
    {
        const string News = "news of the shop";
        const string Pills = "pills of the shop";
        await house.ArriveAsync(Wanted(News, MeaningHouse.KnownShop).With("Feedback-ID", "c42:platform"));
        await house.ArriveAsync(Obvious(Pills, MeaningHouse.KnownShop));
        await house.Mailbox.SyncAsync();
        await house.Mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoClean, SpamStatus.AutoClean), (await house.Mailbox.SpamStatusAsync(News), await house.Mailbox.SpamStatusAsync(Pills)));
        Assert.Equal(NotAsked.Correspondent, (await house.Mailbox.VerdictAsync(Pills))!.NotAsked);
    }

    [Fact]
    public async Task WithoutTheSecondStageTheStatusStaysNull_AndTheWorkGoesOn()
    {
        const string Subject = "order that nobody judged";
        await house.Mailbox.SetAsync(spam => spam.Model = false);
        await house.ArriveAsync(Obvious(Subject, MeaningMail.SenderOf(Subject)));
        await house.Mailbox.SyncAsync();
        await house.Mailbox.ProcessAsync();
        await house.Mailbox.SetAsync(spam => spam.Model = true);

        Assert.Null(await house.Mailbox.SpamStatusAsync(Subject));
        Assert.Equal(["Order"], await house.TagsAsync(Subject));
        Assert.Single(await house.RunsAsync(Subject));
        Assert.Single(await house.OutboxAsync(Subject));
    }
}
