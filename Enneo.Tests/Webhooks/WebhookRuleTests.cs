using System.Net;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Enneo.Core.Processing;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Webhooks;

/// <summary>Who is told what, when, and by which secret.</summary>
public sealed class WebhookRuleTests : IAsyncLifetime
{
    private WebhookDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WebhookReceiver Receiver => _desk.Receiver;

    public async ValueTask InitializeAsync() => _desk = await WebhookDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_new_ticket_is_told_once_its_mail_was_analysed_and_what_follows_waits_for_it()
    {
        var (webhook, _) = await _desk.AddAsync();
        var received = await _desk.Store.ReceiveAsync(_desk.Mailbox, "New", at: _desk.Clock.GetUtcNow());
        await ProcessAsync(received.MessageId, finished: false);
        await _desk.ToggleAsync(received.TicketId);

        await _desk.RunAsync(webhook);
        Assert.Empty(Receiver.Received);

        await ProcessAsync(received.MessageId, finished: true);
        _desk.Clock.Advance(TimeSpan.FromSeconds(1));
        await _desk.RunAsync(webhook);
        Assert.Equal(["TicketCreated", "TicketClosed"], Receiver.Taken.Select(told => told.Event));
        Assert.Equal(received.MessageId, Receiver.Taken.First().Json.GetProperty("conversationId").GetInt64());
    }

    [Fact]
    public async Task The_analysis_is_waited_for_no_longer_than_ten_seconds()
    {
        var (webhook, _) = await _desk.AddAsync();
        var received = await _desk.Store.ReceiveAsync(_desk.Mailbox, "New", at: _desk.Clock.GetUtcNow());
        await ProcessAsync(received.MessageId, finished: false);
        await _desk.RunAsync(webhook);
        _desk.Clock.Advance(TimeSpan.FromSeconds(9.9));
        await _desk.RunAsync(webhook);
        Assert.Empty(Receiver.Received);

        _desk.Clock.Advance(TimeSpan.FromSeconds(0.1));
        await _desk.RunAsync(webhook);

        Assert.Equal("TicketCreated", Assert.Single(Receiver.Taken).Event);
    }

    [Fact]
    public async Task A_later_mail_of_the_customer_is_a_response()
    {
        var first = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Order");
        var number = await _desk.ReadAsync(db => db.Messages.Where(m => m.Id == first.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));
        var (webhook, _) = await _desk.AddAsync();

        var later = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Re: Order", answers: number);
        await _desk.RunAsync(webhook);

        Assert.Equal(first.TicketId, later.TicketId);
        var told = Assert.Single(Receiver.Taken);
        Assert.Equal(("TicketResponse", later.MessageId), (told.Event, told.Json.GetProperty("conversationId").GetInt64()));
    }

    [Fact]
    public async Task What_a_system_did_by_its_key_is_told_to_others_with_its_origin_and_not_to_itself()
    {
        await using var other = await WebhookReceiver.StartAsync();
        var admin = await _desk.Get<Accounts>().AddAsync(new NewAccount("chief@example.com", "Chief", Roles.Admin, "four words of the chief"), Actor.Operator, "test", Cancel);
        var key = await _desk.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("CRM", ApiScopes.Read | ApiScopes.Write), Actor.User(admin.UserId!.Value), "test", Cancel);
        var owner = await _desk.ReadAsync(db => db.ApiKeys.Where(k => k.Id == key.KeyId).Select(k => k.UserId).SingleAsync(Cancel));
        var (own, _) = await _desk.AddAsync(input => input with { OwnKeyId = key.KeyId });
        var (others, _) = await _desk.AddAsync(input => input with { Url = other.Url });
        var ticket = await _desk.TicketAsync();

        await _desk.ToggleAsync(ticket, Actor.User(owner) with { ApiKeyId = key.KeyId });
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(own, others);

        Assert.Equal("TicketUpdated", Assert.Single(Receiver.Taken).Event);
        Assert.Equal([$"key:{key.KeyId}", "web"], other.Taken.Select(told => told.Headers["x-enneo-origin"]));
        Assert.Equal(owner, other.Taken.First().Json.GetProperty("userId").GetInt64());
    }

    [Fact]
    public async Task Only_the_events_and_mailboxes_that_it_wants_are_told()
    {
        var elsewhere = await _desk.Store.AddMailboxAsync("Elsewhere");
        var (webhook, _) = await _desk.AddAsync(input => input with { Events = ["TicketClosed"], MailboxIds = [_desk.Mailbox.Id] });
        var (ticket, withheld) = (await _desk.TicketAsync(), (await _desk.Store.ReceiveAsync(elsewhere, "Withheld")).TicketId);

        await _desk.ToggleAsync(withheld);
        await _desk.ToggleAsync(ticket);
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);

        Assert.Equal(("TicketClosed", ticket), (Assert.Single(Receiver.Taken).Event, Receiver.Taken.First().Ticket!.Value));
    }

    [Fact]
    public async Task One_that_is_narrowed_tells_and_shows_nothing_of_the_other_mailboxes()
    {
        var elsewhere = await _desk.Store.AddMailboxAsync("Elsewhere");
        var (webhook, _) = await _desk.AddAsync();
        var withheld = (await _desk.Store.ReceiveAsync(elsewhere, "Withheld")).TicketId;
        await _desk.ToggleAsync(withheld);
        await _desk.Get<WebhookFanOut>().RunAsync(Cancel);
        Assert.NotEmpty(await _desk.DeliveriesAsync(webhook));

        await _desk.Get<WebhookEditing>().UpdateAsync(webhook, new WebhookInput { Url = Receiver.Url, MayBePrivate = true, MailboxIds = [_desk.Mailbox.Id] }, rotate: false, Actor.Operator, "test", Cancel);
        await _desk.RunAsync(webhook);

        Assert.Empty(Receiver.Received);
        Assert.Empty(await _desk.DeliveriesAsync(webhook));
    }

    [Fact]
    [Trait("Check", "AK08")]
    public async Task While_secrets_are_exchanged_both_sign()
    {
        var (webhook, old) = await _desk.AddAsync();
        var rotated = await _desk.Get<WebhookEditing>().UpdateAsync(webhook, new WebhookInput { Url = Receiver.Url, MayBePrivate = true }, rotate: true, Actor.Operator, "test", Cancel);
        var ticket = await _desk.TicketAsync();
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);
        Assert.True(Receiver.Taken.Last().IsSignedBy(old) && Receiver.Taken.Last().IsSignedBy(rotated.Secret!));

        _desk.Clock.Advance(WebhookEditing.Rotation);
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);

        Assert.True(Receiver.Taken.Last().IsSignedBy(rotated.Secret!));
        Assert.False(Receiver.Taken.Last().IsSignedBy(old));
        var stored = await _desk.FindAsync(webhook);
        Assert.DoesNotContain(rotated.Secret!, stored.ProtectedSecret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_called_at_once_is_called_once_and_whoever_changed_something_is_told_when_it_fails()
    {
        var (webhook, _) = await _desk.AddAsync(input => input with { IsSynchronous = true });
        Receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await context.Response.WriteAsync("The customer is locked\n", Cancel);
            return false;
        };
        var ticket = await _desk.TicketAsync();
        await _desk.ToggleAsync(ticket, Actor.User(_desk.Store.AgentId));

        await _desk.PassAsync(TimeSpan.FromDays(2), webhook);

        Assert.Single(Receiver.Received);
        var failed = Assert.Single(await _desk.ActivityAsync(ActivityKind.WebhookFailed));
        Assert.Equal(ticket, failed.TicketId);
        Assert.Contains($"\"user\":[null,{_desk.Store.AgentId}]", failed.Changes, StringComparison.Ordinal);
        Assert.Contains("\"status\":[null,422]", failed.Changes, StringComparison.Ordinal);
        Assert.Contains("\"answer\":[null,\"The customer is locked\"]", failed.Changes, StringComparison.Ordinal);
        Assert.Contains(failed.Sequence, (await _desk.Get<ActivityQueries>().HistoryAsync(Reach.All, [ticket], Cancel)).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task All_since_a_place_in_the_log_is_told_again_also_what_never_was()
    {
        var ticket = await _desk.TicketAsync();
        var start = (await _desk.Get<ChangeFeed>().ReadAsync(Reach.All, null, 1, Cancel)).Cursor;
        await _desk.ToggleAsync(ticket);
        var (webhook, _) = await _desk.AddAsync();
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);
        var told = Assert.Single(Receiver.Taken);

        await _desk.Get<WebhookReplay>().RangeAsync(webhook, start, null, Actor.Operator, "test", Cancel);
        await _desk.RunAsync(webhook);

        Assert.Equal(["TicketClosed", "TicketUpdated"], Receiver.Taken.Skip(1).Select(again => again.Event));
        Assert.Equal(told.Id, Receiver.Taken.Last().Id);
    }

    [Fact]
    public async Task All_between_two_places_in_the_log_is_told_again_also_what_never_was_and_nothing_else()
    {
        var ticket = await _desk.TicketAsync();
        var start = (await _desk.Get<ChangeFeed>().ReadAsync(Reach.All, null, 1, Cancel)).Cursor;
        await _desk.ToggleAsync(ticket);
        var (webhook, _) = await _desk.AddAsync();
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);
        var told = Assert.Single(Receiver.Taken);
        await _desk.ToggleAsync(ticket);
        await _desk.RunAsync(webhook);

        var count = await _desk.Get<WebhookReplay>().RangeAsync(webhook, start, told.Sequence, Actor.Operator, "test", Cancel);
        await _desk.RunAsync(webhook);

        Assert.Equal(2, count);
        Assert.Equal(["TicketClosed", "TicketUpdated"], Receiver.Taken.Skip(2).Select(again => again.Event));
        Assert.Equal(told.Id, Receiver.Taken.Last().Id);
    }

    [Theory]
    [InlineData("http://tickets.example.com/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("https://user:word@tickets.example.com/", true)]
    [InlineData("ftp://tickets.example.com/", true)]
    [InlineData("tickets", true)]
    public async Task An_address_that_may_not_be_called_is_not_saved(string url, bool mayBePrivate)
    {
        var added = await _desk.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = url, MayBePrivate = mayBePrivate }, Actor.Operator, "test", Cancel);

        Assert.Equal("url", Assert.Single(added.Errors).Key, ignoreCase: true);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:192.168.0.1", false)]
    [InlineData("169.254.169.254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    public async Task A_name_that_leads_to_a_forbidden_address_is_refused_when_it_is_connected_to(string leadsTo, bool mayBePrivate)
    {
        using GuardedPosting http = new(TimeProvider.System) { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(leadsTo)]) };

        var answer = await http.SendAsync(new Uri("https://tickets.example.com/"), mayBePrivate, trustedCertificate: null, Encoding.UTF8.GetBytes("{}"), new Dictionary<string, string>(), TimeSpan.FromSeconds(5), Cancel);

        Assert.Null(answer.Status);
        Assert.NotEmpty(answer.Problem!);
    }

    [Fact]
    public async Task What_was_delivered_long_ago_is_forgotten_and_what_is_to_come_never()
    {
        var (webhook, _) = await _desk.AddAsync();
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.RunAsync(webhook);
        Receiver.Fail(StatusCodes.Status422UnprocessableEntity);
        await _desk.ToggleAsync(await _desk.TicketAsync());
        await _desk.RunAsync(webhook);
        _desk.Clock.Advance(TimeSpan.FromDays(31));

        await _desk.Get<WebhookRetention>().RunAsync(Cancel);

        Assert.Equal(WebhookDeliveryState.Parked, Assert.Single(await _desk.DeliveriesAsync(webhook)).State);
    }

    private Task ProcessAsync(long messageId, bool finished) => _desk.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            if (finished)
            {
                await db.ProcessingRuns.Where(r => r.MessageId == messageId).ExecuteUpdateAsync(set => set.SetProperty(r => r.FinishedAt, _desk.Clock.GetUtcNow()), token);
                return;
            }

            MailProcessing.Enqueue(db, _desk.Mailbox.Id, [messageId], ProcessingCause.Arrival, _desk.Clock);
            await db.SaveChangesAsync(token);
        },
        Cancel);
}
