using Bunit;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Spam;

/// <summary>A sender's whole domain is trusted or blocked beside the mail itself, as long as all who write from it belong together; and what else the notice says.</summary>
public sealed class SenderDomainTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _mailbox = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _mailbox = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("News@Shop.example", "shop.example")]
    [InlineData("bounce@mail.shop.example", "mail.shop.example")]
    [InlineData("anna@gmail.com", null)]
    [InlineData("anna@yahoo.co.uk", null)]
    [InlineData("anna@posteo.de", null)]
    [InlineData("anna@contoso.onmicrosoft.com", null)]
    [InlineData("anna@bol.com.br", null)]
    [InlineData("anna@localhost", null)]
    [InlineData("shop.example", null)]
    [InlineData("", null)]
    public void ADomainAtWhichAnybodyHasAnAddressIsNone(string address, string? domain) => Assert.Equal(domain, SenderDomain.Find(address));

    [Fact]
    public async Task WhatWasHiddenOfADomainIsFoundWithAllThatIsBelowIt_AndNothingElse()
    {
        var (own, below) = (await SpamAsync("a@shop_1.example"), await SpamAsync("b@mail.SHOP_1.example"));
        await SpamAsync("c@othershop_1.example");
        await SpamAsync("d@shopX1.example");
        await SpamAsync("shop_1.example@pills.top");

        Assert.Equal([own, below], await _store.Get<SpamSenders>().HiddenOfAsync(Reach.All, "shop_1.example", _mailbox.Id, Cancel));
    }

    [Fact]
    public async Task TheNoticeTrustsADomain_WithUndo()
    {
        var (one, other) = (await SpamAsync("news@shop.example"), await SpamAsync("offers@mail.shop.example"));
        await using InboxScreen screen = new(_store);
        var page = Open(screen, one);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-trust-domain]")));
        Assert.True(string.IsNullOrEmpty(page.Find("[data-trust-sender]").GetAttribute("title")));
        Assert.Contains("shop.example", page.Find("[data-block-domain]").TextContent, StringComparison.Ordinal);

        await page.Find("[data-trust-domain]").ClickAsync(new());
        await page.WaitForAssertionAsync(() => Assert.Contains("shop.example is trusted", page.Find(".toast").TextContent, StringComparison.Ordinal));
        Assert.Equal([SpamStatus.ManualClean, SpamStatus.ManualClean], [await StatusAsync(one), await StatusAsync(other)]);
        Assert.True(Assert.Single(await _store.Get<SpamSenders>().ListAsync(Reach.All, Cancel)) is { Sender: "shop.example", IsTrusted: true });

        await page.Find(".toast .undo").ClickAsync(new());
        Assert.Equal([SpamStatus.AutoSpam, SpamStatus.AutoSpam], [await StatusAsync(one), await StatusAsync(other)]);
        Assert.Empty(await _store.Get<SpamSenders>().ListAsync(Reach.All, Cancel));
    }

    [Fact]
    public async Task OfAProvidersAddressesOnlyTheOneIsOffered_AndTheTooltipSaysWhy()
    {
        var ticket = await SpamAsync("somebody@gmail.com");
        await using InboxScreen screen = new(_store);

        var page = Open(screen, ticket);

        await page.WaitForAssertionAsync(() => Assert.Contains("anybody can have one", page.Find("[data-trust-sender]").GetAttribute("title"), StringComparison.Ordinal));
        Assert.Contains("anybody can have one", page.Find("[data-block-sender]").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-trust-domain], [data-block-domain]"));
    }

    [Fact]
    public async Task TheNoticeSaysHowFarASecondOpinionMovedTheFigure_AndWhy()
    {
        var ticket = await SpamAsync("news@shop.example", verdict =>
            (verdict.Probability, verdict.ProbabilityAlone, verdict.OpinionReason) = (.81, .62, "It asks for a <b>password</b>."));
        await using InboxScreen screen = new(_store);
        var page = Open(screen, ticket);
        await page.WaitForAssertionAsync(() => Assert.NotEmpty(page.FindAll("[data-spam-why]")));

        await page.Find("[data-spam-why]").ClickAsync(new());

        Assert.Contains("moved this from 62 to 81 %", page.Find("[data-opinion]").TextContent, StringComparison.Ordinal);
        Assert.Equal("It asks for a <b>password</b>.", page.Find("[data-spam-notice] q").TextContent); // as text
    }

    private static IRenderedComponent<InboxPage> Open(InboxScreen screen, long ticketId)
    {
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?view=junk&ticket={ticketId}");
        return screen.Render<InboxPage>();
    }

    private async Task<long> SpamAsync(string from, Action<SpamVerdict>? with = null)
    {
        var received = await _store.ReceiveAsync(_mailbox, "An offer", from);
        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var ticket = await db.Tickets.FindAsync([received.TicketId], token);
                (ticket!.SpamStatus, ticket.Place) = (SpamStatus.AutoSpam, TicketPlace.Junk);
                SpamVerdict verdict = new() { MessageId = received.MessageId, MailboxId = _mailbox.Id, Stage = SpamStage.Model, IsSpam = true, Probability = .99, JudgedAt = _store.Clock.GetUtcNow() };
                with?.Invoke(verdict);
                db.SpamVerdicts.Add(verdict);
                await db.SaveChangesAsync(token);
            },
            Cancel);
        return received.TicketId;
    }

    private async Task<SpamStatus?> StatusAsync(long ticketId) => Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], Cancel)).SpamStatus;
}
