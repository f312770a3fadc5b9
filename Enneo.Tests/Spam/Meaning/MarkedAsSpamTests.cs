using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>"Spam", and that it stands.</summary>
[Trait("Category", "Server")]
[Collection(MeaningCollection.Name)]
public sealed class MarkedAsSpamTests(MeaningHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AutomaticTagsGo_ThoseForSpamCome_WhatAPersonGaveStays()
    {
        var subject = MeaningMail.Shown[1];
        var given = (await house.Get<TagEditing>().AddAsync(new TagInput { Name = "By Anna" }, MeaningHouse.Anna, "test", Cancel)).TagId!.Value;
        await house.Get<TicketTagging>().GiveAsync([(await house.Mailbox.TicketAsync(subject)).Id], given, MeaningHouse.Anna, "web", Cancel);

        var decisions = await house.MarkAsync(subject, isSpam: true);

        Assert.Equal(["By Anna", "Junk", "Rubbish"], await house.TagsAsync(subject));
        await house.Get<SpamDecisions>().UndoAsync(decisions, MeaningHouse.Anna, "web", Cancel);
        Assert.Equal(["By Anna", "Order"], await house.TagsAsync(subject));
    }

    [Fact]
    public async Task TheTicketLeavesTheInboxAndGoesToJunkOnTheServer_AndUndoBringsItBack()
    {
        var subject = MeaningMail.Shown[2];

        var decisions = await house.MarkAsync(subject, isSpam: true);
        Assert.DoesNotContain(await house.Mailbox.TicketsAsync(), ticket => ticket.Subject == subject);
        Assert.Equal(["Junk"], await house.OnServerAsync(subject));

        Assert.True(await house.Get<SpamDecisions>().UndoAsync(decisions, MeaningHouse.Anna, "web", Cancel));
        Assert.Contains(await house.Mailbox.TicketsAsync(), ticket => ticket.Subject == subject);
        Assert.Equal(["INBOX"], await house.OnServerAsync(subject));
    }

    [Fact]
    public async Task PendingAutomaticWorkIsCancelled_TheAnswerThatHasNotLeftToo()
    {
        var answered = MeaningMail.Shown[3];
        Assert.Single(await house.OutboxAsync(answered));
        const string New = "order marked before anything was done";
        await house.ArriveAsync(Wanted(New, MeaningMail.SenderOf(New)));
        await house.Mailbox.SyncAsync();

        await house.MarkAsync(New, isSpam: true);
        await house.MarkAsync(answered, isSpam: true);

        Assert.Empty(await house.OutboxAsync(answered));
        Assert.Empty(await house.OutboxAsync(New));
        Assert.Empty(await house.RunsAsync(New));
        Assert.False(await house.IsContactAsync(MeaningMail.SenderOf(New)));
        Assert.Equal(["Junk", "Rubbish"], await house.TagsAsync(New));
    }

    [Fact]
    public async Task ItIsNotDueAnyMore_AndItsMailIsNoContactsAnyMore()
    {
        var subject = MeaningMail.Shown[4];
        Assert.NotNull((await house.Mailbox.TicketAsync(subject)).DueBy);

        await house.MarkAsync(subject, isSpam: true);

        Assert.Null((await house.Mailbox.TicketAsync(subject)).DueBy);
        Assert.False(await house.IsContactAsync(MeaningMail.SenderOf(subject)));
    }

    [Theory]
    [InlineData(true, SpamStatus.ManualSpam)]
    [InlineData(false, SpamStatus.ManualClean)]
    public async Task ItStaysOnFurtherMail_WhateverEitherStageWouldSayOfThat(bool isSpam, SpamStatus stands)
    {
        var subject = isSpam ? MeaningMail.Shown[5] : MeaningMail.Hidden[9];
        await house.MarkAsync(subject, isSpam);

        await house.AnswerAsync(subject, isSpam ? Wanted($"Re: {subject}", MeaningMail.SenderOf(subject)) : Obvious($"Re: {subject}", MeaningMail.SenderOf(subject)).With("X-Spam-Flag", "YES"));

        var ticket = await house.Mailbox.TicketAsync($"Re: {subject}");
        Assert.Equal((2, stands, isSpam ? TicketPlace.Junk : TicketPlace.Desk), (ticket.MessageCount, ticket.SpamStatus, ticket.Place));
    }
}
