using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Tickets;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Spam;

/// <summary>A folder that a person chooses says what they think of the mail.</summary>
public sealed class JunkFilingTests : IAsyncLifetime
{
    private static readonly Actor s_me = Actor.Operator;

    private readonly Correspondence _mail = new();
    private long _inbox;
    private long _junk;
    private long _orders;
    private long _trash;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private JunkFiling Filing => _mail.Store.Get<JunkFiling>();

    public async ValueTask InitializeAsync()
    {
        await _mail.InitializeAsync();
        _inbox = await _mail.AddFolderAsync("INBOX", FolderRole.Inbox);
        _junk = await _mail.AddFolderAsync("Junk", FolderRole.Junk);
        _orders = await _mail.AddFolderAsync("Orders", FolderRole.None);
        _trash = await _mail.AddFolderAsync("Trash", FolderRole.Trash);
    }

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Theory]
    [InlineData(JunkMoves.ByPeople)]
    [InlineData(JunkMoves.ByNobody)]
    public async Task Into_junk_is_a_word_and_a_move_even_where_the_word_alone_moves_nothing(JunkMoves moves)
    {
        await _mail.Store.Get<WriterLane>().RunAsync((db, token) => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Spam.JunkMoves, moves), token), Cancelled);
        var (ticketId, messageId) = await ReceiveAsync();

        var done = await Filing.MoveToFolderAsync([ticketId], _junk, s_me, "web", Cancelled);
        Assert.Equal((SpamStatus.ManualSpam, TicketPlace.Junk, _junk), await StateAsync(ticketId, messageId));

        await Filing.UndoAsync(done, s_me, "web", Cancelled);
        Assert.Equal((null, TicketPlace.Desk, _inbox), await StateAsync(ticketId, messageId));
    }

    [Fact]
    public async Task Out_of_junk_into_a_folder_for_mail_says_that_it_is_none()
    {
        var (ticketId, messageId) = await ReceiveAsync();
        await Filing.MoveToFolderAsync([ticketId], _junk, s_me, "web", Cancelled);

        var done = await Filing.MoveToFolderAsync([ticketId], _orders, s_me, "web", Cancelled);
        Assert.Equal((SpamStatus.ManualClean, TicketPlace.Desk, _orders), await StateAsync(ticketId, messageId));

        await Filing.UndoAsync(done, s_me, "web", Cancelled);
        Assert.Equal((SpamStatus.ManualSpam, TicketPlace.Junk, _junk), await StateAsync(ticketId, messageId));
    }

    [Fact]
    public async Task Undoing_leaves_mail_alone_about_which_somebody_decided_since()
    {
        var (ticketId, messageId) = await ReceiveAsync();
        await Filing.MoveToFolderAsync([ticketId], _junk, s_me, "web", Cancelled);
        var done = await Filing.MoveToFolderAsync([ticketId], _orders, s_me, "web", Cancelled);
        await _mail.Store.Get<SpamDecisions>().MarkAsync([ticketId], isSpam: true, s_me, "web", Cancelled);

        await Filing.UndoAsync(done, s_me, "web", Cancelled);

        Assert.Equal((SpamStatus.ManualSpam, TicketPlace.Junk, _junk), await StateAsync(ticketId, messageId));
    }

    [Fact]
    public async Task A_folder_that_is_gone_takes_neither_mail_nor_word()
    {
        var (ticketId, messageId) = await ReceiveAsync();
        await _mail.Store.Get<WriterLane>().RunAsync((db, token) => db.Folders.Where(f => f.Id == _junk).ExecuteUpdateAsync(set => set.SetProperty(f => f.IsListed, false), token), Cancelled);

        await Filing.MoveToFolderAsync([ticketId], _junk, s_me, "web", Cancelled);

        Assert.Equal((null, TicketPlace.Desk, _inbox), await StateAsync(ticketId, messageId));
    }

    [Fact]
    public async Task Into_the_trash_says_nothing_about_spam()
    {
        var (ticketId, messageId) = await ReceiveAsync();
        await Filing.MoveToFolderAsync([ticketId], _junk, s_me, "web", Cancelled);

        await Filing.MoveToFolderAsync([ticketId], _trash, s_me, "web", Cancelled);

        Assert.Equal((SpamStatus.ManualSpam, TicketPlace.Trash, _trash), await StateAsync(ticketId, messageId));
    }

    [Fact]
    public async Task Clean_mail_that_is_filed_is_called_nothing()
    {
        var (ticketId, messageId) = await ReceiveAsync();

        var done = await Filing.MoveToFolderAsync([ticketId], _orders, s_me, "web", Cancelled);

        Assert.Empty(done.Decisions);
        Assert.Equal((null, TicketPlace.Desk, _orders), await StateAsync(ticketId, messageId));
    }

    private async Task<(long TicketId, long MessageId)> ReceiveAsync()
    {
        var received = await _mail.ReceiveAsync(Letter("a@c", Anna));
        await _mail.PutAsync(received.MessageId, _inbox);
        return (received.TicketId, received.MessageId);
    }

    private Task<(SpamStatus? Status, TicketPlace Place, long FolderId)> StateAsync(long ticketId, long messageId) => _mail.Store.ReadAsync(
        async db =>
        {
            var ticket = await db.Tickets.SingleAsync(t => t.Id == ticketId, Cancelled);
            return (ticket.SpamStatus, ticket.Place, await db.MessageFolders.Where(p => p.MessageId == messageId).Select(p => p.FolderId).SingleAsync(Cancelled));
        },
        Cancelled);
}
