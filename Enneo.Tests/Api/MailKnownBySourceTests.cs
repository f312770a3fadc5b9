using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>A mail that two systems fetched is one mail, also where one of them brings it as it came.</summary>
[Collection(ApiCollection.Name)]
public sealed class MailKnownBySourceTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMailThatItsServerBroughtGetsTheIdsOfWhoeverBringsItsSource()
    {
        var id = Guid.NewGuid().ToString("N");
        var mailbox = await house.Get<MailImport>().AddAsync(new ImportedMailbox("Served", $"{id}@example.test", "Served", IsDefault: false), [], "test", Cancel);
        ImportedMail mail = new(FolderRole.Inbox, SourceOf(id, "fetched"), house.Get<TimeProvider>().GetUtcNow(), Seen: false);
        var fetched = await house.Get<MailImport>().ReceiveAsync(mailbox, mail, Cancel);
        await house.Get<WriterLane>().RunAsync(
            (db, token) => db.Mailboxes.Where(m => m.Id == mailbox).ExecuteUpdateAsync(set => set.SetProperty(m => m.Method, MailboxMethod.Imap).SetProperty(m => m.Enabled, false), token), Cancel);

        var answer = (await BringAsync(mailbox, SourceOf(id, "another way"), $"crm-{id}")).Ok().Json;

        Assert.Equal((fetched.TicketId, fetched.MessageId), (answer.GetProperty("id").GetInt64(), answer.GetProperty("conversationId").GetInt64()));
        Assert.Equal($"crm-{id}", (await house.Service.GetAsync($"ticket/{fetched.TicketId}")).Ok().Ticket.GetProperty("externalTicketId").GetString());
        Assert.NotEmpty((await BringAsync(mailbox, SourceOf(Guid.NewGuid().ToString("N"), "never fetched"))).Problem(422).Error("subchannelId"));
    }

    [Fact]
    public async Task OtherBytesOfTheSameMailMakeNoDouble_AndWhoBorrowsItsIdHasWrittenAnother()
    {
        var id = Guid.NewGuid().ToString("N");

        var created = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => BringAsync(house.Support, SourceOf(id, $"relay {number}"))));
        var borrowed = (await BringAsync(house.Support, SourceOf(id, "relay", from: "stranger@other.example"))).Ok(201).Json;

        Assert.Single(created, answer => answer.Status == 201);
        var known = Assert.Single(created.Select(answer => answer.Json.GetProperty("conversationId").GetInt64()).Distinct());
        Assert.NotEqual(known, borrowed.GetProperty("conversationId").GetInt64());
        Assert.Equal(2, await house.ReadAsync(db => db.Messages.CountAsync(m => m.InternetMessageId == $"{id}@customer.example", Cancel)));
    }

    /// <summary>Scanners and forms give all their mails one Message-ID; and whoever forges one must not keep the real mail out.</summary>
    [Fact]
    public async Task WhatSaysSomethingElseIsAnotherMail_WhateverItsIdAndSender_AndItsBytesAreKept()
    {
        var id = Guid.NewGuid().ToString("N");
        byte[][] mails =
        [
            SourceOf(id, "relay", date: "Mon, 30 Nov 2026 10:00:00 +0000"),
            SourceOf(id, "relay", text: "Something else", date: "Mon, 30 Nov 2026 10:00:00 +0000"),
            SourceOf(id, "relay", subject: "Another", date: "Mon, 30 Nov 2026 10:00:00 +0000"),
            SourceOf(id, "relay", date: "Mon, 30 Nov 2026 11:00:00 +0000"),
        ];

        List<long> made = [];
        foreach (var mail in mails)
        {
            made.Add((await BringAsync(house.Support, mail)).Ok(201).Json.GetProperty("conversationId").GetInt64());
        }

        var again = (await BringAsync(house.Support, Encoding.UTF8.GetBytes("Received: by yet another\r\n" + Encoding.UTF8.GetString(mails[1]) + "\r\n"))).Ok().Json.GetProperty("conversationId").GetInt64();
        Assert.Equal(mails.Length, made.Distinct().Count());
        Assert.Equal(made[1], again);
        foreach (var (message, mail) in made.Zip(mails))
        {
            using var kept = await house.Get<MessageReader>().FindSourceAsync(Reach.All, message, Cancel);
            Assert.Equal(mail, kept!.Memory.ToArray());
        }
    }

    [Fact]
    public async Task AMailThatIsPutToATicketByItsSourceIsTheOneThatIsThere()
    {
        var id = Guid.NewGuid().ToString("N");
        var first = (await BringAsync(house.Support, SourceOf(id, "fetched"))).Ok(201).Json;
        var ticket = first.GetProperty("id").GetInt64();

        var (same, other) = (await StoreAsync(SourceOf(id, "another way")), await StoreAsync(SourceOf(id, "another way", text: "Something else")));

        Assert.Equal((first.GetProperty("conversationId").GetInt64(), false), (same.MessageId, same.IsNew));
        Assert.Equal((ticket, true), (other.TicketId, other.IsNew));

        async Task<TakenIn> StoreAsync(byte[] source)
        {
            MessageWish wish = new(StoredKind.In, [], _ => new NewMail(source));
            return (await house.Get<MessageStoring>().RunAsync(Reach.All, ticket, wish, Actor.User(house.AdminId), "test", Cancel)).Taken!;
        }
    }

    [Fact]
    public async Task ASourceAndAnIdThatContradictEachOtherAreRefused_AndEqualOnesAreOneMail()
    {
        var (id, other) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        var before = await house.ReadAsync(db => db.Messages.CountAsync(Cancel));
        (await BringAsync(house.Support, SourceOf(other, "relay"), other)).Ok(201);

        var refused = await NamedAsync(id, $"{other}@customer.example");
        var ofAKnownTicket = await NamedAsync(id, $"{other}@customer.example", other);
        var first = (await NamedAsync(id, $"<{id}@customer.example>")).Ok(201).Json;
        var again = (await NamedAsync(id, $"{id}@customer.example")).Ok().Json;

        Assert.Contains("another Message-ID", refused.Problem(400).Error("internetMessageId"), StringComparison.Ordinal);
        Assert.NotEmpty(ofAKnownTicket.Problem(400).Error("internetMessageId"));
        Assert.Equal(first.GetProperty("conversationId").GetInt64(), again.GetProperty("conversationId").GetInt64());
        Assert.Equal(before + 2, await house.ReadAsync(db => db.Messages.CountAsync(Cancel)));

        Task<ApiReply> NamedAsync(string source, string named, string? externalTicketId = null) => house.Service.PostAsync(
            "ticket", new { subchannelId = house.Support, source = Convert.ToBase64String(SourceOf(source, "relay")), internetMessageId = named, externalTicketId });
    }

    [Theory]
    [InlineData(4711, 0)]
    [InlineData(0, 1)]
    public async Task WhatWasKeptAndCannotBeReadAnyMoreKeepsNoMailOut(int segmentsOn, int bytesOn)
    {
        var id = Guid.NewGuid().ToString("N");
        var kept = (await BringAsync(house.Support, SourceOf(id, "relay"))).Ok(201).Json.GetProperty("conversationId").GetInt64();
        await house.Get<WriterLane>().RunAsync(
            (db, token) => db.Sources.Where(s => db.Messages.Any(m => m.Id == kept && m.SourceId == s.Id)).ExecuteUpdateAsync(set => set.SetProperty(s => s.Segment, s => s.Segment + segmentsOn).SetProperty(s => s.Offset, s => s.Offset + bytesOn), token), Cancel);

        var brought = (await BringAsync(house.Support, SourceOf(id, "another way"))).Ok(201).Json.GetProperty("conversationId").GetInt64();

        Assert.NotEqual(kept, brought);
        using var source = await house.Get<MessageReader>().FindSourceAsync(Reach.All, brought, Cancel);
        Assert.Equal(SourceOf(id, "another way"), source!.Memory.ToArray());
    }

    private Task<ApiReply> BringAsync(long mailbox, byte[] source, string? externalTicketId = null) =>
        house.Service.PostAsync("ticket", new { subchannelId = mailbox, source = Convert.ToBase64String(source), externalTicketId });

    private static byte[] SourceOf(string id, string way, string from = "mia@customer.example", string subject = "Parcel", string text = "Where is it?", string? date = null) => Encoding.UTF8.GetBytes(
        $"Received: by {way}\r\nFrom: Mia <{from}>\r\nTo: support@example.test\r\nSubject: {subject}\r\n{(date is null ? "" : $"Date: {date}\r\n")}Message-ID: <{id}@customer.example>\r\n\r\n{text}\r\n");
}
