using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Connected;

/// <summary>When and in which order what failed is tried again, on either way.</summary>
public sealed class ExchangeOutageTests : IAsyncLifetime
{
    private readonly Desk _desk = new("Here", isProcess: false);
    private readonly ScriptedDesk _other = new() { AsksToWaitEvery = int.MaxValue };
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private long _integration;
    private TheirNews _news = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WriterLane Lane => _desk.Store.Get<WriterLane>();

    public async ValueTask InitializeAsync()
    {
        await _desk.SetUpAsync();
        await _other.StartAsync();
        _integration = await FailingSystemTests.ConnectAsync(_desk, "Zammad", _other.Port);
        _news = new TheirNews(_desk.Store.Get<IDbContextFactory<EnneoDbContext>>(), Lane, _desk.Store.Get<TicketExchange>(), _clock, NullLogger<TheirNews>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task HoweverLongNothingGetsThroughItIsAskedOnceInFiveMinutes_AndAllThatWaitedGoesSoonAfterItIsBack()
    {
        for (var i = 0; i < 3; i++)
        {
            await ToldAsync($"Ticket {i}");
        }

        _other.Fails = _ => StatusCodes.Status503ServiceUnavailable;
        var (back, rounds) = (_clock.GetUtcNow().AddHours(4), 0);
        while (_clock.GetUtcNow() < back)
        {
            await _news.RunDueAsync(_integration, Cancel);
            rounds++;
            var next = (await _news.DueAsync(Cancel))[_integration];
            Assert.InRange(next - _clock.GetUtcNow(), TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(6)); // five, and what spreads them
            _clock.SetUtcNow(next);
        }

        Assert.Equal(rounds, _other.Failed); // one asks for all
        _other.Fails = null;
        await _news.RunDueAsync(_integration, Cancel);

        Assert.Equal(["1", "2", "3"], await LinkedAsync());
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task ATicketThatHasFailedForItselfForLongHasTheOthersWaitForFiveMinutesAtMost()
    {
        await ToldAsync("Fails for itself");
        var (yesterday, justNow) = (_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddMinutes(-1));
        await ChangeAsync(db => db.Set<TicketNews>().ExecuteUpdateAsync(set => set.SetProperty(n => n.Attempts, 6).SetProperty(n => n.NotedAt, yesterday).SetProperty(n => n.DueAt, justNow), Cancel));
        await ChangeAsync(db => db.Set<Integration>().ExecuteUpdateAsync(set => set.SetProperty(i => i.LastInAt, justNow), Cancel)); // others went meanwhile
        await ToldAsync("Well");
        _other.Fails = address => address == "tickets/1" ? StatusCodes.Status504GatewayTimeout : null;

        await _news.RunDueAsync(_integration, Cancel);
        Assert.Empty(await LinkedAsync()); // it may be the other system
        _clock.Advance(TimeSpan.FromMinutes(5));
        await _news.RunDueAsync(_integration, Cancel);

        Assert.Equal(["2"], await LinkedAsync());
        Assert.True(Assert.Single(await WaitingAsync()).DueAt > _clock.GetUtcNow().AddHours(5));
    }

    [Fact]
    public async Task WhatIsPutOffIsSettledAndExchangedLater_AndSaysNothingOfHowTheOtherSystemIsDoing()
    {
        var (odd, other) = (await OpenedAsync("Odd"), await OpenedAsync("Other"));
        var since = TimeProvider.System.GetUtcNow().AddHours(-1);
        await ChangeAsync(db => db.Set<Webhook>().ExecuteUpdateAsync(set => set.SetProperty(w => w.Failures, 3).SetProperty(w => w.FailingSince, since), Cancel));
        var put = await DeliveryAsync(odd, long.MaxValue - 1);
        var waiting = await DeliveryAsync(other, long.MaxValue, delivery => delivery.DueAt = delivery.DueAt.AddHours(1));
        _other.Odd = 1;

        await DeliverAsync();

        var (before, after) = (await WebhookAsync(), await DeliveriesAsync());
        Assert.Equal((3, null), (before.Failures, before.LastSuccessAt));
        Assert.Equal(since.ToUnixTimeMilliseconds(), before.FailingSince?.ToUnixTimeMilliseconds());
        Assert.Equal((WebhookDeliveryState.Delivered, WebhookDeliveryState.Waiting), (after[put].State, after[waiting].State));
        Assert.True(after[waiting].DueAt > TimeProvider.System.GetUtcNow()); // nothing shows that it would be taken
        Assert.Equal([$"{TicketNotices.Own}{odd}"], (await WaitingAsync()).Select(news => news.ExternalTicketId));

        _other.Odd = 0;
        _clock.SetUtcNow(TimeProvider.System.GetUtcNow().AddMinutes(1));
        await _news.RunDueAsync(_integration, Cancel);
        Assert.Empty(await WaitingAsync());
    }

    [Fact]
    public async Task WhatIsTriedNowOfATicketThatWasSetAsideGoesInItsOrder_AndNothingOfAnother()
    {
        var (stuck, other) = (await OpenedAsync("Stuck"), await OpenedAsync("Other"));
        var first = await DeliveryAsync(stuck, 1, SetAside);
        var second = await DeliveryAsync(stuck, 2, delivery => delivery.DueAt = delivery.DueAt.AddHours(1));
        var others = await DeliveryAsync(other, 3, SetAside);
        var later = TimeProvider.System.GetUtcNow().AddHours(1);
        await ChangeAsync(db => db.Set<Webhook>().ExecuteUpdateAsync(set => set.SetProperty(w => w.RetryAt, later), Cancel));
        var webhook = (await WebhookAsync()).Id;
        Assert.Null(await _desk.Store.Get<WebhookQueue>().NextAsync(webhook, Cancel));
        var shown = (await _desk.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single().Stuck.Single(one => one.TicketId == stuck);

        Assert.True(await _desk.Store.Get<TicketRetrying>().RunAsync(_integration, shown, Actor.Operator, "test", Cancel));

        Assert.Equal([first], (await _desk.Store.Get<WebhookQueue>().NextAsync(webhook, Cancel))!.Value.Deliveries.Select(delivery => delivery.Id));
        await DeliverAsync();
        var after = await DeliveriesAsync();
        Assert.Equal((WebhookDeliveryState.Delivered, WebhookDeliveryState.Delivered, WebhookDeliveryState.Parked), (after[first].State, after[second].State, after[others].State));

        static void SetAside(WebhookDelivery delivery) => (delivery.State, delivery.Attempts, delivery.Status, delivery.Answer) = (WebhookDeliveryState.Parked, 1, 422, "Not with us.");
    }

    /// <summary>The other system says that it has a new ticket.</summary>
    private async Task ToldAsync(string title) =>
        await _desk.Store.Get<TicketNotices>().NoteAsync(_integration, _other.Open(title, "Asked there").ToString(CultureInfo.InvariantCulture), _clock.GetUtcNow(), Cancel);

    /// <returns>What a new ticket of theirs is called here.</returns>
    private async Task<long> OpenedAsync(string title)
    {
        var name = _other.Open(title, "Asked there").ToString(CultureInfo.InvariantCulture);
        await _desk.Store.Get<TicketExchange>().OfTheirsAsync(_integration, name, Cancel);
        return await _desk.Store.ReadAsync(db => db.Set<ExternalTicket>().Where(e => e.ExternalId == name).Select(e => e.TicketId).SingleAsync(Cancel), Cancel);
    }

    private async Task<long> DeliveryAsync(long ticketId, long sequence, Action<WebhookDelivery>? change = null)
    {
        var webhook = await WebhookAsync();
        WebhookDelivery delivery = new()
        {
            WebhookId = webhook.Id,
            EventId = $"event{sequence}",
            Sequence = sequence,
            Event = WebhookEvent.TicketUpdated,
            OrderKey = ticketId,
            MailboxId = null,
            TicketId = ticketId,
            MessageId = null,
            OccurredAt = TimeProvider.System.GetUtcNow(),
            DueAt = TimeProvider.System.GetUtcNow(),
        };
        change?.Invoke(delivery);
        await ChangeAsync(db =>
        {
            db.Add(delivery);
            return db.SaveChangesAsync(Cancel);
        });
        return delivery.Id;
    }

    private async Task DeliverAsync() => await _desk.Store.Get<WebhookDelivering>().RunDueAsync((await WebhookAsync()).Id, Cancel);

    private Task ChangeAsync(Func<EnneoDbContext, Task> change) => Lane.RunAsync((db, _) => change(db), Cancel);

    private Task<Webhook> WebhookAsync() => _desk.Store.ReadAsync(db => db.Set<Webhook>().AsNoTracking().SingleAsync(Cancel), Cancel);

    private Task<Dictionary<long, WebhookDelivery>> DeliveriesAsync() => _desk.Store.ReadAsync(db => db.Set<WebhookDelivery>().AsNoTracking().ToDictionaryAsync(delivery => delivery.Id, Cancel), Cancel);

    private Task<List<TicketNews>> WaitingAsync() => _desk.Store.ReadAsync(db => db.Set<TicketNews>().AsNoTracking().ToListAsync(Cancel), Cancel);

    private Task<List<string>> LinkedAsync() => _desk.Store.ReadAsync(db => db.Set<ExternalTicket>().Select(e => e.ExternalId).Order().ToListAsync(Cancel), Cancel);
}
