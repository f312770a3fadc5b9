using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Webhooks;

/// <summary>A day in which receivers fail, each in its own way: what they miss is kept, nobody else waits, and in the end all of it has come in order.</summary>
public sealed class WebhookOutageTests
{
    private const int Hours = 26;

    private static readonly byte[] s_piece = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Check", "W01")]
    public async Task However_receivers_fail_for_a_day_each_gets_all_of_it_in_order_and_none_that_works_waits()
    {
        await using var desk = await WebhookDesk.OpenAsync();
        await using var within = await WebhookReceiver.StartAsync();
        await using var down = await WebhookReceiver.StartAsync();
        await using var failing = await WebhookReceiver.StartAsync();
        await using var hanging = await WebhookReceiver.StartAsync();
        await using var redirecting = await WebhookReceiver.StartAsync();
        await using var endless = await WebhookReceiver.StartAsync();
        WebhookReceiver[] sick = [down, failing, hanging, redirecting, endless];
        var working = (await desk.AddAsync()).Id;
        List<long> webhooks = [];
        foreach (var receiver in sick)
        {
            webhooks.Add((await desk.AddAsync(input => input with { Url = receiver.Url })).Id);
        }

        long[] all = [working, .. webhooks];
        long[] tickets = [await desk.TicketAsync(), await desk.TicketAsync(), await desk.TicketAsync()];
        await down.CloseAsync();
        failing.Fail(StatusCodes.Status500InternalServerError);
        hanging.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return false;
        };
        redirecting.Fail(StatusCodes.Status302Found, ("Location", within.Url));
        endless.Answer = (_, context) => PourAsync(context, StatusCodes.Status503ServiceUnavailable, promised: null);

        for (var hour = 0; hour < Hours; hour++)
        {
            await desk.ToggleAsync(tickets[hour % tickets.Length]);
            await desk.RunAsync(working);
            Assert.Equal(hour + 1, desk.Receiver.Taken.Count); // at once, whatever the others do
            await desk.PassAsync(TimeSpan.FromHours(1), all);
        }

        Assert.Empty(within.Received);
        Assert.Equal(0, within.Strays);
        foreach (var (webhook, receiver) in webhooks.Zip(sick))
        {
            Assert.Empty(receiver.Taken);
            Assert.NotNull((await desk.FindAsync(webhook)).PausedAt); // it rests, and the admins know
            var deliveries = await desk.DeliveriesAsync(webhook);
            Assert.InRange(deliveries.Sum(delivery => delivery.Attempts), 6, 2 * Hours); // no more than it was asked for by new events, or by the steps
            Assert.All(deliveries, delivery => Assert.InRange(delivery.Answer?.Length ?? 0, 0, Core.Net.GuardedPosting.LongestAnswer));
        }

        Assert.Equal(sick.Length, (await desk.ActivityAsync(ActivityKind.WebhookPaused)).Count);
        await down.OpenAsync();
        foreach (var receiver in sick)
        {
            receiver.Answer = null;
        }

        foreach (var webhook in webhooks)
        {
            Assert.NotNull(await desk.Get<WebhookReplay>().ParkedAsync(webhook, Actor.Operator, "test", Cancel));
        }

        await desk.PassAsync(TimeSpan.FromHours(2), all);

        Assert.All([desk.Receiver, .. sick], receiver =>
        {
            Assert.Equal(Hours, receiver.Taken.Count);
            Assert.Equal(Hours, receiver.Taken.Select(told => told.Id).Distinct().Count());
            Assert.All(tickets, ticket => Assert.Equal(SequencesOf(receiver, ticket).Order(), SequencesOf(receiver, ticket)));
        });
        Assert.Equal(sick.Length, (await desk.ActivityAsync(ActivityKind.WebhookResumed)).Count);
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task What_fails_time_and_again_while_others_go_is_parked_after_the_last_step_and_comes_in_order_when_it_is_sent_again()
    {
        await using var desk = await WebhookDesk.OpenAsync();
        var (webhook, _) = await desk.AddAsync();
        var (stuck, other) = (await desk.TicketAsync(), await desk.TicketAsync());
        desk.Receiver.Answer = (told, context) =>
        {
            context.Response.StatusCode = told.Ticket == stuck ? 500 : 200;
            return Task.FromResult(told.Ticket != stuck);
        };
        await desk.ToggleAsync(stuck);
        await desk.ToggleAsync(stuck);

        for (var hour = 0; hour < 60; hour++)
        {
            await desk.ToggleAsync(other);
            await desk.PassAsync(TimeSpan.FromHours(1), webhook);
        }

        var (first, second) = (await desk.DeliveriesAsync(webhook)).Where(delivery => delivery.TicketId == stuck).ToList() switch { [var one, var two] => (one, two), _ => throw new InvalidOperationException() };
        Assert.Equal((WebhookDeliveryState.Parked, 9), (first.State, first.Attempts)); // and eight steps between them
        Assert.Equal(0, desk.Receiver.Received.Count(told => told.Id == second.EventId));
        Assert.Equal(60, desk.Receiver.Taken.Count);

        desk.Receiver.Answer = null;
        Assert.Equal(1, await desk.Get<WebhookReplay>().ParkedAsync(webhook, Actor.Operator, "test", Cancel));
        await desk.PassAsync(TimeSpan.FromMinutes(1), webhook);
        Assert.Equal([first.EventId, second.EventId], desk.Receiver.Taken.Where(told => told.Ticket == stuck).Select(told => told.Id));
    }

    [Theory]
    [Trait("Check", "W01")]
    [InlineData(200, null, true)]
    [InlineData(200, 1_000_000_000L, true)]
    [InlineData(500, 1_000_000_000L, false)]
    public async Task An_answer_without_an_end_or_of_a_gigabyte_is_cut_off(int status, long? promised, bool isTaken)
    {
        await using var desk = await WebhookDesk.OpenAsync();
        var (webhook, _) = await desk.AddAsync();
        desk.Receiver.Answer = (_, context) => PourAsync(context, status, promised);
        await desk.ToggleAsync(await desk.TicketAsync());

        await desk.RunAsync(webhook).WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        var delivery = Assert.Single(await desk.DeliveriesAsync(webhook));
        Assert.Equal((isTaken ? WebhookDeliveryState.Delivered : WebhookDeliveryState.Waiting, status, Core.Net.GuardedPosting.LongestAnswer), (delivery.State, delivery.Status, delivery.Answer!.Length));
    }

    [Fact]
    [Trait("Check", "W01")]
    public async Task When_a_webhook_rests_the_admins_are_told_by_mail_once()
    {
        await using SmtpSink sink = new() { User = Office.Address };
        await sink.InitializeAsync();
        await using var office = await Office.OpenAsync(sink);
        await office.Get<Accounts>().AddAsync(new NewAccount("chief@example.test", "Chief", Roles.Admin, "four words of the chief"), Actor.Operator, "test", Cancel);
        var ticket = (await office.ReceiveAsync()).TicketId;
        var url = $"http://127.0.0.1:{FreePort.Next()}/"; // nobody answers there
        var webhook = (await office.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = url, MayBePrivate = true }, Actor.Operator, "test", Cancel)).WebhookId!.Value;
        await office.Get<TicketEditing>().SetStatusAsync([ticket], TicketStatus.Closed, Actor.Operator, "web", Cancel);
        await office.Get<WebhookFanOut>().RunAsync(Cancel);

        for (var i = 0; i < 3; i++)
        {
            await office.Get<WebhookDelivering>().RunDueAsync(webhook, Cancel);
            office.Clock.Advance(WebhookRest.After);
        }

        var mail = Assert.Single(sink.Received);
        Assert.Equal(["chief@example.test"], mail.Recipients);
        Assert.Contains(url, mail.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<long> SequencesOf(WebhookReceiver receiver, long ticket) => receiver.Taken.Where(told => told.Ticket == ticket).Select(told => told.Sequence);

    private static async Task<bool> PourAsync(HttpContext context, int status, long? promised)
    {
        (context.Response.StatusCode, context.Response.ContentLength) = (status, promised);
        var left = promised ?? long.MaxValue;
        while (left > 0 && !context.RequestAborted.IsCancellationRequested)
        {
            var length = (int)Math.Min(left, s_piece.Length);
            await context.Response.Body.WriteAsync(s_piece.AsMemory(0, length), CancellationToken.None);
            left -= length;
        }

        return status == 200;
    }
}
