using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Notes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>What becomes of single messages that both sides have: moved to another ticket, given more files, taken out of the trash again, or mistaken for another one.</summary>
public sealed class MovedMessagesTests(ConnectedDesks desks) : IClassFixture<ConnectedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Desk Here => desks.Here;

    private Desk There => desks.There;

    [Fact]
    public async Task AMessageThatIsMovedToAnotherTicketOnOneSideIsMovedOnTheOther()
    {
        var ((ours, theirs), (otherOurs, otherTheirs)) = (await desks.TicketAsync(), await desks.TicketAsync());
        await StoreThereAsync(theirs, "It belongs elsewhere");
        await desks.TheirsAsync(theirs);
        var mine = await Here.Store.ReadAsync(db => db.Messages.Where(m => m.TicketId == ours).MaxAsync(m => m.Id, Cancel), Cancel);

        Assert.NotNull((await Here.Store.Get<TicketRegrouping>().MoveAsync(mine, otherOurs, Actor.Operator, "test", Cancel)).Done);
        await BothAsync();
        Assert.Equal((1, 2, 1, 2), await CountsAsync());

        var there = (await desks.MessagesThereAsync(otherTheirs)).Select(message => message.GetProperty("id").GetInt64()).Max();
        (await There.Program.PostAsync($"ticket/{otherTheirs}/conversation/{there}/move", new { ticketId = theirs })).Ok();
        await BothAsync();
        Assert.Equal((2, 1, 2, 1), await CountsAsync());
        await BothAsync();
        Assert.Equal((2, 1, 2, 1), await CountsAsync()); // and rests

        async Task BothAsync()
        {
            foreach (var (one, two) in new[] { (ours, theirs), (otherOurs, otherTheirs) })
            {
                await desks.OursAsync(one);
                await desks.TheirsAsync(two);
            }
        }

        async Task<(int, int, int, int)> CountsAsync() =>
            (await CountAsync(ours), await CountAsync(otherOurs), (await desks.MessagesThereAsync(theirs)).Count, (await desks.MessagesThereAsync(otherTheirs)).Count);
    }

    [Fact]
    public async Task AFileThatIsPutToANoteLaterIsPutToItOnTheOtherSide_Once()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var mine = (await Here.Store.Get<NoteWriting>().AddAsync(ours, new NoteInput("With files") { Files = [File("first.txt")] }, Actor.Operator, "test", Cancel))!.Value;
        await desks.OursAsync(ours);
        var note = (await desks.NotesThereAsync(theirs)).Single().Key;

        Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(mine, new NoteEdit(null, [File("here.txt")]), Actor.Operator, "test", Cancel));
        await desks.OursAsync(ours);
        await desks.TheirsAsync(theirs);
        Assert.Equal(["first.txt", "here.txt"], await FilesThereAsync(theirs, note));

        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note}", new { attachments = new[] { new { name = "there.txt", base64 = "QQ==" } } })).Ok();
        await desks.TheirsAsync(theirs);
        await desks.OursAsync(ours);
        await desks.TheirsAsync(theirs);
        Assert.Equal(["first.txt", "here.txt", "there.txt"], await FilesThereAsync(theirs, note));
        Assert.Equal(3, (await Here.Store.Get<Core.Messages.MessageReader>().FindAsync(Core.Identity.Reach.All, mine, Cancel))!.Parts.Count);
        Assert.Equal("With files", (await desks.NotesHereAsync(ours))[mine]);
        Assert.Empty(await desks.DifferencesAsync());

        static NoteFile File(string name) => new(name, "text/plain", Encoding.UTF8.GetBytes(name));
    }

    [Fact]
    public async Task WhatIsTakenOutOfTheTrashAgainOnOneSideIsADifference()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var mail = (await desks.MessagesThereAsync(theirs)).Single().GetProperty("id").GetInt64();
        (await There.Program.DeleteAsync($"ticket/{theirs}/conversation/{mail}")).Ok();
        await desks.TheirsAsync(theirs);
        await desks.DecideAsync(ConflictChoice.Theirs, theirs);
        var mine = await Here.Store.ReadAsync(db => db.Messages.SingleAsync(m => m.TicketId == ours, Cancel), Cancel);

        await Here.Store.Get<MessageFiling>().MoveAsync([mine.Id], FolderRole.Inbox, Actor.Operator, "test", Cancel);
        await desks.OursAsync(ours);

        Assert.Equal(MessageDifference.GoneThere, Assert.Single(await desks.DifferencesAsync()).Difference);
        await desks.DecideAsync(ConflictChoice.Ours, theirs); // it stays here
        await desks.OursAsync(ours);
        Assert.Empty(await desks.DifferencesAsync());
    }

    [Fact]
    public async Task TwoMailsWithTheSameMessageIdAreBothToldWhereTheySayDifferentThings()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var id = await Here.Store.ReadAsync(db => db.Messages.Where(m => m.TicketId == ours).Select(m => m.InternetMessageId).SingleAsync(Cancel), Cancel);
        var raw = Encoding.UTF8.GetBytes($"From: Shop <shop@customer.example>\r\nTo: desk@example.test\r\nSubject: Order\r\nMessage-ID: <{id}>\r\n\r\nSomething else\r\n");
        var twin = (await Here.Store.Get<MailImport>().ReceiveAsync(Here.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).MessageId;
        await Here.Store.Get<TicketRegrouping>().MoveAsync(twin, ours, Actor.Operator, "test", Cancel);
        await desks.OursAsync(ours);
        Assert.Equal(["Something else", "Where is it?"], (await desks.MessagesThereAsync(theirs)).Select(message => message.GetProperty("bodyPlain").GetString()!.Trim()).Order());

        var third = Encoding.UTF8.GetBytes($"From: Shop <shop@customer.example>\r\nTo: desk@example.test\r\nSubject: Order\r\nMessage-ID: <{id}>\r\n\r\nA third thing\r\n");
        var thirdThere = (await There.Get<MailImport>().ReceiveAsync(There.MailboxId, new ImportedMail(FolderRole.Inbox, third, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).MessageId;
        await There.Store.Get<TicketRegrouping>().MoveAsync(thirdThere, theirs, Actor.Operator, "test", Cancel);
        await desks.TheirsAsync(theirs);
        await desks.OursAsync(ours);

        Assert.Equal((3, 3), (await CountAsync(ours), (await desks.MessagesThereAsync(theirs)).Count));
    }

    [Fact]
    public async Task TheWebhookThatWeMadeThereGoesWithTheIntegration()
    {
        var webhooks = Here.Store.Get<WebhookThere>();
        var settings = (await Here.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single().Settings;
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Here.Port}/api/mind/hook/1");
        var made = (await webhooks.MakeAsync(desks.IntegrationId, address, Actor.Operator, "test", Cancel)).TheirWebhookId;
        Assert.Equal([made!], await WebhooksThereAsync(address));
        var other = (await There.Program.PostAsync("settings/subchannel", new { name = "Another", data = new { method = "api", address = $"{Guid.NewGuid():N}@example.test" } })).Ok(201).Json.GetProperty("subchannel").GetProperty("id").GetInt64();

        await UpdateAsync(settings with { TheirMailbox = other.ToString(CultureInfo.InvariantCulture) });
        var moved = Assert.Single(await WebhooksThereAsync(address));
        Assert.NotEqual(made, moved);
        Assert.Contains($"[{other}]", (await There.Program.GetAsync($"webhook/{moved}")).Ok().Text, StringComparison.Ordinal);

        await UpdateAsync(settings with { IsActive = false });
        Assert.Empty(await WebhooksThereAsync(address));
        await UpdateAsync(settings with { IsActive = true });
        Assert.Single(await WebhooksThereAsync(address));

        async Task UpdateAsync(IntegrationInput input)
        {
            var (result, problem) = await webhooks.UpdateAsync(desks.IntegrationId, input, address, Actor.Operator, "test", Cancel);
            Assert.Empty(result.Errors);
            Assert.Null(problem);
        }
    }

    private async Task<IReadOnlyList<string>> WebhooksThereAsync(string address) =>
        [.. (await There.Program.GetAsync("webhook")).Ok().Json.GetProperty("webhooks").EnumerateArray()
            .Where(webhook => webhook.GetProperty("url").GetString() == address).Select(webhook => webhook.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture))];

    private async Task<IReadOnlyList<string>> FilesThereAsync(long ticket, long note) =>
        [.. (await desks.MessagesThereAsync(ticket)).Single(message => message.GetProperty("id").GetInt64() == note).GetProperty("attachments").EnumerateArray().Select(file => file.GetProperty("name").GetString()!).Order()];

    private async Task StoreThereAsync(long ticketId, string text) =>
        (await There.Program.PostAsync($"ticket/{ticketId}/conversation/store", new { direction = "in", content = new { message = text } })).Ok(201);

    private Task<int> CountAsync(long ticketId) => Here.Store.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == ticketId, Cancel), Cancel);
}
