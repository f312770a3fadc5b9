using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class TicketFilingTests : IAsyncLifetime
{
    private static readonly Actor s_me = Actor.Operator;

    private readonly Correspondence _mail = new();
    private long _inbox;
    private long _sent;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TicketFiling Filing => _mail.Store.Get<TicketFiling>();

    public async ValueTask InitializeAsync()
    {
        await _mail.InitializeAsync();
        _inbox = await _mail.AddFolderAsync("INBOX", FolderRole.Inbox);
        _sent = await _mail.AddFolderAsync("Sent", FolderRole.Sent);
        await _mail.AddFolderAsync("Trash", FolderRole.Trash);
    }

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task WhatIsDeletedGoesToTheTrashAndComesBack()
    {
        var (first, ours) = await TwoAsync();

        var filed = await Filing.MoveAsync([first.TicketId], FolderRole.Trash, s_me, "web", Cancelled);

        Assert.Equal([first.MessageId, ours.MessageId], filed.Moved.Select(m => m.MessageId));
        Assert.Equal(first.TicketId, Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(null, TicketView.Trash), null, 10, Cancelled)).Id);

        await Filing.UndoMoveAsync(filed, s_me, "web", Cancelled);

        Assert.Equal([(first.MessageId, _inbox), (ours.MessageId, _sent)], await PlacesAsync());
        Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(null), null, 10, Cancelled));
    }

    [Fact]
    public async Task WhatIsMovedIsWhatWasReceived()
    {
        var (first, ours) = await TwoAsync();
        var orders = await _mail.AddFolderAsync("Orders", FolderRole.None);

        await _mail.Store.Get<JunkFiling>().MoveToFolderAsync([first.TicketId], orders, s_me, "web", Cancelled);

        Assert.Equal([(first.MessageId, orders), (ours.MessageId, _sent)], await PlacesAsync());
    }

    [Fact]
    public async Task AMailboxWithoutTheFolderIsNamedAndItsMailStays()
    {
        var (first, _) = await TwoAsync();

        var filed = await Filing.MoveAsync([first.TicketId], FolderRole.Archive, s_me, "web", Cancelled);

        Assert.Empty(filed.Moved);
        Assert.Equal([_mail.Mailbox.Id], filed.WithoutFolder);
    }

    [Fact]
    public async Task WhatIsArchivedIsClosedInTheSameMomentAndOneUndoTakesBothBack()
    {
        var (first, _) = await TwoAsync();
        var archive = await _mail.AddFolderAsync("Archive", FolderRole.Archive);
        var archiving = _mail.Store.Get<Archiving>();

        var archived = await archiving.RunAsync([first.TicketId], s_me, "web", Cancelled);

        Assert.Contains((first.MessageId, archive), await PlacesAsync());
        Assert.Equal(TicketStatus.Closed, (await _mail.ThreadAsync(first.TicketId)).Ticket.Status);
        var written = await _mail.Store.ActivityAsync(Cancelled);
        Assert.Equal([ActivityKind.MessageMoved, ActivityKind.TicketStatusChanged], written.TakeLast(2).Select(entry => entry.Kind));

        await archiving.UndoAsync(archived, s_me, "web", Cancelled);

        Assert.Contains((first.MessageId, _inbox), await PlacesAsync());
        Assert.Equal(TicketStatus.Open, (await _mail.ThreadAsync(first.TicketId)).Ticket.Status);
    }

    [Fact]
    public async Task WhereThereIsNoArchiveNothingIsClosedEither()
    {
        var (first, _) = await TwoAsync();

        var archived = await _mail.Store.Get<Archiving>().RunAsync([first.TicketId], s_me, "web", Cancelled);

        Assert.Equal([_mail.Mailbox.Id], archived.Filed.WithoutFolder);
        Assert.Empty(archived.Closed);
        Assert.Equal(TicketStatus.Open, (await _mail.ThreadAsync(first.TicketId)).Ticket.Status);
    }

    /// <summary>A closing that cannot be written takes the move with it.</summary>
    [Fact]
    public async Task WhatCannotBeClosedIsNotArchived()
    {
        var (first, _) = await TwoAsync();
        await _mail.AddFolderAsync("Archive", FolderRole.Archive);
        await _mail.Store.Get<WriterLane>().RunAsync(
            (db, token) => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER refuse BEFORE UPDATE OF Status ON tickets WHEN NEW.Status = 'Closed' BEGIN SELECT RAISE(ABORT, 'no'); END", token), Cancelled);

        await Assert.ThrowsAnyAsync<Exception>(() => _mail.Store.Get<Archiving>().RunAsync([first.TicketId], s_me, "web", Cancelled));

        Assert.Contains((first.MessageId, _inbox), await PlacesAsync());
    }

    [Fact]
    public async Task AStarStandsOnTheNewestMessageAndAllAreTakenAway()
    {
        var (first, ours) = await TwoAsync();

        Assert.Equal([ours.MessageId], await Filing.StarAsync([first.TicketId], starred: true, s_me, "web", Cancelled));
        Assert.True((await _mail.ThreadAsync(first.TicketId)).Ticket.IsStarred);
        Assert.Empty(await Filing.StarAsync([first.TicketId], starred: true, s_me, "web", Cancelled));

        Assert.Equal([ours.MessageId], await Filing.StarAsync([first.TicketId], starred: false, s_me, "web", Cancelled));
        Assert.False((await _mail.ThreadAsync(first.TicketId)).Ticket.IsStarred);
    }

    [Fact]
    public async Task UnreadIsTheNewestThatWasReceivedAndReadIsAllOfIt()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromHours(2));
        var second = await _mail.ReceiveAsync(Letter("2@c", Anna, answers: "1@c"), TimeSpan.FromHours(1));

        Assert.Equal([first.MessageId, second.MessageId], await Filing.MarkAsync([first.TicketId], seen: true, s_me, "web", Cancelled));
        Assert.Equal([second.MessageId], await Filing.MarkAsync([first.TicketId], seen: false, s_me, "web", Cancelled));
        Assert.Equal(1, (await _mail.ThreadAsync(first.TicketId)).Ticket.UnreadCount);
    }

    private async Task<(IntakeResult First, IntakeResult Ours)> TwoAsync()
    {
        var first = await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromHours(2));
        var ours = await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), TimeSpan.FromHours(1), inSent: true);
        await _mail.PutAsync(first.MessageId, _inbox);
        await _mail.PutAsync(ours.MessageId, _sent);
        return (first, ours);
    }

    private async Task<List<(long MessageId, long FolderId)>> PlacesAsync() =>
    [
        .. (await _mail.Store.ReadAsync(db => db.MessageFolders.OrderBy(p => p.MessageId).Select(p => new { p.MessageId, p.FolderId }).ToListAsync(Cancelled), Cancelled))
            .Select(p => (p.MessageId, p.FolderId)),
    ];
}
