using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Core.Tickets.Snoozing;
using Enneo.Tests.Inbox;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Tests.Tickets;

public sealed class SnoozeTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhatIsDueComesBackUnreadAndTheRestStays()
    {
        var (due, later) = await SnoozeTwoAsync();

        _store.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await _store.Get<SnoozedTickets>().WakeDueAsync(Cancelled));

        var open = Assert.Single(await _store.Get<TicketQueries>().ListAsync(Reach.All, new(null), null, 10, Cancelled));
        Assert.Equal((due, 1), (open.Id, open.UnreadCount));
        Assert.Equal(later, Assert.Single(await _store.Get<TicketQueries>().ListAsync(Reach.All, new(null, TicketView.Snoozed), null, 10, Cancelled)).Id);
        var woken = (await _store.Get<ActivityQueries>().HistoryAsync(Reach.All, [due], Cancelled))[^1];
        Assert.Equal((ActivityKind.TicketSnoozed, ActorKind.System, "snooze"), (woken.Kind, woken.ActorKind, woken.Origin));
    }

    [Fact]
    public async Task WhatComesBackStandsOnTopUntilNewerMailComes()
    {
        var mailbox = await _store.AddMailboxAsync("Support");
        var inbox = await _store.AddFolderAsync(mailbox, "INBOX", FolderRole.Inbox);
        var old = (await _store.ReceiveAsync(mailbox, "Old", folderId: inbox)).TicketId;
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        var newer = (await _store.ReceiveAsync(mailbox, "Newer", folderId: inbox)).TicketId;
        Assert.Equal([newer, old], await OrderAsync());

        await _store.Get<TicketEditing>().SnoozeAsync([old], _store.Clock.GetUtcNow().AddHours(1), Actor.System, "test", Cancelled);
        _store.Clock.Advance(TimeSpan.FromHours(1));
        await _store.Get<SnoozedTickets>().WakeDueAsync(Cancelled);

        Assert.Equal([old, newer], await OrderAsync());
        Assert.Equal([old, newer], await OrderAsync(inbox));
        await using (var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled))
        {
            Assert.Equal([old, newer], await db.TicketFolders.OrderByDescending(p => p.ListedAt).Select(p => p.TicketId).ToListAsync(Cancelled));
        }

        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = (await _store.ReceiveAsync(mailbox, "Newest", at: _store.Clock.GetUtcNow(), folderId: inbox)).TicketId;
        Assert.Equal([newest, old, newer], await OrderAsync());
    }

    [Fact]
    public async Task WhatAPersonBringsBackStandsOnTop_AndWhereItStoodOnceThatIsUndone()
    {
        var mailbox = await _store.AddMailboxAsync("Support");
        var old = (await _store.ReceiveAsync(mailbox, "Old")).TicketId;
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        var newer = (await _store.ReceiveAsync(mailbox, "Newer")).TicketId;
        var editing = _store.Get<TicketEditing>();

        var snoozed = await editing.SnoozeAsync([old], _store.Clock.GetUtcNow().AddHours(1), Actor.System, "test", Cancelled);
        await editing.UndoAsync(snoozed, Actor.System, "test", Cancelled);
        Assert.Equal([newer, old], await OrderAsync());

        await editing.SnoozeAsync([old], _store.Clock.GetUtcNow().AddHours(1), Actor.System, "test", Cancelled);
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        var brought = await editing.SnoozeAsync([old], until: null, Actor.System, "test", Cancelled);
        Assert.Equal([old, newer], await OrderAsync());

        await editing.UndoAsync(brought, Actor.System, "test", Cancelled);
        Assert.Equal([newer], await OrderAsync());
    }

    [Fact]
    public async Task WhatBecameDueWhileNothingRanComesBackAfterTheNextStart()
    {
        var (due, _) = await SnoozeTwoAsync();
        _store.Clock.Advance(TimeSpan.FromHours(1));

        await using RunningJobs jobs = new(_store, _store.Clock);
        await jobs.StartAsync();

        await UntilOpenAsync(due);
    }

    [Fact]
    public async Task WhatIsSnoozedWhileItRunsComesBackAtItsTime()
    {
        var ticket = await ReceiveAsync("Soon");
        await using RunningJobs jobs = new(_store, TimeProvider.System);
        await jobs.StartAsync();

        await jobs.Get<TicketEditing>().SnoozeAsync([ticket], TimeProvider.System.GetUtcNow().AddSeconds(1), Actor.System, "test", Cancelled);

        await UntilOpenAsync(ticket);
    }

    private async Task<IReadOnlyList<long>> OrderAsync(long? folderId = null)
    {
        TicketFilter filter = new(null, folderId is null ? TicketView.Open : TicketView.Folder, FolderId: folderId);
        return [.. (await _store.Get<TicketQueries>().ListAsync(Reach.All, filter, null, 10, Cancelled)).Select(ticket => ticket.Id)];
    }

    private Task UntilOpenAsync(long ticketId) => EnneoStore.UntilAsync(
        async () => (await _store.Get<TicketQueries>().ListAsync(Reach.All, new(null), null, 10, Cancelled)).Any(ticket => ticket.Id == ticketId), TimeSpan.FromSeconds(30), Cancelled);

    private async Task<(long Due, long Later)> SnoozeTwoAsync()
    {
        var (due, later) = (await ReceiveAsync("Due"), await ReceiveAsync("Later"));
        var editing = _store.Get<TicketEditing>();
        await editing.SnoozeAsync([due], _store.Clock.GetUtcNow().AddHours(1), Actor.System, "test", Cancelled);
        await editing.SnoozeAsync([later], _store.Clock.GetUtcNow().AddHours(2), Actor.System, "test", Cancelled);
        return (due, later);
    }

    private async Task<long> ReceiveAsync(string subject)
    {
        var mailbox = await _store.AddMailboxAsync(subject);
        var mail = await _store.ReceiveAsync(mailbox, subject);
        await _store.Get<ReadState>().MarkAsync([mail.MessageId], true, Actor.System, "test", Cancelled);
        return mail.TicketId;
    }

    /// <summary>The jobs of a program that was started anew on the same data.</summary>
    private sealed class RunningJobs(InboxStore store, TimeProvider clock) : IAsyncDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddQuartz()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddEnneoCore(store.Get<DataDirectory>())
            .BuildServiceProvider();

        private IReadOnlyList<IHostedService> _jobs = [];
        private IScheduler? _scheduler;

        public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

        public async Task StartAsync()
        {
            _jobs = [.. _services.GetServices<IHostedService>().Where(job => job is LiveFeedReader or SnoozeScheduler)];
            foreach (var job in _jobs)
            {
                await job.StartAsync(Cancelled);
            }

            _scheduler = await Get<ISchedulerFactory>().GetScheduler(Cancelled);
            await _scheduler.Start(Cancelled);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var job in _jobs)
            {
                await job.StopAsync(CancellationToken.None);
            }

            if (_scheduler is not null)
            {
                await _scheduler.Shutdown(true, CancellationToken.None);
            }

            await _services.DisposeAsync();
        }
    }
}
