using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Tickets;

/// <summary>Only what lies in the trash and nowhere else can be erased for good, and only once.</summary>
public sealed class TrashErasingTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TrashErasing Erasing => _store.Get<TrashErasing>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ATicketGivesWhatOfItLiesInTheTrash()
    {
        var (mailbox, inbox, trash) = await MailboxAsync("Support");
        var deleted = await _store.ReceiveAsync(mailbox, "One", folderId: trash);
        var kept = await _store.ReceiveAsync(mailbox, "Re: One", answers: "m1@example.net", folderId: inbox);
        Assert.Equal(deleted.TicketId, kept.TicketId);

        Assert.Equal(1, await Erasing.CountAsync(ErasingScope.Of([deleted.TicketId]), Actor.System, Cancelled));
        Assert.Equal(1, await Erasing.RunAsync(ErasingScope.Of([deleted.TicketId]), Actor.User(1), "web", Cancelled));

        Assert.Equal(0, await Erasing.CountAsync(ErasingScope.Of([deleted.TicketId]), Actor.System, Cancelled)); // it is on its way
        Assert.Equal((deleted.MessageId, ServerChangeKind.Erase), Assert.Single(await WaitingAsync()));
    }

    [Fact]
    public async Task WhatLiesInAnotherFolderAsWellStays()
    {
        var (mailbox, inbox, trash) = await MailboxAsync("Support");
        var message = await _store.ReceiveAsync(mailbox, "One", folderId: trash);
        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.MessageFolders.Add(new Core.Messages.MessageFolder { MessageId = message.MessageId, FolderId = inbox });
                await db.SaveChangesAsync(token);
            },
            Cancelled);

        Assert.Equal(0, await Erasing.RunAsync(ErasingScope.Of([message.TicketId]), Actor.User(1), "web", Cancelled));
    }

    [Fact]
    public async Task AListOfTrashIsOfItsMailboxOrFolder()
    {
        var (support, _, trash) = await MailboxAsync("Support");
        var (sales, _, other) = await MailboxAsync("Sales");
        await DeletedAsync(support, "One", trash);
        await DeletedAsync(support, "Two", trash);
        await DeletedAsync(sales, "Three", other);

        Assert.Equal(3, await Erasing.CountAsync(Scope(new TicketFilter(null, TicketView.Trash)), Actor.System, Cancelled));
        Assert.Equal(2, await Erasing.CountAsync(Scope(new TicketFilter(support.Id, TicketView.Trash)), Actor.System, Cancelled));
        Assert.Equal(1, await Erasing.RunAsync(Scope(new TicketFilter(sales.Id, TicketView.Folder, FolderId: other)), Actor.User(1), "web", Cancelled));
        Assert.Equal(2, await Erasing.CountAsync(Scope(new TicketFilter(null, TicketView.Trash)), Actor.System, Cancelled));
        Assert.Null(ErasingScope.Of(new TicketFilter(support.Id, TicketView.Folder, FolderId: trash), FolderRole.Archive));
        Assert.Null(ErasingScope.Of(new TicketFilter(support.Id), FolderRole.None));
    }

    [Fact]
    public async Task AMailboxWithoutAServerHasNobodyToEraseIt()
    {
        var (mailbox, _, trash) = await MailboxAsync("Support");
        var message = await _store.ReceiveAsync(mailbox, "One", folderId: trash);
        await _store.Get<WriterLane>().RunAsync(
            (db, token) => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Method, MailboxMethod.Api), token), Cancelled);

        Assert.Equal(0, await Erasing.CountAsync(ErasingScope.Of([message.TicketId]), Actor.System, Cancelled));
    }

    private static ErasingScope Scope(TicketFilter filter) => Assert.IsType<ErasingScope>(ErasingScope.Of(filter, FolderRole.Trash));

    private async Task DeletedAsync(Mailbox mailbox, string subject, long trash)
    {
        var message = await _store.ReceiveAsync(mailbox, subject, folderId: trash);
        await _store.ChangeTicketAsync(message.TicketId, ticket => ticket.Place = TicketPlace.Trash);
    }

    private async Task<(Mailbox Mailbox, long Inbox, long Trash)> MailboxAsync(string name)
    {
        var mailbox = await _store.AddMailboxAsync(name);
        return (mailbox, await _store.AddFolderAsync(mailbox, "INBOX", FolderRole.Inbox), await _store.AddFolderAsync(mailbox, "Trash", FolderRole.Trash));
    }

    private async Task<List<(long MessageId, ServerChangeKind Kind)>> WaitingAsync()
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        return (await db.ServerChanges.AsNoTracking().ToListAsync(Cancelled)).ConvertAll(change => (change.MessageId, change.Kind));
    }
}
