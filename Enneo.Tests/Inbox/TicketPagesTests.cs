using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Inbox;

public sealed class TicketPagesTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task APageThatIsReadWhileSomebodyGoesToTheTopLeavesNoGap()
    {
        var mailbox = await _store.AddMailboxAsync();
        for (var i = 0; i < TicketWindow.PageSize + 5; i++)
        {
            await _store.ReceiveAsync(mailbox, $"Mail {i}");
        }

        await using InboxScreen screen = new(_store);
        var queries = _store.Get<TicketQueries>();
        TicketPages pages = new(queries, screen.Services.GetRequiredService<CurrentReach>());
        var all = await queries.ListAsync(Reach.All, new TicketFilter(null), null, 100, Cancelled);
        TicketWindow window = new(new TicketFilter(null));
        window.Show([.. all.Skip(TicketWindow.PageSize).Take(3)], hasNewer: true, hasOlder: true);
        screen.Asked!.Meanwhile = () =>
        {
            window.Show([.. all.Take(TicketWindow.PageSize)], hasNewer: false, hasOlder: true);
            return Task.CompletedTask;
        };

        await pages.AddOlderAsync(window, Cancelled);

        Assert.Equal(all.Select(ticket => ticket.Id), window.Rows.Select(ticket => ticket.Id));
        Assert.False(window.HasOlder);
    }
}
