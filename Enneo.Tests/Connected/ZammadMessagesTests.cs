using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Notes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>What the API of Zammad lets nobody do with a message is said, and left to a person; a split here is none there.</summary>
public sealed class ZammadMessagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANoteThatNobodyMayChangeThereIsADifference_AndASplitDoublesNothingHere()
    {
        await using Desk desk = new("Here", isProcess: false);
        await using ScriptedDesk other = new();
        await desk.SetUpAsync();
        await other.StartAsync();
        var integration = await FailingSystemTests.ConnectAsync(desk, "Zammad", other.Port);
        var (exchange, deciding, queries) = (desk.Store.Get<TicketExchange>(), desk.Store.Get<ConflictDeciding>(), desk.Store.Get<IntegrationQueries>());
        var ticket = await ReceiveAsync(desk, "parcel1", "");
        Assert.Equal(ticket, await ReceiveAsync(desk, "parcel2", "In-Reply-To: <parcel1@customer.example>\r\n"));
        var note = (await desk.Store.Get<NoteWriting>().AddAsync(ticket, new NoteInput("Call her"), Actor.Operator, "test", Cancel))!.Value;
        await exchange.OfOursAsync(integration, ticket, long.MaxValue, Cancel);

        Assert.True(await desk.Store.Get<NoteChanging>().EditAsync(note, "Call him", Actor.Operator, "test", Cancel));
        var changed = await DecideAsync(ConflictChoice.Ours);
        Assert.NotNull(await desk.Store.Get<NoteWriting>().RemoveAsync(note, Actor.Operator, "test", Cancel));
        var gone = await DecideAsync(ConflictChoice.Theirs);
        var last = await desk.Store.ReadAsync(db => db.Messages.MaxAsync(m => m.Id, Cancel), Cancel);
        var split = (await desk.Store.Get<TicketRegrouping>().SplitAsync(last, andLater: false, Actor.Operator, "test", Cancel)).Done!.TicketId;
        await exchange.OfOursAsync(integration, split, long.MaxValue, Cancel);
        await exchange.OfOursAsync(integration, split, long.MaxValue, Cancel);
        foreach (var theirs in other.Tickets())
        {
            await exchange.OfTheirsAsync(integration, theirs.Id.ToString(CultureInfo.InvariantCulture), Cancel);
        }

        Assert.Equal((MessageDifference.Changed, "Call him", "Call her"), (changed.Difference, changed.Ours, changed.Theirs));
        Assert.NotNull(changed.Problem);
        Assert.Equal((MessageDifference.GoneHere, "Call her"), (gone.Difference, gone.Theirs));
        var notes = Assert.Single(other.Tickets()).Articles.Where(article => article.Text.Contains("Enneo", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, other.Tickets()[0].Articles.Count - notes.Count); // what is written in the new one later begins a ticket there
        Assert.Contains($"\"Parcel\" (#{split})", Assert.Single(notes).Text, StringComparison.Ordinal); // said once, and no note of theirs here
        Assert.False(notes[0].IsPublic);
        Assert.Equal([1, 1], await desk.Store.ReadAsync(db => db.Tickets.Select(t => db.Messages.Count(m => m.TicketId == t.Id)).ToListAsync(Cancel), Cancel));

        async Task<MessageDifferenceView> DecideAsync(ConflictChoice choice)
        {
            await exchange.OfOursAsync(integration, ticket, long.MaxValue, Cancel);
            var difference = Assert.Single(await queries.DifferencesAsync(integration, Actor.Operator, Cancel));
            Assert.True(await deciding.RunAsync(integration, difference.ExternalId, choice, Actor.Operator, "test", Cancel));
            await exchange.OfOursAsync(integration, ticket, long.MaxValue, Cancel);
            Assert.Empty(await queries.DifferencesAsync(integration, Actor.Operator, Cancel));
            return difference;
        }
    }

    [Fact]
    public async Task TicketsThatAreMergedHereAreMergedThere_AndWhereItRefusesEachIsKeptInStep()
    {
        await using Desk desk = new("Here", isProcess: false);
        await using ScriptedDesk other = new();
        await desk.SetUpAsync();
        await other.StartAsync();
        var integration = await FailingSystemTests.ConnectAsync(desk, "Zammad", other.Port);
        var exchange = desk.Store.Get<TicketExchange>();
        List<long> tickets = [];
        for (var i = 1; i <= 4; i++)
        {
            tickets.Add(await ReceiveAsync(desk, $"order{i}", ""));
            await exchange.OfOursAsync(integration, tickets[^1], long.MaxValue, Cancel);
        }

        await MergeAsync(0, 1);
        var merged = other.Tickets();
        other.RefusesMerging = true;
        await MergeAsync(2, 3);

        Assert.Equal([2, 1, 1], merged.Select(theirs => theirs.Articles.Count));
        Assert.Equal(3, other.Tickets().Count);
        Assert.Equal([1, 2], (await desk.Store.ReadAsync(db => db.Set<Core.Integrations.ExternalTicket>().GroupBy(e => e.TicketId).Select(same => same.Count()).ToListAsync(Cancel), Cancel)).Order());
        Assert.Equal([2, 2], await desk.Store.ReadAsync(db => db.Tickets.Select(t => db.Messages.Count(m => m.TicketId == t.Id)).ToListAsync(Cancel), Cancel));

        async Task MergeAsync(int into, int from)
        {
            Assert.NotNull((await desk.Store.Get<TicketRegrouping>().MergeAsync([tickets[into], tickets[from]], Actor.Operator, "test", Cancel)).Done);
            await exchange.OfOursAsync(integration, tickets[into], long.MaxValue, Cancel);
            await exchange.OfOursAsync(integration, tickets[into], long.MaxValue, Cancel);
        }
    }

    private static async Task<long> ReceiveAsync(Desk desk, string id, string headers)
    {
        var raw = Encoding.UTF8.GetBytes($"From: Mia <mia@customer.example>\r\nTo: here@example.test\r\nSubject: Parcel\r\nMessage-ID: <{id}@customer.example>\r\n{headers}\r\nAbout {id}\r\n");
        return (await desk.Store.Get<MailImport>().ReceiveAsync(desk.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId;
    }
}
