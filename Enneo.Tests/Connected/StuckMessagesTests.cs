using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>A message that cannot cross is named, and holds up nothing else of its ticket; a ticket that cannot be exchanged holds up no other.</summary>
public sealed class StuckMessagesTests : IAsyncLifetime
{
    private readonly Desk _desk = new("Here", isProcess: false);
    private readonly ScriptedDesk _other = new() { AsksToWaitEvery = int.MaxValue };
    private long _integration;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TicketExchange Exchange => _desk.Store.Get<TicketExchange>();

    public async ValueTask InitializeAsync()
    {
        await _desk.SetUpAsync();
        await _other.StartAsync();
        _integration = await FailingSystemTests.ConnectAsync(_desk, "Zammad", _other.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task WhatTheOtherSideRefusesIsNamed_AndAllElseOfItsTicketGoesOn_UntilItIsTakenAfterAll()
    {
        var ticket = await ReceiveAsync();
        await Exchange.OfOursAsync(_integration, ticket, long.MaxValue, Cancel);
        _other.Refuses = article => article["body"]!.ToJsonString().Contains("Large", StringComparison.Ordinal) ? 413 : null;
        await NoteAsync(ticket, "Large");
        await NoteAsync(ticket, "Small");
        _other.Change(1, "priority", "3 high");

        await Exchange.OfOursAsync(_integration, ticket, long.MaxValue, Cancel);

        Assert.Equal(1, Written("Small"));
        Assert.Equal(TicketPriority.High, await _desk.Store.ReadAsync(db => db.Tickets.Where(t => t.Id == ticket).Select(t => t.Priority).SingleAsync(Cancel), Cancel));
        var stuck = Assert.Single((await ViewAsync()).Stuck);
        Assert.Equal((ticket, "1", null), (stuck.TicketId, stuck.ExternalTicketId, stuck.NextAt));
        Assert.Contains("Not with us.", stuck.Problem, StringComparison.Ordinal);

        _other.Refuses = null;
        Assert.True(await _desk.Store.Get<TicketRetrying>().RunAsync(_integration, stuck, Actor.Operator, "test", Cancel));
        await _desk.Store.Get<TheirNews>().RunDueAsync(_integration, Cancel);
        Assert.Equal((1, 1), (Written("Small"), Written("Large")));
        Assert.Empty((await ViewAsync()).Stuck);

        int Written(string text) => _other.Tickets().Single().Articles.Count(article => article.Text.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("huge")]
    public async Task AMessageOfWhichAFileCannotBeHadIsNamed_AndAllElseOfItsTicketComes(string file)
    {
        var theirs = _other.Open("Broken", "With a file");
        _other.Attach(theirs, file);
        _other.Write(theirs, "Did it arrive?", isInternal: false, sender: "Customer");
        _other.Write(theirs, "Call her", isInternal: true);
        _other.Change(theirs, "priority", "3 high");

        await Exchange.OfTheirsAsync(_integration, "1", Cancel);

        Assert.Equal(["Call her", "Did it arrive?"], await TextsAsync());
        Assert.Equal(TicketPriority.High, await _desk.Store.ReadAsync(db => db.Tickets.Select(t => t.Priority).SingleAsync(Cancel), Cancel));
        Assert.Contains($"{file}.bin", Assert.Single((await ViewAsync()).Stuck).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsPutToANoteAndCannotBeHadIsNamed_AndTheTicketGoesOn_UntilItIsThereAfterAll()
    {
        var theirs = _other.Open("Parcel", "Where is it?");
        _other.Write(theirs, "Call her", isInternal: true);
        await Exchange.OfTheirsAsync(_integration, "1", Cancel);
        _other.Attach(theirs, "gone");
        _other.Change(theirs, "priority", "3 high");

        await Exchange.OfTheirsAsync(_integration, "1", Cancel);
        await Exchange.OfTheirsAsync(_integration, "1", Cancel); // it is still said

        Assert.Equal(TicketPriority.High, await _desk.Store.ReadAsync(db => db.Tickets.Select(t => t.Priority).SingleAsync(Cancel), Cancel));
        Assert.Contains("gone.bin", Assert.Single((await ViewAsync()).Stuck).Problem, StringComparison.Ordinal);

        _other.FindsFiles = true;
        await Exchange.OfTheirsAsync(_integration, "1", Cancel);
        Assert.Empty((await ViewAsync()).Stuck);
        Assert.True(await _desk.Store.ReadAsync(db => db.Messages.Where(m => m.Direction == MessageDirection.Internal).Select(m => m.HasAttachments).SingleAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task OfTooManyFilesOfAMailTheOthersAreNamed_ThoseOfANoteFollow()
    {
        var theirs = _other.Open("Pictures", "Here they are");
        _other.Attach(theirs, Enumerable.Range(1, 52).Select(i => $"mail{i}"));
        _other.Write(theirs, "Ours", isInternal: true);
        _other.Attach(theirs, Enumerable.Range(1, 52).Select(i => $"note{i}"));

        await Exchange.OfTheirsAsync(_integration, "1", Cancel);
        await Exchange.OfTheirsAsync(_integration, "1", Cancel); // it is still said

        Assert.EndsWith("mail51.bin, mail52.bin", Assert.Single((await ViewAsync()).Stuck).Problem, StringComparison.Ordinal);
        var marks = await _desk.Store.ReadAsync(db => db.Set<SyncedMessage>().Where(m => m.Files != null).Select(m => m.Files!).SingleAsync(Cancel), Cancel);
        Assert.Contains("note52.bin\\n2", marks, StringComparison.Ordinal); // of two bytes, as it was fetched
    }

    [Fact]
    public async Task ATicketThatIsShownOddlyHoldsUpNoOther_OnEitherWay()
    {
        var (news, notices) = (_desk.Store.Get<TheirNews>(), _desk.Store.Get<TicketNotices>());
        for (var i = 1; i <= 3; i++)
        {
            await notices.NoteAsync(_integration, _other.Open($"Ticket {i}", "Asked there").ToString(CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow(), Cancel);
        }

        _other.Odd = 1;
        await news.RunDueAsync(_integration, Cancel);

        Assert.Equal(["2", "3"], await _desk.Store.ReadAsync(db => db.Set<ExternalTicket>().Select(e => e.ExternalId).Order().ToListAsync(Cancel), Cancel));
        var stuck = Assert.Single((await ViewAsync()).Stuck);
        Assert.Equal((null, "1"), (stuck.TicketId, stuck.ExternalTicketId));
        Assert.True(stuck.NextAt > TimeProvider.System.GetUtcNow());

        _other.Odd = 2;
        var ours = await _desk.Store.ReadAsync(db => db.Set<ExternalTicket>().Where(e => e.ExternalId == "2").Select(e => e.TicketId).SingleAsync(Cancel), Cancel);
        var webhook = await _desk.Store.ReadAsync(db => db.Set<Webhook>().SingleAsync(Cancel), Cancel);
        var answer = await _desk.Store.Get<WebhookExchange>().DeliverAsync(webhook, DeliveryOf(webhook, ours), Cancel);

        Assert.True(answer!.Succeeded); // else its webhook would wait, and all tickets with it
        Assert.Contains(await _desk.Store.ReadAsync(db => db.Set<TicketNews>().Select(n => n.ExternalTicketId).ToListAsync(Cancel), Cancel), name => name == $"{TicketNotices.Own}{ours}");
    }

    private static WebhookDelivery DeliveryOf(Webhook webhook, long ticketId) => new()
    {
        WebhookId = webhook.Id,
        EventId = "event",
        Sequence = long.MaxValue,
        Event = WebhookEvent.TicketUpdated,
        OrderKey = ticketId,
        MailboxId = null,
        TicketId = ticketId,
        MessageId = null,
        OccurredAt = TimeProvider.System.GetUtcNow(),
        DueAt = TimeProvider.System.GetUtcNow(),
    };

    private async Task<IntegrationView> ViewAsync() => (await _desk.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single();

    private Task<List<string>> TextsAsync() => _desk.Store.ReadAsync(db => db.Messages.Select(m => m.Snippet).Order().ToListAsync(Cancel), Cancel);

    private Task NoteAsync(long ticketId, string text) => _desk.Store.Get<NoteWriting>().AddAsync(ticketId, new NoteInput(text), Actor.Operator, "test", Cancel);

    private async Task<long> ReceiveAsync()
    {
        var raw = Encoding.UTF8.GetBytes("From: Mia <mia@customer.example>\r\nTo: here@example.test\r\nSubject: Parcel\r\nMessage-ID: <parcel@customer.example>\r\n\r\nWhere is it?\r\n");
        return (await _desk.Store.Get<MailImport>().ReceiveAsync(_desk.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId;
    }
}
