using Enneo.Core.Activity;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;

namespace Enneo.Tests.Webhooks;

/// <summary>Of spam nothing is told but that it is spam, and what was withheld is told once it is none any more.</summary>
public sealed class WebhookSpamTests : IAsyncLifetime
{
    private WebhookDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _desk = await WebhookDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Theory]
    [InlineData(SpamStatus.AutoSpam)]
    [InlineData(SpamStatus.AutoProgrammatic)]
    public async Task WhatOpensAsSpamIsNotTold_AndCalledCleanItIs_InItsOrder(SpamStatus status)
    {
        var (webhook, _) = await _desk.AddAsync();
        var opened = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Order");
        await _desk.Store.ChangeTicketAsync(opened.TicketId, ticket => ticket.SpamStatus = status);
        await _desk.Store.ReceiveAsync(_desk.Mailbox, "Re: Order", answers: await _desk.ReadAsync(db => Task.FromResult(db.Messages.First(m => m.Id == opened.MessageId).InternetMessageId)));
        await _desk.PassAsync(TimeSpan.FromMinutes(1), webhook);
        Assert.Empty(_desk.Receiver.Taken);

        await _desk.Get<SpamDecisions>().MarkAsync([opened.TicketId], isSpam: false, Actor.Operator, "web", Cancel);
        await _desk.PassAsync(TimeSpan.FromMinutes(1), webhook);

        Assert.Equal(["TicketCreated", "TicketResponse", "SpamStatusChanged"], _desk.Receiver.Taken.Select(told => told.Event));
    }

    [Fact]
    public async Task WhatBecomesSpamBeforeItWasToldIsWithheld_AndItsStatusIsTold()
    {
        var (webhook, _) = await _desk.AddAsync();
        var other = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Hello");
        var opened = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Order");
        await _desk.Get<WebhookFanOut>().RunAsync(Cancel);

        await _desk.Get<SpamDecisions>().MarkAsync([opened.TicketId], isSpam: true, Actor.Operator, "web", Cancel);
        await _desk.ToggleAsync(opened.TicketId);
        await _desk.PassAsync(TimeSpan.FromMinutes(1), webhook);

        Assert.Equal([("TicketCreated", other.TicketId), ("SpamStatusChanged", opened.TicketId)], _desk.Receiver.Taken.Select(told => (told.Event, told.Json.GetProperty("ticketId").GetInt64())).OrderBy(told => told.Item2));
        Assert.Equal(2, (await _desk.DeliveriesAsync(webhook)).Count(delivery => delivery.State is WebhookDeliveryState.Withheld));
        Assert.Equal(1, await _desk.Get<WebhookReplay>().RangeAsync(webhook, 0, long.MaxValue - 1, Actor.Operator, "web", Cancel) - 1); // nor is it told again by hand
    }
}
