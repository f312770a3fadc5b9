using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
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

        Assert.NotNull((await Here.Store.Get<TicketRegrouping>().MoveAsync(mine, otherOurs, Actor.Operator, "test", Cancel)).Done);
        await desks.OursAsync(ours);
        Assert.NotNull((await Here.Store.Get<TicketRegrouping>().MoveAsync(mine, ours, Actor.Operator, "test", Cancel)).Done); // back, before the other ticket is compared
        await BothAsync();
        Assert.Equal((2, 1, 2, 1), await CountsAsync());

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
    public async Task WithTheOnlyMailOfATicketNothingIsFolded_UntilItHasAnother()
    {
        var ((ours, theirs), (otherOurs, otherTheirs)) = (await desks.TicketAsync(), await desks.TicketAsync());
        var moved = (await desks.MessagesThereAsync(otherTheirs)).Single().GetProperty("id").GetInt64();
        await StoreThereAsync(otherTheirs, "It is not here yet");
        (await There.Program.PostAsync($"ticket/{otherTheirs}/conversation/{moved}/move", new { ticketId = theirs })).Ok();

        await desks.TheirsAsync(theirs);
        Assert.Equal((1, 1), (await CountAsync(ours), await CountAsync(otherOurs)));

        await desks.TheirsAsync(otherTheirs);
        await desks.TheirsAsync(theirs);
        Assert.Equal((2, 1), (await CountAsync(ours), await CountAsync(otherOurs)));
        Assert.Equal((2, 1), ((await desks.MessagesThereAsync(theirs)).Count, (await desks.MessagesThereAsync(otherTheirs)).Count));
    }

    [Fact]
    public async Task WhatIsSplitOffThereStaysApart_WhereNothingIsTaken()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var raw = Encoding.UTF8.GetBytes($"From: Mia <mia@customer.example>\r\nTo: desk@example.test\r\nSubject: Given\r\nMessage-ID: <given{ours}@customer.example>\r\n\r\nAnother thing\r\n");
        var given = (await Here.Store.Get<MailImport>().ReceiveAsync(Here.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).MessageId;
        await Here.Store.Get<TicketRegrouping>().MoveAsync(given, ours, Actor.Operator, "test", Cancel);
        await desks.OursAsync(ours);
        var there = (await desks.MessagesThereAsync(theirs)).Select(message => message.GetProperty("id").GetInt64()).Max();
        var settings = (await Here.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single().Settings;
        await UpdateAsync(settings with { Rules = new Dictionary<SyncedField, FieldRule>(settings.Rules) { [SyncedField.Conversations] = new(SyncDirection.Out, []) } });

        var split = (await There.Program.PostAsync($"ticket/{theirs}/conversation/{there}/split", new { })).Ok().Ticket.GetProperty("id").GetInt64();
        await desks.TheirsAsync(split);
        await desks.OursAsync(ours);
        await UpdateAsync(settings);

        Assert.Equal([theirs.ToString(CultureInfo.InvariantCulture)], (await desks.LinksAsync())[ours]);
        Assert.Equal(split, (await There.Program.GetAsync($"ticket/{split}")).Ok().Ticket.GetProperty("id").GetInt64());

        async Task UpdateAsync(IntegrationInput input) => Assert.Empty((await Here.Store.Get<IntegrationEditing>().UpdateAsync(desks.IntegrationId, input, Actor.Operator, "test", Cancel)).Errors);
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

        await Here.Store.Get<MessageFiling>().MoveAsync([mine.Id], FolderRole.Trash, Actor.Operator, "test", Cancel);
        await desks.OursAsync(ours);
        await Here.Store.Get<MessageFiling>().MoveAsync([mine.Id], FolderRole.Inbox, Actor.Operator, "test", Cancel);
        await desks.OursAsync(ours);
        await desks.DecideAsync(ConflictChoice.Ours, theirs); // what was left before was over when both had it in the trash
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
        var before = Assert.Single(await WebhooksThereAsync(address));

        var tooLong = new string('9', 20_000); // no address that it would take
        await Here.Store.Get<WriterLane>().RunAsync((db, token) => db.Set<Integration>().ExecuteUpdateAsync(set => set.SetProperty(i => i.TheirWebhookId, tooLong), token), Cancel);
        Assert.NotNull((await webhooks.UpdateAsync(desks.IntegrationId, settings with { TheirMailbox = other.ToString(CultureInfo.InvariantCulture) }, address, Actor.Operator, "test", Cancel)).Problem);
        Assert.NotEqual(before, Assert.Single(await WebhooksThereAsync(address)));
        await UpdateAsync(settings);

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

    private async Task StoreThereAsync(long ticketId, string text) =>
        (await There.Program.PostAsync($"ticket/{ticketId}/conversation/store", new { direction = "in", content = new { message = text } })).Ok(201);

    private Task<int> CountAsync(long ticketId) => Here.Store.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == ticketId, Cancel), Cancel);
}
