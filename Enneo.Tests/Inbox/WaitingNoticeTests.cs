using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using Microsoft.EntityFrameworkCore;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class WaitingNoticeTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private InboxScreen _screen = null!;
    private Mailbox _mailbox = null!;
    private long _ticketId;
    private long _messageId;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _screen = new(_store);
        _mailbox = await _store.AddMailboxAsync();
        var inbox = await _store.AddFolderAsync(_mailbox, "INBOX", FolderRole.Inbox);
        await _store.AddFolderAsync(_mailbox, "Archive", FolderRole.Archive);
        var received = await _store.ReceiveAsync(_mailbox, "Invoice", folderId: inbox);
        (_ticketId, _messageId) = (received.TicketId, received.MessageId);
        await _store.Get<MessageFiling>().FlagAsync([_messageId], true, Actor.User(1), "web", Cancelled);
        await ChangeAsync(db => db.Folders.ExecuteUpdateAsync(set => set.SetProperty(f => f.IsListed, true).SetProperty(f => f.IsSelectable, true), Cancelled));
        await _store.Get<MessageFiling>().MoveAsync([_messageId], FolderRole.Archive, Actor.User(1), "web", Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _screen.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsOnItsWayIsNoNews() => Assert.Empty((await ShowAsync()).FindAll(".waiting"));

    [Fact]
    public async Task InShadowModeItSaysWhatIsOnlyHere()
    {
        await ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.IsShadow, true), Cancelled));

        var notice = await ShowAsync();

        Assert.StartsWith(InboxText.OnlyHere, notice.Find(".waiting p").TextContent, StringComparison.Ordinal);
        Assert.Equal(["starred", "moved to Archive"], notice.FindAll("li").Select(item => item.TextContent));
        Assert.Empty(notice.FindAll("button"));
    }

    [Fact]
    public async Task WhatTheServerRefusedIsSaidInItsWordsAndCanBeUndone()
    {
        await ChangeAsync(db => db.ServerChanges.Where(c => c.Kind == ServerChangeKind.Flagged)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Refusal, "The server says: <no>").SetProperty(c => c.AwaitsPerson, true), Cancelled));
        var notice = await ShowAsync();
        Assert.Contains("The server says: <no>", notice.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        await notice.Find("[data-undo-change]").ClickAsync();

        Assert.Empty(notice.FindAll("[role=alert]"));
        Assert.False(await ReadAsync(db => db.Messages.Select(m => m.IsFlagged).SingleAsync(Cancelled)));
        Assert.Equal(ServerChangeKind.Move, await ReadAsync(db => db.ServerChanges.Select(c => c.Kind).SingleAsync(Cancelled)));
    }

    [Fact]
    public async Task TryingAgainAsksTheServerOnceMore()
    {
        await ChangeAsync(db => db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.Refusal, "no").SetProperty(c => c.AwaitsPerson, true).SetProperty(c => c.Attempts, 5), Cancelled));
        var notice = await ShowAsync();

        await notice.Find("[data-try-again]").ClickAsync();

        Assert.Empty(notice.FindAll("[role=alert]"));
        Assert.All(await ReadAsync(db => db.ServerChanges.AsNoTracking().ToListAsync(Cancelled)), change => Assert.Equal((0, false, null), (change.Attempts, change.AwaitsPerson, change.Refusal)));
        Assert.True(await ReadAsync(db => db.Activity.AnyAsync(e => e.Kind == ActivityKind.MailboxSyncRequested, Cancelled)));
    }

    private async Task<IRenderedComponent<WaitingNotice>> ShowAsync()
    {
        var thread = await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, _ticketId, Cancelled);
        return _screen.Render<WaitingNotice>(parameters => parameters.Add(n => n.Thread, thread!).Add(n => n.Person, new InboxPerson(_store.AgentId, IsAdmin: false)));
    }

    private Task ChangeAsync(Func<EnneoDbContext, Task> change) => _store.Get<WriterLane>().RunAsync((db, _) => change(db), Cancelled);

    private async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        return await read(db);
    }
}
