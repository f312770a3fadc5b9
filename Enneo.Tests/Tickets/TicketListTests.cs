using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class TicketListTests : IAsyncLifetime
{
    private static readonly TicketFilter s_open = new(null);

    private readonly Correspondence _mail = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _mail.InitializeAsync();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PagesAreNewestFirstAndMeetWithoutGapOrDouble(bool isLimited)
    {
        var other = await _mail.AddMailboxAsync("sales@example.test");
        var withheld = await _mail.AddMailboxAsync("board@example.test");
        for (var i = 0; i < 7; i++)
        {
            await _mail.ReceiveAsync(i % 3 == 0 ? other : _mail.Mailbox, Letter($"{i}@c", Anna, subject: $"#{i}"), TimeSpan.FromMinutes(i / 2));
        }

        if (isLimited)
        {
            await _mail.ReceiveAsync(withheld, Letter("board@c", Anna), TimeSpan.FromMinutes(1));
        }

        var reach = isLimited ? Reach.Of(_mail.Mailbox.Id, other.Id) : Reach.All;
        var first = await _mail.Queries.ListAsync(reach, s_open, after: null, limit: 3, Cancelled);
        var second = await _mail.Queries.ListAsync(reach, s_open, first[^1].Cursor, limit: 10, Cancelled);
        var back = await _mail.Queries.ListNewerAsync(reach, s_open, second[0].Cursor, limit: 2, Cancelled);

        Assert.Equal(7, first.Concat(second).Select(t => t.Id).Distinct().Count());
        Assert.Equal(first.Concat(second).OrderByDescending(t => t.ListedAt).ThenByDescending(t => t.Id), first.Concat(second));
        Assert.Equal(first.TakeLast(2), back);
    }

    [Fact]
    public async Task OpenAndClosedAreListedAndCountedApart()
    {
        var open = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var closed = await _mail.ReceiveAsync(Letter("2@c", Anna));
        await _mail.SetStatusAsync(closed.TicketId, TicketStatus.Closed);

        Assert.Equal(open.TicketId, Assert.Single(await _mail.Queries.ListAsync(Reach.All, s_open, null, 10, Cancelled)).Id);
        Assert.Equal(closed.TicketId, Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(_mail.Mailbox.Id, TicketView.Closed), null, 10, Cancelled)).Id);
        Assert.Equal([new MailboxCounts(_mail.Mailbox.Id, Open: 1, Unread: 1, Mine: 0, Unassigned: 1, Snoozed: 0)], (await _mail.Queries.CountsAsync(Reach.All, null, Cancelled)).Mailboxes);
    }

    [Fact]
    public async Task ReadingIsToldToTheServerOnce()
    {
        var mail = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var readState = _mail.Store.Get<ReadState>();
        var ben = Actor.User(await _mail.AddPersonAsync("Ben"));

        await readState.MarkAsync([mail.MessageId], seen: true, ben, "web", Cancelled);
        await readState.MarkAsync([mail.MessageId], seen: true, ben, "web", Cancelled);

        Assert.Equal(0, (await _mail.ThreadAsync(mail.TicketId)).Ticket.UnreadCount);
        var change = Assert.Single(await _mail.Store.ReadAsync(db => db.ServerChanges.ToListAsync(), Cancelled));
        Assert.Equal((ServerChangeKind.Seen, true), (change.Kind, change.Value));
        var activity = Assert.Single(await _mail.Store.ActivityAsync(Cancelled), e => e.Kind is ActivityKind.MessageSeenChanged);
        Assert.Equal((ActorKind.User, ben.UserId), (activity.ActorKind, activity.ActorUserId));
        Assert.Equal("""{"seen":[false,true]}""", activity.Changes);
    }
}
