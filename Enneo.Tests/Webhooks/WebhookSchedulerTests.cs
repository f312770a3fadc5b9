using System.Reflection;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;

namespace Enneo.Tests.Webhooks;

/// <summary>What follows the log goes on, whatever happens to it.</summary>
public sealed class WebhookSchedulerTests : IAsyncLifetime
{
    private WebhookDesk? _desk;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WebhookDesk Desk => _desk!;

    public async ValueTask InitializeAsync() => _desk = await WebhookDesk.OpenAsync();

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    [Fact]
    public async Task A_fault_that_nobody_thought_of_does_not_end_it()
    {
        await Desk.AddAsync();
        await Desk.ToggleAsync(await Desk.TicketAsync());
        var factory = DispatchProxy.Create<ISchedulerFactory, FaultySchedulers>();
        var schedulers = (FaultySchedulers)(object)factory;
        using WebhookScheduler scheduler = new(
            Desk.Get<IDbContextFactory<EnneoDbContext>>(), Desk.Get<WebhookFanOut>(), Desk.Get<WebhookQueue>(), factory, Desk.Get<LiveFeed>(), Desk.Clock, NullLogger<WebhookScheduler>.Instance);
        await scheduler.StartAsync(Cancel);

        await EnneoStore.UntilAsync(() => Task.FromResult(schedulers.Asked > 0), TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 5);
        await EnneoStore.UntilAsync(
            () =>
            {
                Desk.Clock.Advance(TimeSpan.FromSeconds(30)); // it rests for so long, from some moment after it failed
                return Task.FromResult(schedulers.Asked > 1 || scheduler.ExecuteTask!.IsCompleted);
            },
            TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 10);

        Assert.False(scheduler.ExecuteTask!.IsCompleted);
        await scheduler.StopAsync(Cancel);
    }
}

/// <summary>Whatever it is asked, it fails in a way that nobody thought of.</summary>
#pragma warning disable CA1852 // a proxy is derived from it
internal class FaultySchedulers : DispatchProxy
#pragma warning restore CA1852
{
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Interlocked.Increment(ref _asked);
        throw new InvalidOperationException("A fault");
    }
}
