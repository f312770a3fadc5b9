using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Net;
using Enneo.Core.Spam;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>A stranger's server is asked by one request to send no more, when a person says so.</summary>
public sealed class UnsubscribingTests : IAsyncLifetime
{
    private FormServer _server = null!;
    private InboxStore _store = null!;
    private Mailbox _mailbox = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Unsubscribing Unsubscribing => _store.Get<Unsubscribing>();

    private Actor Anna => Actor.User(_store.AgentId);

    public async ValueTask InitializeAsync()
    {
        _server = await FormServer.StartAsync();
        _store = new InboxStore(new Dictionary<string, string?> { [$"{NetOptions.Section}:{nameof(NetOptions.TrustedHosts)}"] = _server.Address.Authority });
        await _store.InitializeAsync();
        _mailbox = await _store.AddMailboxAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task OneRequestIsSent_WithNothingOfOurs_AndWhatCameOfItIsKept()
    {
        var ticket = await ReceiveAsync("/u?id=7");
        Assert.Empty(_server.Requests); // nothing goes out by itself, nor by looking

        Assert.Equal(UnsubscribeOutcome.Done, await Unsubscribing.RunAsync(ticket, Anna, "web", Cancel));

        var (request, body, headers) = Assert.Single(_server.Requests);
        Assert.Equal(("POST /u?id=7", "List-Unsubscribe=One-Click"), (request, body));
        Assert.DoesNotContain("Cookie", headers);
        Assert.DoesNotContain("Referer", headers);
        var offer = await Unsubscribing.FindOfferAsync(Reach.All, ticket, Cancel);
        Assert.Equal((UnsubscribeOutcome.Done, "news@shop.example"), (offer!.Before, offer.Sender));
        Assert.Contains(await ActivityAsync(), entry => entry.Kind is ActivityKind.SenderUnsubscribed && entry.TicketId == ticket);
    }

    [Theory]
    [InlineData("/refuse", UnsubscribeOutcome.Refused)]
    [InlineData("/away", UnsubscribeOutcome.Refused)]
    public async Task WhatTheServerDoesNotTakeIsSaid_AndNobodyIsFollowedElsewhere(string path, UnsubscribeOutcome outcome)
    {
        Assert.Equal(outcome, await Unsubscribing.RunAsync(await ReceiveAsync(path), Anna, "web", Cancel));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("https://127.0.0.1/u")]
    [InlineData("https://10.0.0.7/u")]
    [InlineData("https://printer/u")]
    [InlineData("https://user:word@shop.example/u")]
    [InlineData("http://shop.example/u")]
    public async Task AnAddressInsideOrWithoutEncryptionIsNotOffered(string address) =>
        Assert.Null(await Unsubscribing.FindOfferAsync(Reach.All, await ReceiveAtAsync(address), Cancel));

    [Fact]
    public async Task WhereNobodyAnswersItIsSaid() =>
        Assert.Equal(UnsubscribeOutcome.NoAnswer, await Unsubscribing.RunAsync(await ReceiveAtAsync("https://nobody.invalid/u"), Anna, "web", Cancel));

    [Fact]
    public async Task AMailThatNamesNoSuchRequestOffersNothing()
    {
        var plain = (await _store.ReceiveAsync(_mailbox, "Hello")).TicketId;

        Assert.Null(await Unsubscribing.FindOfferAsync(Reach.All, plain, Cancel));
        Assert.Null(await Unsubscribing.RunAsync(plain, Anna, "web", Cancel));
    }

    private async Task<List<ActivityEntry>> ActivityAsync()
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Activity.AsNoTracking().ToListAsync(Cancel);
    }

    private Task<long> ReceiveAsync(string path) => ReceiveAtAsync(new Uri(_server.Address, path).ToString());

    private async Task<long> ReceiveAtAsync(string address) => (await _store.ReceiveAsync(
        _mailbox, "News", "Shop <news@shop.example>",
        headers: $"List-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")).TicketId;
}
