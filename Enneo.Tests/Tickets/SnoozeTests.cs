using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Core.Tickets.Snoozing;
using Enneo.Tests.Inbox;
using Microsoft.AspNetCore.DataProtection;
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
