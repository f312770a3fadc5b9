using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Notes;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>What is done with messages after both sides have them: notes are changed, messages deleted, tickets split and merged. What both did is asked for, and nothing goes round in circles.</summary>
public sealed class MessagesInStepTests(ConnectedDesks desks) : IClassFixture<ConnectedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Desk Here => desks.Here;

    private Desk There => desks.There;

    [Fact]
    public async Task ANoteThatIsChangedOnOneSideIsChangedOnTheOther_AndWhereBothChangedItAPersonChooses()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var mine = await NoteAsync(ours, "Written here");
        await desks.OursAsync(ours);
        var note = Assert.Single(await desks.NotesThereAsync(theirs));
        Assert.Equal("Written here", note.Value);

        await EditAsync(mine, "Changed <b>here</b>");
        await desks.OursAsync(ours);
        Assert.Equal("Changed here", (await desks.NotesThereAsync(theirs))[note.Key]);

        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note.Key}", new { content = new { message = "Changed there" } })).Ok();
        await desks.TheirsAsync(theirs);
        Assert.Equal("Changed there", (await desks.NotesHereAsync(ours))[mine]);

        var before = (await LastAsync(Here), await LastAsync(There));
        await desks.TheirsAsync(theirs); // the echo
        await desks.OursAsync(ours);
        Assert.Equal(before, (await LastAsync(Here), await LastAsync(There)));

        foreach (var (choice, expected) in new[] { (ConflictChoice.Ours, "Here 1"), (ConflictChoice.Theirs, "There 2") })
        {
            var round = choice is ConflictChoice.Ours ? 1 : 2;
            await EditAsync(mine, $"Here {round}");
            (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{note.Key}", new { content = new { message = $"There {round}" } })).Ok();
            await desks.OursAsync(ours);
            var conflict = Assert.Single(await desks.DifferencesAsync());
            Assert.Equal((MessageDifference.Changed, $"Here {round}", $"There {round}"), (conflict.Difference, conflict.Ours, conflict.Theirs));
            await desks.DecideAsync(choice, theirs);
            Assert.Equal((expected, expected), ((await desks.NotesHereAsync(ours))[mine], (await desks.NotesThereAsync(theirs))[note.Key]));
        }
    }

    [Fact]
    public async Task WhoElseWasWrittenToIsKnownOnBothSides()
    {
        var (ours, theirs) = await desks.TicketAsync();
        (await There.Program.PostAsync($"ticket/{theirs}/conversation/store", new { direction = "in", content = new { message = "With a copy" }, to = new[] { "desk@example.test", "second@example.test" }, cc = new[] { "per@customer.example" } })).Ok(201);
        await desks.TheirsAsync(theirs);

        var mail = await Here.Store.ReadAsync(db => db.Messages.OrderByDescending(m => m.Id).FirstAsync(m => m.TicketId == ours, Cancel), Cancel);
        Assert.Equal(["desk@example.test", "second@example.test"], mail.To.Select(person => person.Address));
        Assert.Equal(["per@customer.example"], mail.Cc.Select(person => person.Address));
    }

    [Fact]
    public async Task ADraftOfANoteThatIsPublishedThereComesAsWhatItSaysThen()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var draft = (await There.Program.PostAsync($"ticket/{theirs}/conversation/reply", new { content = new { message = "Not yet" }, @private = true, isDraft = true })).Ok().Json.GetProperty("id").GetInt64();
        await desks.TheirsAsync(theirs);
        Assert.Empty(await desks.NotesHereAsync(ours));

        (await There.Program.PatchAsync($"ticket/{theirs}/conversation/{draft}", new { content = new { message = "Now" }, isDraft = false })).Ok();
        await desks.TheirsAsync(theirs);

        Assert.Equal(["Now"], (await desks.NotesHereAsync(ours)).Values);
    }

    [Fact]
    public async Task WhatIsDeletedOnOneSideIsAskedFor_NotesGoByThemselvesWhereTheOtherDidNotChangeThem_AndMailGoesToTheTrashWhenSomebodySaysSo()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var (kept, gone, changed) = (await NoteAsync(ours, "Kept"), await NoteAsync(ours, "Gone"), await NoteAsync(ours, "Changed"));
        await desks.OursAsync(ours);
        var there = (await desks.NotesThereAsync(theirs)).ToDictionary(note => note.Value, note => note.Key);

        await desks.DeletionsGoAsync(DeletionWay.Never);
        await RemoveAsync(kept);
        await desks.OursAsync(ours);
        Assert.Equal((MessageDifference.GoneHere, "Kept"), (await desks.DifferencesAsync()).Select(difference => (difference.Difference, difference.Theirs)).Single());
        await desks.DecideAsync(ConflictChoice.Theirs, theirs);
        Assert.Contains(there["Kept"], await desks.NotesThereAsync(theirs)); // left there, and not asked again

        await desks.DeletionsGoAsync(DeletionWay.Both);
        await RemoveAsync(gone);
        await desks.OursAsync(ours);
        Assert.DoesNotContain(there["Gone"], await desks.NotesThereAsync(theirs));

        await EditAsync(changed, "Changed since");
        (await There.Program.DeleteAsync($"ticket/{theirs}/conversation/{there["Changed"]}")).Ok();
        await desks.TheirsAsync(theirs);
        Assert.Equal((MessageDifference.GoneThere, "Changed since"), (await desks.DifferencesAsync()).Select(difference => (difference.Difference, difference.Ours)).Single());
        await desks.DecideAsync(ConflictChoice.Theirs, theirs);
        Assert.Empty(await desks.NotesHereAsync(ours));

        var mail = (await desks.MessagesThereAsync(theirs)).Single(message => message.GetProperty("direction").GetString() == "in").GetProperty("id").GetInt64();
        (await There.Program.DeleteAsync($"ticket/{theirs}/conversation/{mail}")).Ok();
        await desks.TheirsAsync(theirs);
        Assert.Equal(MessageDifference.GoneThere, (await desks.DifferencesAsync()).Single().Difference); // mail is always asked for
        await desks.DecideAsync(ConflictChoice.Theirs, theirs);
        Assert.Equal(
            [FolderRole.Trash],
            await Here.Store.ReadAsync(db => db.MessageFolders.Where(p => db.Messages.Any(m => m.Id == p.MessageId && m.TicketId == ours)).Join(db.Folders, p => p.FolderId, f => f.Id, (_, f) => f.Role).ToListAsync(Cancel), Cancel));
        Assert.Empty(await desks.DifferencesAsync());
    }

    [Fact]
    public async Task ATicketThatIsSplitOrMergedOnOneSideIsSoOnTheOther_AndNoMessageIsThereTwice()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var more = await StoreThereAsync(theirs, "More of it");
        await StoreThereAsync(theirs, "And another thing");
        await desks.TheirsAsync(theirs);

        var split = (await There.Program.PostAsync($"ticket/{theirs}/conversation/{more}/split", new { })).Ok().Ticket.GetProperty("id").GetInt64();
        await desks.TheirsAsync(theirs);
        await desks.TheirsAsync(split);
        var splitHere = (await desks.LinksAsync()).Single(link => link.Contains(Text(split))).Key;
        Assert.NotEqual(ours, splitHere);
        Assert.Equal((2, 1), (await CountAsync(ours), await CountAsync(splitHere)));

        var last = await Here.Store.ReadAsync(db => db.Messages.Where(m => m.TicketId == ours).MaxAsync(m => m.Id, Cancel), Cancel);
        var second = (await Here.Store.Get<TicketRegrouping>().SplitAsync(last, andLater: false, Actor.Operator, "test", Cancel)).Done!.TicketId;
        await desks.OursAsync(second);
        var secondThere = long.Parse(Assert.Single((await desks.LinksAsync())[second]), CultureInfo.InvariantCulture);
        Assert.Equal((1, 1, 1), ((await desks.MessagesThereAsync(theirs)).Count, (await desks.MessagesThereAsync(split)).Count, (await desks.MessagesThereAsync(secondThere)).Count));

        var left = (await Here.Store.Get<TicketRegrouping>().MergeAsync([ours, second], Actor.Operator, "test", Cancel)).Done!.TicketId;
        await desks.OursAsync(left);
        Assert.Equal(theirs, (await There.Program.GetAsync($"ticket/{secondThere}")).Ok().Ticket.GetProperty("id").GetInt64());
        Assert.Equal([Text(theirs)], (await desks.LinksAsync())[left]);
        Assert.Equal((2, 2), (await CountAsync(left), (await desks.MessagesThereAsync(theirs)).Count));
    }

    [Fact]
    public async Task MailThatBothFetchedIntoDifferentTicketsStaysWhereItIs_AndTwoCopiesOfOneAreOneThere()
    {
        var (ours, theirs) = await desks.TicketAsync();
        var (otherOurs, otherTheirs) = await desks.TicketAsync();
        var raw = System.Text.Encoding.UTF8.GetBytes($"From: Mia <mia@customer.example>\r\nTo: desk@example.test\r\nSubject: Both\r\nMessage-ID: <both{ours}@customer.example>\r\n\r\nWhere is it?\r\n");
        Core.Sync.ImportedMail mail = new(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false);
        var here = (await Here.Store.Get<Core.Sync.MailImport>().ReceiveAsync(Here.MailboxId, mail, Cancel)).MessageId;
        var there = (await There.Get<Core.Sync.MailImport>().ReceiveAsync(There.MailboxId, mail, Cancel)).MessageId;
        await There.Store.Get<TicketRegrouping>().MoveAsync(there, otherTheirs, Actor.Operator, "test", Cancel);
        var copy = raw.Concat("\r\nA footer of a list\r\n"u8.ToArray()).ToArray();
        await Here.Store.Get<TicketRegrouping>().MoveAsync(here, ours, Actor.Operator, "test", Cancel);
        var twin = (await Here.Store.Get<Core.Sync.MailImport>().ReceiveAsync(Here.MailboxId, mail with { Raw = copy }, Cancel)).MessageId;
        await Here.Store.Get<TicketRegrouping>().MoveAsync(twin, ours, Actor.Operator, "test", Cancel);

        for (var i = 0; i < 2; i++)
        {
            await desks.OursAsync(ours);
            await desks.TheirsAsync(otherTheirs);
            await desks.TheirsAsync(theirs);
        }

        Assert.Equal((3, 1), (await CountAsync(ours), await CountAsync(otherOurs)));
        Assert.Equal((1, 2), ((await desks.MessagesThereAsync(theirs)).Count, (await desks.MessagesThereAsync(otherTheirs)).Count));
    }

    [Fact]
    public async Task TheWebhookOfAnotherEnneoIsMadeThereAndTakenAwayAgain()
    {
        var address = (await WebhooksThereAsync()).Single().Url;
        var webhooks = Here.Store.Get<WebhookThere>();

        var made = await webhooks.MakeAsync(desks.IntegrationId, address, Actor.Operator, "test", Cancel);

        Assert.Null(made.Problem);
        var webhook = Assert.Single(await WebhooksThereAsync()); // in the place of the one that was made by hand
        Assert.Equal((made.TheirWebhookId, address), (Text(webhook.Id), webhook.Url));
        Assert.Null(await webhooks.RemoveAsync(desks.IntegrationId, Actor.Operator, Cancel));
        Assert.Empty(await WebhooksThereAsync());
    }

    [Fact]
    public async Task WhereTheWebhookThereCannotBeTakenAwayWhoRemovesTheIntegrationIsToldWhy()
    {
        await using Desk here = new("Mine", isProcess: false);
        await here.SetUpAsync();
        var (integration, _) = await here.ConnectAsync(There, There.Port, here.Port);
        var webhooks = here.Store.Get<WebhookThere>();
        var made = await webhooks.MakeAsync(integration, "http://localhost:1/api/mind/hook/1", Actor.Operator, "test", Cancel);
        Assert.Null(made.Problem);
        var keys = await There.Store.ReadAsync(db => db.ApiKeys.Where(k => k.Name == "Mine").Select(k => k.Id).ToListAsync(Cancel), Cancel);
        Assert.True(await There.Store.Get<Core.Identity.ApiKeys.ApiKeyEditing>().RevokeAsync(Assert.Single(keys), Actor.Operator, "test", Cancel));

        var left = await webhooks.RemoveAsync(integration, Actor.Operator, Cancel);
        Assert.Empty((await here.Store.Get<IntegrationEditing>().RemoveAsync(integration, Actor.Operator, "test", Cancel)).Errors);

        Assert.Contains("by hand", left, StringComparison.Ordinal);
        Assert.Contains(await WebhooksThereAsync(), webhook => Text(webhook.Id) == made.TheirWebhookId);
        Assert.Empty(await here.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel));
        foreach (var webhook in (await WebhooksThereAsync()).Where(webhook => webhook.Url.Contains(Text(here.Port), StringComparison.Ordinal) || Text(webhook.Id) == made.TheirWebhookId))
        {
            (await There.Program.DeleteAsync($"webhook/{webhook.Id}")).Ok();
        }
    }

    private async Task<IReadOnlyList<(long Id, string Url)>> WebhooksThereAsync() =>
        [.. (await There.Program.GetAsync("webhook")).Ok().Json.GetProperty("webhooks").EnumerateArray().Select(webhook => (webhook.GetProperty("id").GetInt64(), webhook.GetProperty("url").GetString()!))];

    private async Task<long> StoreThereAsync(long ticketId, string text) =>
        (await There.Program.PostAsync($"ticket/{ticketId}/conversation/store", new { direction = "in", content = new { message = text } })).Ok(201).Json.GetProperty("id").GetInt64();

    private async Task<long> NoteAsync(long ticketId, string text) => (await Here.Store.Get<NoteWriting>().AddAsync(ticketId, new NoteInput(text), Actor.Operator, "test", Cancel))!.Value;

    private async Task EditAsync(long noteId, string html) => Assert.True(await Here.Store.Get<NoteChanging>().EditAsync(noteId, html, Actor.Operator, "test", Cancel));

    private async Task RemoveAsync(long noteId) => Assert.NotNull(await Here.Store.Get<NoteWriting>().RemoveAsync(noteId, Actor.Operator, "test", Cancel));

    private Task<int> CountAsync(long ticketId) => Here.Store.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == ticketId, Cancel), Cancel);

    /// <summary>The newest that the log says of notes.</summary>
    private static Task<long> LastAsync(Desk desk) => desk.Store.ReadAsync(db => db.Activity.Where(e => e.Kind == ActivityKind.NoteChanged || e.Kind == ActivityKind.NoteAdded).MaxAsync(e => e.Sequence, Cancel), Cancel);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
