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

/// <summary>All folders of a mailbox on a real server.</summary>
[Trait("Category", "Server")]
public sealed class FoldersTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryFolderIsFoundWithItsPurposeAndSyncedWhateverItsName()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.CreateFolderAsync(mailbox.User, "日本語", Cancelled);
        await dovecot.CreateFolderAsync(mailbox.User, "Größe & Maß", Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("in a folder"), Cancelled);
        await dovecot.MoveAsync(mailbox.User, [1], "INBOX", "Größe & Maß", Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("below"), Cancelled, "Projects/Inner");
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        var folders = await mailbox.Store.Get<MailboxQueries>().FoldersAsync(Reach.All, Cancelled);
        Assert.Equal(
            [FolderRole.Inbox, FolderRole.Sent, FolderRole.Drafts, FolderRole.Junk, FolderRole.Trash, FolderRole.Archive, FolderRole.None, FolderRole.None, FolderRole.None, FolderRole.None],
            folders.Select(f => f.Role));
        Assert.Equal(("Inner", 1), (folders.Single(f => f.FullName == "Projects/Inner").Name, folders.Single(f => f.FullName == "Projects/Inner").Depth));
        Assert.All(folders.Where(f => f.FullName != "Projects"), f => Assert.True(f.IsSynced)); // which the server may only list as a parent
        Assert.Equal(1, folders.Single(f => f.Name == "Größe & Maß").UnreadCount);
        Assert.Equal(["Größe & Maß"], await mailbox.PlacesAsync("in a folder"));
    }

    [Fact]
    public async Task OnlyWhatIsAskedForIsSynced()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("inbox"), Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("spam"), Cancelled, "Junk");
        await dovecot.DeliverAsync(mailbox.User, Letter("archived"), Cancelled, "Archive");
        await mailbox.AddAsync("""["INBOX","junk"]""");
        await mailbox.SyncAsync();

        var folders = await mailbox.Store.Get<MailboxQueries>().FoldersAsync(Reach.All, Cancelled);
        Assert.Equal(["INBOX", "Junk"], folders.Where(f => f.IsSynced).Select(f => f.FullName));
        Assert.Empty(await mailbox.PlacesAsync("archived"));
        Assert.Equal(new LedgerCounts(2, 2, 0, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
    }

    [Fact]
    public async Task WhatAnAdminSaysAboutAFolderStands()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await dovecot.CreateFolderAsync(mailbox.User, "Done", Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        var editing = mailbox.Store.Get<FolderEditing>();

        Assert.True(await editing.SetRoleAsync((await mailbox.FolderAsync("Done")).Id, FolderRole.Archive, Actor.User(1), "web", Cancelled));
        Assert.True(await editing.SetSyncedAsync((await mailbox.FolderAsync("Junk")).Id, false, Actor.User(1), "web", Cancelled));
        Assert.False(await editing.SetSyncedAsync((await mailbox.FolderAsync("INBOX")).Id, false, Actor.User(1), "web", Cancelled));
        await dovecot.DeliverAsync(mailbox.User, Letter("spam"), Cancelled, "Junk");
        await mailbox.SyncAsync();
        await mailbox.MoveAsync("one", FolderRole.Archive);
        await mailbox.SyncAsync();

        Assert.Equal(["one"], await dovecot.SubjectsAsync(mailbox.User, "Done", Cancelled));
        Assert.Equal(FolderRole.None, (await mailbox.FolderAsync("Archive")).Role);
        Assert.Empty(await mailbox.PlacesAsync("spam"));
    }

    [Fact]
    public async Task ARenamedFolderKeepsItsMailAndADeletedOneIsNoGhost()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("kept"), Cancelled);
        await dovecot.CreateFolderAsync(mailbox.User, "Before", Cancelled);
        await dovecot.CreateFolderAsync(mailbox.User, "Short", Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("renamed"), Cancelled, "Before");
        await dovecot.DeliverAsync(mailbox.User, Letter("deleted"), Cancelled, "Short");
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        var ticket = await mailbox.TicketAsync("renamed");

        await dovecot.RenameFolderAsync(mailbox.User, "Before", "After", Cancelled);
        await dovecot.DeleteFolderAsync(mailbox.User, "Short", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["After"], await mailbox.PlacesAsync("renamed"));
        Assert.Equal((ticket.Id, TicketPlace.Desk), ((await mailbox.TicketAsync("renamed")).Id, (await mailbox.TicketAsync("renamed")).Place));
        Assert.Equal(TicketPlace.Trash, (await mailbox.TicketAsync("deleted")).Place);
        Assert.DoesNotContain(await mailbox.Store.Get<MailboxQueries>().FoldersAsync(Reach.All, Cancelled), f => f.FullName is "Before" or "Short");
        Assert.Equal(0, (await mailbox.LedgerAsync()).Difference);
    }

    [Fact]
    public async Task ADraftOfAnotherClientIsNoNewsAndGoesWithIt()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("mail"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        var draft = await dovecot.DeliverAsync(mailbox.User, Letter("half written"), Cancelled, "Drafts", MessageFlags.Draft | MessageFlags.Seen, TimeProvider.System.GetUtcNow().AddSeconds(2));
        await mailbox.SyncAsync();

        Assert.Equal(TicketPlace.Drafts, (await mailbox.TicketAsync("half written")).Place);
        Assert.DoesNotContain(await mailbox.TicketsAsync(), t => t.Subject == "half written");
        Assert.DoesNotContain(await mailbox.TicketsAsync(closed: true), t => t.Subject == "half written");
        var inFolder = await mailbox.Store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(mailbox.Id, TicketView.Folder, FolderId: (await mailbox.FolderAsync("Drafts")).Id), null, 10, Cancelled);
        Assert.Equal("half written", Assert.Single(inFolder).Subject);

        await dovecot.ExpungeAsync(mailbox.User, [draft], Cancelled, "Drafts");
        await mailbox.SyncAsync();

        Assert.False(await mailbox.Store.ReadAsync(db => db.Messages.AnyAsync(m => m.Subject == "half written", Cancelled), Cancelled));
        Assert.Equal(0, (await mailbox.LedgerAsync()).Difference);
    }

    [Fact]
    public async Task LookingFurtherBackBringsOlderMailAsHistory()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("ancient"), Cancelled, internalDate: now.AddDays(-700));
        await dovecot.DeliverAsync(mailbox.User, Letter("recent"), Cancelled, internalDate: now.AddDays(-1));
        await mailbox.AddAsync(since: now.AddDays(-90));
        await mailbox.SyncAsync();
        Assert.Equal(1, (await mailbox.LedgerAsync()).Filtered);

        var input = await mailbox.Store.Editing.FindAsync(mailbox.Id, Cancelled);
        await mailbox.Store.Editing.UpdateAsync(mailbox.Id, input! with { Data = input.Data with { Since = null } }, Actor.User(1), "web", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(new LedgerCounts(2, 2, 0, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
        Assert.True((await mailbox.MessageAsync("ancient")).IsHistory);
        Assert.Equal(TicketStatus.Closed, (await mailbox.TicketAsync("ancient")).Status);
    }
}
