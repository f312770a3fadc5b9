using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>What is done here reaches the server, whatever happens there meanwhile.</summary>
[Trait("Category", "Server")]
public sealed class ChangesFromHereTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
        Assert.Contains("Done", (await mailbox.Store.Get<MailboxQueries>().ListAsync(Reach.All, Cancelled))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatHappensWhileTheServerIsAwayReachesItLater()
    {
        await using DovecotServer own = new();
        await own.InitializeAsync();
        await using var mailbox = await ConnectAsync(own, "one", "two");

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
    public async Task ClosingArchivesOnTheServerWhereThatIsWantedAndOpeningBringsBack()
    {
        const string Address = "closing@example.test";
        await dovecot.DeliverAsync(Address, Letter("one"), Cancelled);
        await using EnneoApp app = new();
        await app.InitializeAsync();
        var input = dovecot.Mailbox(Address);
        await app.AddAsync(input with { Data = input.Data with { ClosingArchives = true } }, Cancelled);
        var ticketId = 0L;
        await UntilAsync(async () => (ticketId = await app.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 10, Cancelled) is [var ticket] ? ticket.Id : 0) != 0);

        await SetStatusAsync(app, ticketId, TicketStatus.Closed);
        await UntilAsync(async () => (await dovecot.SubjectsAsync(Address, "Archive", Cancelled)).Count == 1);

        await SetStatusAsync(app, ticketId, TicketStatus.Open);
        await UntilAsync(async () => (await dovecot.SubjectsAsync(Address, "INBOX", Cancelled)).Count == 1);
    }

    private Task<SyncedMailbox> WithMailAsync(params string[] subjects) => ConnectAsync(dovecot, subjects);

    private static Task UntilAsync(Func<Task<bool>> isSo) => EnneoStore.UntilAsync(isSo, TimeSpan.FromSeconds(30), Cancelled);

    private static Task SetStatusAsync(EnneoApp app, long ticketId, TicketStatus status) => app.Get<Core.Data.WriterLane>().RunAsync(
        async (db, token) =>
        {
            var ticket = await db.Tickets.AsTracking().SingleAsync(t => t.Id == ticketId, token);
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.TicketStatusChanged, Actor.User(1), "web", TimeProvider.System, ticket.MailboxId, ticketId, changes: ("status", ticket.Status.ToString(), status.ToString())));
            ticket.Status = status;
            await db.SaveChangesAsync(token);
        },
        Cancelled);
}
