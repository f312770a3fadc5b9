using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using MailKit;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>A server that counts no changes, as Exchange Online.</summary>
[Trait("Category", "Server")]
public sealed class PlainServerTests : IAsyncLifetime
{
    private readonly DovecotServer _dovecot = new() { ExtraConfiguration = DovecotServer.WithoutCondstore };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _dovecot.InitializeAsync();

    public ValueTask DisposeAsync() => _dovecot.DisposeAsync();

    [Fact]
    public async Task ArrivalsDeletionsAndReadStateAreFoundByComparing()
    {
        await using var mailbox = await ConnectAsync(_dovecot);
        var first = await _dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        var second = await _dovecot.DeliverAsync(mailbox.User, Letter("two"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await _dovecot.ExpungeAsync(mailbox.User, [first], Cancelled);
        await _dovecot.SetFlagsAsync(mailbox.User, second, MessageFlags.Seen, true, Cancelled);
        await _dovecot.DeliverAsync(mailbox.User, Letter("three"), Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(new LedgerCounts(3, 3, 0, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
        Assert.Equal(0, (await mailbox.TicketsAsync()).Single(t => t.Subject == "two").UnreadCount);
    }
}
