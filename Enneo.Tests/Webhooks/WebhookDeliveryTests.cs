using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Tests.Webhooks;

/// <summary>What happens is told to a real receiver, which fails in every way a receiver can.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private WebhookDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WebhookReceiver Receiver => _desk.Receiver;

    public async ValueTask InitializeAsync() => _desk = await WebhookDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    [Trait("Check", "AK08")]
    public async Task A_change_is_told_signed_with_what_it_was_and_is()
    {
        var (webhook, secret) = await _desk.AddAsync();
        var ticket = await _desk.TicketAsync();
        await _desk.ToggleAsync(ticket, Actor.User(_desk.Store.AgentId));

        await _desk.RunAsync(webhook);

        var told = Assert.Single(Receiver.Taken);
        Assert.True(told.IsSignedBy(secret));
        Assert.Equal(("TicketClosed", ticket, _desk.Store.AgentId), (told.Event, told.Ticket, told.Json.GetProperty("userId").GetInt64()));
        Assert.Equal("""{"status":["open","closed"]}""", told.Json.GetProperty("changes").GetRawText());
        Assert.Equal(("closed", "Order"), (told.Json.GetProperty("ticket").GetProperty("status").GetString(), told.Json.GetProperty("ticket").GetProperty("subject").GetString()));
        Assert.Equal(told.Id, told.Json.GetProperty("id").GetString());
        Assert.Equal("web", told.Headers["x-enneo-origin"]);
        var delivery = Assert.Single(await _desk.DeliveriesAsync(webhook));
        Assert.Equal((WebhookDeliveryState.Delivered, 200, told.Body), (delivery.State, delivery.Status, delivery.Body));
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task A_ticket_that_makes_the_receiver_fail_holds_up_no_other_and_keeps_its_order()
    {
        var (webhook, _) = await _desk.AddAsync();
        var (stuck, other) = (await _desk.TicketAsync(), await _desk.TicketAsync());
        var heals = false;
        Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Ticket == stuck && !heals ? 500 : 200;
            return Task.FromResult(context.Response.StatusCode == 200);
        };
        for (var i = 0; i < 4; i++)
        {
            await _desk.ToggleAsync(stuck);
            await _desk.ToggleAsync(other);
        }

        await _desk.PassAsync(TimeSpan.FromMinutes(2), webhook);
        Assert.Equal(4, Receiver.Taken.Count(told => told.Ticket == other));
        Assert.DoesNotContain(Receiver.Taken, told => told.Ticket == stuck);
        Assert.Single(Receiver.Received.Where(told => told.Ticket == stuck).Select(told => told.Id).Distinct());

        heals = true;
        await _desk.PassAsync(TimeSpan.FromHours(1), webhook);
        var sequences = Receiver.Taken.Where(told => told.Ticket == stuck).Select(told => told.Sequence).ToList();
        Assert.Equal(4, sequences.Count);
        Assert.Equal(sequences.Order(), sequences);
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task A_receiver_that_hangs_is_given_up_in_time_and_tried_again()
    {
        var (webhook, _) = await _desk.AddAsync();
        Receiver.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return false;
        };
        await _desk.ToggleAsync(await _desk.TicketAsync());

        await _desk.RunAsync(webhook);

        var delivery = Assert.Single(await _desk.DeliveriesAsync(webhook));
        Assert.Equal((WebhookDeliveryState.Waiting, 1, null), (delivery.State, delivery.Attempts, delivery.Status));
        Assert.NotEmpty(delivery.Problem!);
        Assert.InRange((await _desk.FindAsync(webhook)).RetryAt!.Value - _desk.Clock.GetUtcNow(), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Receiver.Answer = null;
        await _desk.PassAsync(TimeSpan.FromSeconds(10), webhook);
        Assert.Equal(delivery.EventId, Assert.Single(Receiver.Taken).Id);
        Assert.Equal(2, Receiver.Received.Count);
        Assert.Single(Receiver.Received.Select(told => told.Body).Distinct());
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task A_redirect_is_not_followed_and_parks()
    {
        var (webhook, _) = await _desk.AddAsync();
        Receiver.Fail(StatusCodes.Status307TemporaryRedirect, ("Location", new Uri(new Uri(Receiver.Url), "/elsewhere").ToString()));
        await _desk.ToggleAsync(await _desk.TicketAsync());

        await _desk.PassAsync(TimeSpan.FromDays(1), webhook);

        Assert.Equal(WebhookDeliveryState.Parked, Assert.Single(await _desk.DeliveriesAsync(webhook)).State);
        Assert.Equal((1, 0), (Receiver.Received.Count, Receiver.Strays));
    }

    [Fact]
    public async Task A_receiver_that_asks_for_time_gets_it()
    {
        var (webhook, _) = await _desk.AddAsync();
        Receiver.Fail(StatusCodes.Status429TooManyRequests, ("Retry-After", "120"));
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.ToggleAsync(await _desk.TicketAsync());

        await _desk.RunAsync(webhook);
        var asked = Receiver.Received.Count;
        Assert.Equal(_desk.Clock.GetUtcNow().AddSeconds(120), (await _desk.FindAsync(webhook)).RetryAt);
        await _desk.PassAsync(TimeSpan.FromSeconds(119), webhook);
        Assert.Equal(asked, Receiver.Received.Count);

        Receiver.Answer = null;
        await _desk.PassAsync(TimeSpan.FromMinutes(5), webhook);
        Assert.Equal(2, Receiver.Taken.Count);
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task The_retries_follow_the_ladder()
    {
        var (webhook, _) = await _desk.AddAsync();
        Receiver.Fail(StatusCodes.Status503ServiceUnavailable);
        List<DateTimeOffset> at = [];
        var failing = Receiver.Answer!;
        Receiver.Answer = (told, context) =>
        {
            at.Add(_desk.Clock.GetUtcNow());
            return failing(told, context);
        };
        await _desk.ToggleAsync(await _desk.TicketAsync());

        await _desk.PassAsync(TimeSpan.FromHours(23), webhook);

        TimeSpan[] ladder = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12)];
        Assert.InRange(at.Count, 7, 8);
        Assert.All(at.Zip(at.Skip(1), (one, next) => next - one).Zip(ladder), step => Assert.InRange(step.First / step.Second, 0.79, 1.21));
    }

    [Fact]
    [Trait("Check", "W02")]
    public async Task A_crash_between_the_request_and_its_record_repeats_the_same_id()
    {
        var (webhook, _) = await _desk.AddAsync();
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.Get<WebhookFanOut>().RunAsync(Cancel);
        using CancellationTokenSource crash = new();
        Receiver.Answer = async (_, context) =>
        {
            await crash.CancelAsync();
            await Task.Delay(100, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _desk.Get<WebhookDelivering>().RunDueAsync(webhook, crash.Token));

        Receiver.Answer = null;
        await _desk.RunAsync(webhook);

        Assert.Equal(2, Receiver.Received.Count);
        Assert.Single(Receiver.Received.Select(told => told.Id).Distinct());
        Assert.Equal(WebhookDeliveryState.Delivered, Assert.Single(await _desk.DeliveriesAsync(webhook)).State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_webhook_that_is_switched_off_or_removed_while_something_is_in_hand_posts_nothing_more(bool isRemoved)
    {
        var (webhook, _) = await _desk.AddAsync();
        WebhookInput input = new() { Url = Receiver.Url, MayBePrivate = true };
        var editing = _desk.Get<WebhookEditing>();
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.Get<WebhookFanOut>().RunAsync(Cancel);
        Meanwhile meanwhile = new(_desk.Get<IDbContextFactory<EnneoDbContext>>(), async () => Assert.True(isRemoved
            ? await editing.RemoveAsync(webhook, Actor.Operator, "test", Cancel)
            : (await editing.UpdateAsync(webhook, input with { IsActive = false }, rotate: false, Actor.Operator, "test", Cancel)).WebhookId == webhook));
        WebhookDelivering delivering = new(
            meanwhile, _desk.Get<WebhookQueue>(), _desk.Get<WebhookRecords>(), _desk.Get<WebhookRest>(), _desk.Get<WebhookSigning>(), _desk.Get<GuardedPosting>(),
            _desk.Get<WebhookExchange>(), _desk.Get<IOptions<WebhookOptions>>(), _desk.Clock);

        await delivering.RunDueAsync(webhook, Cancel);

        Assert.Empty(Receiver.Received);
        if (!isRemoved)
        {
            Assert.Equal((WebhookDeliveryState.Waiting, 0), (await _desk.DeliveriesAsync(webhook)).Select(delivery => (delivery.State, delivery.Attempts)).Single());
            await editing.UpdateAsync(webhook, input, rotate: false, Actor.Operator, "test", Cancel);
            await _desk.RunAsync(webhook);
            Assert.Single(Receiver.Taken);
        }
    }

    /// <summary>Something is done before the first read.</summary>
    private sealed class Meanwhile(IDbContextFactory<EnneoDbContext> factory, Func<Task> act) : IDbContextFactory<EnneoDbContext>
    {
        private Func<Task>? _act = act;

        public EnneoDbContext CreateDbContext() => factory.CreateDbContext();

        public async Task<EnneoDbContext> CreateDbContextAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _act, null) is { } first)
            {
                await first();
            }

            return await factory.CreateDbContextAsync(cancellationToken);
        }
    }
}
