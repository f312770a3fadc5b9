using Enneo.Core.Activity;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Webhooks;

/// <summary>What a receiver refuses keeps its place: nothing of its ticket goes past it.</summary>
public sealed class WebhookRefusalTests : IAsyncLifetime
{
    private WebhookDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WebhookReceiver Receiver => _desk.Receiver;

    public async ValueTask InitializeAsync() => _desk = await WebhookDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    [Trait("Check", "W01")]
    public async Task What_is_refused_is_parked_at_once_and_goes_again_by_hand_under_the_same_id()
    {
        var (webhook, _) = await _desk.AddAsync();
        var (refused, other) = (await _desk.TicketAsync(), await _desk.TicketAsync());
        Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Ticket == refused ? 422 : 200;
            return Task.FromResult(context.Response.StatusCode == 200);
        };
        await _desk.ToggleAsync(refused);
        await _desk.ToggleAsync(other);

        await _desk.PassAsync(TimeSpan.FromHours(5), webhook);

        var parked = Assert.Single(await _desk.DeliveriesAsync(webhook), delivery => delivery.State is WebhookDeliveryState.Parked);
        Assert.Equal((1, 422), (parked.Attempts, parked.Status));
        Assert.Equal(other, Assert.Single(Receiver.Taken).Ticket);

        Receiver.Answer = null;
        Assert.True(await _desk.Get<WebhookReplay>().OneAsync(webhook, parked.Id, Actor.Operator, "test", Cancel));
        await _desk.RunAsync(webhook);
        Assert.Equal(parked.EventId, Receiver.Taken.Last().Id);
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task What_is_refused_is_overtaken_by_nothing_of_its_ticket_and_asked_again_before_it()
    {
        var (webhook, _) = await _desk.AddAsync();
        var (refused, other) = (await _desk.TicketAsync(), await _desk.TicketAsync());
        Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Ticket == refused ? 422 : 200;
            return Task.FromResult(context.Response.StatusCode == 200);
        };
        for (var i = 0; i < 3; i++)
        {
            await _desk.ToggleAsync(refused);
            await _desk.ToggleAsync(other);
            await _desk.PassAsync(TimeSpan.FromHours(1), webhook);
        }

        var asked = Receiver.Received.Where(told => told.Ticket == refused).ToList();
        Assert.Equal(3, asked.Count);
        Assert.Single(asked.Select(told => told.Id).Distinct());
        Assert.Equal(3, Receiver.Taken.Count(told => told.Ticket == other));

        Receiver.Answer = null;
        await _desk.ToggleAsync(refused);
        await _desk.RunAsync(webhook);
        var sequences = Receiver.Taken.Where(told => told.Ticket == refused).Select(told => told.Sequence).ToList();
        Assert.Equal(4, sequences.Count);
        Assert.Equal(sequences.Order(), sequences);
    }

    [Fact]
    public async Task What_a_wrong_address_refused_goes_out_by_itself_once_it_is_right()
    {
        var (webhook, _) = await _desk.AddAsync();
        long[] tickets = [await _desk.TicketAsync(), await _desk.TicketAsync(), await _desk.TicketAsync()];
        Receiver.Fail(StatusCodes.Status404NotFound);
        foreach (var ticket in tickets)
        {
            await _desk.ToggleAsync(ticket);
        }

        await _desk.RunAsync(webhook);
        Assert.All(await _desk.DeliveriesAsync(webhook), delivery => Assert.Equal(WebhookDeliveryState.Parked, delivery.State));

        Receiver.Answer = null;
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.PassAsync(TimeSpan.FromMinutes(1), webhook);

        Assert.Equal(4, Receiver.Taken.Count);
        Assert.Equal(tickets, Receiver.Taken.Skip(1).Select(told => told.Ticket!.Value).Order());
    }
}
