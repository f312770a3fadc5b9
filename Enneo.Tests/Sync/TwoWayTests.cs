using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>Two clients on one mailbox: Enneo and another mail program.</summary>
[Trait("Category", "Server")]
public sealed class TwoWayTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMailThatAnotherClientMovesIsTheSameMailInAnotherFolder()
    {
        await using var mailbox = await WithMailAsync("one", "two");
        var message = await mailbox.MessageAsync("one");

        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Junk", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["Junk"], await mailbox.PlacesAsync("one"));
        Assert.Equal(message.Id, (await mailbox.MessageAsync("one")).Id);
        Assert.Equal(TicketPlace.Junk, (await mailbox.TicketAsync("one")).Place);
        Assert.Equal("two", Assert.Single(await mailbox.TicketsAsync()).Subject);
        Assert.Equal(new LedgerCounts(3, 2, 1, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
        Assert.DoesNotContain(await mailbox.Store.ActivityAsync(Cancelled), e => e.Kind is ActivityKind.MessageOnServerChanged); // it never seemed deleted
    }

    [Fact]
    public async Task ArchivedInAnotherClientTheTicketClosesAndBackInTheInboxItOpens()
    {
        await using var mailbox = await WithMailAsync("one");

        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Archive", Cancelled);
        await mailbox.SyncAsync();
        Assert.Equal((TicketStatus.Closed, TicketPlace.Desk), await StateAsync(mailbox, "one"));

        await dovecot.MoveAsync(mailbox.User, [1], "Archive", "INBOX", Cancelled);
        await mailbox.SyncAsync();
        Assert.Equal((TicketStatus.Open, TicketPlace.Desk), await StateAsync(mailbox, "one"));
    }

    [Fact]
    public async Task DeletedInAnotherClientTheTicketGoesToTheTrash()
    {
        await using var mailbox = await WithMailAsync("one", "two");

        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Trash", Cancelled);
        await dovecot.ExpungeAsync(mailbox.User, [2], Cancelled);
        await mailbox.SyncAsync();

        Assert.Empty(await mailbox.TicketsAsync());
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("one")).Place);
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("two")).Place);
        Assert.True((await mailbox.MessageAsync("one")).OnServer);
        Assert.False((await mailbox.MessageAsync("two")).OnServer);
    }

    [Fact]
    public async Task FlagsOfAnotherClientAreStarsHereAndStarsAreFlagsThere()
    {
        await using var mailbox = await WithMailAsync("one");

        await dovecot.SetFlagsAsync(mailbox.User, 1, MessageFlags.Flagged, set: true, Cancelled);
        await mailbox.SyncAsync();
        Assert.True((await mailbox.TicketAsync("one")).IsStarred);

        await mailbox.FlagAsync("one", flagged: false);
        await mailbox.SyncAsync();
        Assert.False((await dovecot.ListAsync(mailbox.User, Cancelled))[0].Flags.HasFlag(MessageFlags.Flagged));
        Assert.False((await mailbox.MessageAsync("one")).IsFlagged);
    }

    [Fact]
    public async Task AFlagThatIsSetWhileTheMailIsMovedComesAlong()
    {
        await using var mailbox = await WithMailAsync("one");

        await dovecot.SetFlagsAsync(mailbox.User, 1, MessageFlags.Seen | MessageFlags.Flagged, set: true, Cancelled);
        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Archive", Cancelled);
        await mailbox.SyncAsync();

        var message = await mailbox.MessageAsync("one");
        Assert.Equal((true, true), (message.IsSeen, message.IsFlagged));
        Assert.Equal(0, (await mailbox.TicketAsync("one")).UnreadCount);
    }

    [Theory]
    [InlineData(FolderRole.Archive, "Archive")]
    [InlineData(FolderRole.Junk, "Junk")]
    [InlineData(FolderRole.Trash, "Trash")]
    public async Task WhatIsMovedHereMovesOnTheServerAndIsNotFetchedAgain(FolderRole role, string folder)
    {
        await using var mailbox = await WithMailAsync("one", "two");

        await mailbox.MoveAsync("one", role);
        Assert.Equal([folder], await mailbox.PlacesAsync("one")); // at once
        await mailbox.SyncAsync();

        Assert.Equal(["one"], await dovecot.SubjectsAsync(mailbox.User, folder, Cancelled));
        Assert.Equal(["two"], await dovecot.SubjectsAsync(mailbox.User, "INBOX", Cancelled));
        Assert.Equal([folder], await mailbox.PlacesAsync("one"));
        Assert.Equal(2, await mailbox.Store.ReadAsync(db => db.Sources.CountAsync(Cancelled), Cancelled));
        Assert.Equal(new LedgerCounts(3, 2, 1, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
        Assert.Empty(await mailbox.WaitingAsync());
    }

    [Fact]
    public async Task OnlyWhatLiesInTheTrashIsErasedForGood()
    {
        await using var mailbox = await WithMailAsync("one", "two");
        await mailbox.MoveAsync("one", FolderRole.Trash);
        await mailbox.SyncAsync();

        long[] both = [(await mailbox.MessageAsync("one")).Id, (await mailbox.MessageAsync("two")).Id];
        Assert.Equal([both[0]], await mailbox.Store.Get<MessageFiling>().EraseAsync(both, Actor.User(1), "web", Cancelled));
        await mailbox.SyncAsync();

        Assert.Empty(await dovecot.ListAsync(mailbox.User, Cancelled, "Trash"));
        Assert.Equal(["two"], await dovecot.SubjectsAsync(mailbox.User, "INBOX", Cancelled));
        Assert.False(await mailbox.Store.ReadAsync(db => db.Messages.AnyAsync(m => m.Id == both[0], Cancelled), Cancelled));
        Assert.Equal(new LedgerCounts(3, 1, 0, 0, 0, 0, 2, 1, 0), await mailbox.LedgerAsync());
    }

    [Fact]
    public async Task WhatWasMovedHereAndIsOnItsWayIsNewerThanWhatAnotherClientDid()
    {
        await using var mailbox = await WithMailAsync("one");

        await mailbox.MoveAsync("one", FolderRole.Archive);
        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Junk", Cancelled);
        await mailbox.SyncAsync(); // finds it in Junk
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        var places = await mailbox.PlacesAsync("one");
        Assert.Equal(["one"], await dovecot.SubjectsAsync(mailbox.User, Assert.Single(places), Cancelled));
        Assert.Empty(await mailbox.WaitingAsync());
        Assert.Equal(0, (await mailbox.LedgerAsync()).Difference);
    }

    [Fact]
    public async Task AMailThatIsGoneMeanwhileIsShownSo()
    {
        await using var mailbox = await WithMailAsync("one");

        await mailbox.MoveAsync("one", FolderRole.Archive);
        await mailbox.MarkAsync((await mailbox.MessageAsync("one")).Id, seen: true);
        await dovecot.ExpungeAsync(mailbox.User, [1], Cancelled);
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        Assert.Empty(await mailbox.WaitingAsync());
        Assert.Empty(await mailbox.PlacesAsync("one"));
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("one")).Place);
    }

    [Fact]
    public async Task WhereTheFolderIsGoneTheMessageStaysAndThatIsSaid()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await dovecot.CreateFolderAsync(mailbox.User, "Done", Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await mailbox.Store.Get<MessageFiling>().MoveToFolderAsync(
            [(await mailbox.MessageAsync("one")).Id], (await mailbox.FolderAsync("Done")).Id, Actor.User(1), "web", Cancelled);
        await dovecot.DeleteFolderAsync(mailbox.User, "Done", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("one"));
        Assert.Empty(await mailbox.WaitingAsync());
        Assert.Contains("Done", (await mailbox.Store.Get<MailboxQueries>().ListAsync(Cancelled))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatHappensWhileTheServerIsAwayReachesItLater()
    {
        await using DovecotServer own = new();
        await own.InitializeAsync();
        await using var mailbox = await WithMailAsync(own, "one", "two");

        await own.StopAsync();
        await mailbox.MoveAsync("one", FolderRole.Archive);
        await mailbox.FlagAsync("two", flagged: true);
        await Assert.ThrowsAnyAsync<Exception>(mailbox.SyncAsync);
        await mailbox.FlagAsync("two", flagged: false);
        await mailbox.FlagAsync("two", flagged: true);
        await own.StartAsync(Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["one"], await own.SubjectsAsync(mailbox.User, "Archive", Cancelled));
        Assert.True(Assert.Single(await own.ListAsync(mailbox.User, Cancelled)).Flags.HasFlag(MessageFlags.Flagged));
    }

    [Fact]
    public async Task ANewUidValidityKeepsWhatOnlyEnneoKnows()
    {
        await using var mailbox = await WithMailAsync("one");
        await mailbox.FlagAsync("one", flagged: true);
        var ticket = await mailbox.TicketAsync("one");
        await mailbox.SyncAsync();

        await dovecot.SetUidValidityAsync(mailbox.User, "INBOX", 1_888_888_888, Cancelled);
        await mailbox.SyncAsync();

        var again = await mailbox.TicketAsync("one");
        Assert.Equal((ticket.Id, true, TicketPlace.Desk), (again.Id, again.IsStarred, again.Place));
        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("one"));
    }

    [Fact]
    public async Task AnAnswerWrittenInAnotherClientJoinsItsThread()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        using var question = Letter("question");
        await dovecot.DeliverAsync(mailbox.User, question, Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        using var answer = Letter("Re: question", mailbox.User);
        answer.InReplyTo = question.MessageId;
        await dovecot.DeliverAsync(mailbox.User, answer, Cancelled, "Sent", MessageFlags.Seen);
        await mailbox.SyncAsync();

        Assert.Equal(2, (await mailbox.TicketAsync("question")).MessageCount);
    }

    private async Task<SyncedMailbox> WithMailAsync(params string[] subjects) => await WithMailAsync(dovecot, subjects);

    private static async Task<SyncedMailbox> WithMailAsync(DovecotServer dovecot, params string[] subjects)
    {
        var mailbox = await ConnectAsync(dovecot);
        foreach (var subject in subjects)
        {
            await dovecot.DeliverAsync(mailbox.User, Letter(subject), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        return mailbox;
    }

    private static async Task<(TicketStatus, TicketPlace)> StateAsync(SyncedMailbox mailbox, string subject)
    {
        var ticket = await mailbox.TicketAsync(subject);
        return (ticket.Status, ticket.Place);
    }
}
