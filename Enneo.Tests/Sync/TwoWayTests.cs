using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
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
        var told = Assert.Single(await mailbox.Store.Get<ActivityQueries>().HistoryAsync(Reach.All, [message.TicketId], Cancelled), e => e.Kind is ActivityKind.MessageMoved);
        Assert.Equal(ActorKind.MailServer, told.ActorKind);
        Assert.Contains($"],[{(await mailbox.FolderAsync("Junk")).Id}]],", told.Changes, StringComparison.Ordinal);
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

    [Fact]
    public async Task ANewUidValidityKeepsWhatOnlyEnneoKnows()
    {
        await using var mailbox = await WithMailAsync("one", "two");
        await mailbox.FlagAsync("one", flagged: true);
        var ticket = await mailbox.TicketAsync("one");
        await mailbox.SyncAsync();

        await dovecot.ExpungeAsync(mailbox.User, [2], Cancelled);
        await dovecot.SetUidValidityAsync(mailbox.User, "INBOX", 1_888_888_888, Cancelled);
        await mailbox.SyncAsync();

        var again = await mailbox.TicketAsync("one");
        Assert.Equal((ticket.Id, true, TicketPlace.Desk), (again.Id, again.IsStarred, again.Place));
        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("one"));
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("two")).Place);
    }

    [Fact]
    public async Task WhereEverythingIsKeptInOneFolderThatIsNotSyncedArchivedMailIsNotTakenForDeleted()
    {
        await using DovecotServer own = new()
        {
            ExtraConfiguration = """
                namespace inbox {
                  mailbox "All Mail" {
                    auto = create
                    special_use = \All
                  }
                }
                """,
        };
        await own.InitializeAsync();
        await using var mailbox = await ConnectAsync(own, "one");
        Assert.False((await mailbox.FolderAsync("All Mail")).IsSynced);
        await mailbox.Store.Get<FolderEditing>().SetRoleAsync((await mailbox.FolderAsync("All Mail")).Id, FolderRole.Archive, Actor.User(1), "web", Cancelled);
        await mailbox.SyncAsync();

        await own.MoveAsync(mailbox.User, [1], "INBOX", "All Mail", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["All Mail"], await mailbox.PlacesAsync("one"));
        Assert.Equal((TicketStatus.Closed, TicketPlace.Desk), await StateAsync(mailbox, "one"));

        // What the server threw away is not archived because somebody reads it here.
        var uid = await own.DeliverAsync(mailbox.User, Letter("spam"), Cancelled, "Junk");
        await mailbox.SyncAsync();
        var status = (await mailbox.TicketAsync("spam")).SpamStatus;
        await own.ExpungeAsync(mailbox.User, [uid], Cancelled, "Junk");
        await mailbox.SyncAsync();
        await mailbox.MarkAsync((await mailbox.MessageAsync("spam")).Id, seen: true);
        await mailbox.SyncAsync();

        Assert.Empty(await mailbox.WaitingAsync());
        Assert.Empty(await mailbox.PlacesAsync("spam"));
        Assert.False((await mailbox.MessageAsync("spam")).OnServer);
        Assert.Equal(status, (await mailbox.TicketAsync("spam")).SpamStatus);
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

    private Task<SyncedMailbox> WithMailAsync(params string[] subjects) => ConnectAsync(dovecot, subjects);

    private static async Task<(TicketStatus, TicketPlace)> StateAsync(SyncedMailbox mailbox, string subject)
    {
        var ticket = await mailbox.TicketAsync(subject);
        return (ticket.Status, ticket.Place);
    }
}
