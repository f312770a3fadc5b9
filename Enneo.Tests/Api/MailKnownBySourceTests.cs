using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
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

    private Task<ApiReply> BringAsync(long mailbox, byte[] source, string? externalTicketId = null) =>
        house.Service.PostAsync("ticket", new { subchannelId = mailbox, source = Convert.ToBase64String(source), externalTicketId });

    private static byte[] SourceOf(string id, string way, string from = "mia@customer.example") => Encoding.UTF8.GetBytes(
        $"Received: by {way}\r\nFrom: Mia <{from}>\r\nTo: support@example.test\r\nSubject: Parcel\r\nMessage-ID: <{id}@customer.example>\r\n\r\nWhere is it?\r\n");
}
