using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>Mailing lists and forwarders break DMARC: beside such a mail a person can say that this way is fine.</summary>
[Trait("Category", "Server")]
public sealed class DmarcExceptionTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatComesTheSameWayIsKept_UntilTheExceptionIsTakenBack()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        var exceptions = mailbox.Store.Get<DmarcExceptions>();
        await ArriveAsync(mailbox, Broken("first").With("List-Id", "Chairs <chairs.lists.example>"));
        var ticket = await mailbox.TicketAsync("first");
        Assert.Equal(SpamStatus.AutoSpam, ticket.SpamStatus);

        var pin = await exceptions.FindOfferAsync(Reach.All, ticket.Id, Cancelled);
        Assert.Equal(new DmarcPin("customer.example", "chairs.lists.example"), pin);
        var id = await exceptions.AddAsync(ticket.Id, pin!, s_anna, "web", Cancelled);

        await ArriveAsync(mailbox, Broken("same way", "eve@customer.example").With("List-Id", "Chairs <chairs.lists.example>"));
        await ArriveAsync(mailbox, Broken("another way", "eve@customer.example").With("List-Id", "Tables <tables.lists.example>"));
        Assert.Null(await mailbox.SpamStatusAsync("same way"));
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("another way"));

        Assert.Single(await exceptions.ListAsync(Reach.All, Cancelled));
        Assert.True(await exceptions.RemoveAsync(id!.Value, s_anna, "web", Cancelled));
        await ArriveAsync(mailbox, Broken("once more", "joe@customer.example").With("List-Id", "Chairs <chairs.lists.example>"));
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("once more"));
    }

    [Theory]
    [InlineData("ARC-Seal", "i=1; a=rsa-sha256; d=forwarder.example; s=k; b=x", "forwarder.example")]
    [InlineData("Return-Path", "<SRS0=x@relay.example>", "relay.example")]
    [InlineData("Return-Path", "<bounce@mail.customer.example>", null)]
    [InlineData("X-Nothing", "none", null)]
    public async Task ItIsOfferedWhereTheMailCameOverSomebodyElse(string field, string value, string? via)
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await ArriveAsync(mailbox, Broken("first").With(field, value));

        var pin = await mailbox.Store.Get<DmarcExceptions>().FindOfferAsync(Reach.All, (await mailbox.TicketAsync("first")).Id, Cancelled);

        Assert.Equal(via, pin?.Via);
    }

    private static MimeMessage Broken(string subject, string from = "anna@customer.example") =>
        Wanted(subject, from).With("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.example");

    private async Task ArriveAsync(SyncedMailbox mailbox, MimeMessage mail)
    {
        await dovecot.ArriveAsync(mailbox, mail);
        await mailbox.SyncAsync();
    }
}
