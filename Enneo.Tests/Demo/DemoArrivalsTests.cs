using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Mailboxes;
using Enneo.Web.Demo;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Demo;

/// <summary>The mails that come in while somebody looks at the demo.</summary>
public sealed class DemoArrivalsTests : IAsyncLifetime
{
    private readonly CancellationToken _cancellationToken = TestContext.Current.CancellationToken;
    private readonly MailboxStore _store = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await new DemoContents(_store.Get<MailImport>(), _store.Get<Accounts>(), FilledDemo.DeskOf(_store), TimeProvider.System).FillAsync(_cancellationToken);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task TheyBeginWithTheFirstVisit_AreNews_AndLeaveTheLedgerEven()
    {
        using DemoArrivals arrivals = new(_store.Get<MailImport>(), _clock);
        await arrivals.StartAsync(_cancellationToken);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(await NewsAsync());

        arrivals.Visited();
        await EnneoStore.UntilAsync(async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return (await NewsAsync()).Count == DemoMails.Arrivals().Count;
        }, TimeSpan.FromSeconds(30), _cancellationToken);
        await arrivals.ExecuteTask!.WaitAsync(_cancellationToken);

        var tickets = await _store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 200, _cancellationToken);
        Assert.Contains(tickets, ticket => ticket is { Subject: "Ist mein Rad fertig?", MessageCount: 2, UnreadCount: 2 });
        Assert.Contains(tickets, ticket => ticket is { Subject: "Flat tyre in front of your door", HasAttachments: true });
        Assert.All(await _store.Get<MailboxReports>().ListAsync(_cancellationToken), report => Assert.Equal((0, 0), (report.Ledger.Difference, report.Ledger.Failed)));
    }

    private async Task<IReadOnlyList<ActivityEntry>> NewsAsync() =>
        [.. (await _store.ActivityAsync(_cancellationToken)).Where(entry => entry.Kind is ActivityKind.MessageReceived)];
}
