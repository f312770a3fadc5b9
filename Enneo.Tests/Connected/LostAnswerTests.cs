using System.Text;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Connected;

/// <summary>Where nobody knows whether a message has arrived there, it is looked for first, and no mail is handed over twice.</summary>
public sealed class LostAnswerTests : IAsyncLifetime
{
    private readonly Desk _desk = new("Here", isProcess: false);
    private readonly ScriptedDesk _other = new() { AsksToWaitEvery = int.MaxValue, MailsPublicComments = false };
    private long _integration;
    private long _person;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Outbox Outbox => _desk.Store.Get<Outbox>();

    private IntegrationEditing Editing => _desk.Store.Get<IntegrationEditing>();

    public async ValueTask InitializeAsync()
    {
        await _desk.SetUpAsync();
        await _other.StartAsync();
        _integration = await FailingSystemTests.ConnectAsync(_desk, "Zammad", _other.Port, SendingOwner.There);
        _person = await _desk.Store.PersonIdAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _other.DisposeAsync();
        await _desk.DisposeAsync();
    }

    [Fact]
    public async Task AMailThatArrivesThereLate_IsHandedOverOnce()
    {
        var ticket = await ReceiveAsync();
        var mail = await AnswerAsync(ticket);
        JsonObject? late = null;
        _other.Refuses = article => (late = article) is null ? null : 500;
        await Assert.ThrowsAsync<OtherSystemException>(() => ExchangeAsync(ticket));
        _other.Refuses = null;

        var again = await ExchangeAsync(ticket);
        _other.WriteLate(late!);
        await ExchangeAsync(ticket);

        Assert.True(again > TimeProvider.System.GetUtcNow());
        Assert.Single(_other.Mailed);
        Assert.Equal(DeliveryState.Sent, await StateAsync(mail));
    }

    [Fact]
    public async Task AMailOfWhichTheAnswerIsTooLongToRead_IsNotTakenForRefused_AndIsHandedOverOnce()
    {
        var ticket = await ReceiveAsync();
        var mail = await AnswerAsync(ticket);
        _other.SaysTooMuch = true;
        await Assert.ThrowsAsync<OtherSystemException>(() => ExchangeAsync(ticket));
        _other.SaysTooMuch = false;
        var meanwhile = await StateAsync(mail);

        await ExchangeAsync(ticket);

        Assert.Equal((DeliveryState.Sending, DeliveryState.Sent), (meanwhile, await StateAsync(mail)));
        Assert.Single(_other.Mailed);
    }

    [Fact]
    public async Task AMailThatIsNotFoundThere_IsItsAuthorsToDecide_AndGoesOnceMoreWhereTheySaySo()
    {
        var ticket = await ReceiveAsync();
        var mail = await AnswerAsync(ticket);
        _other.Refuses = _ => 500;
        await Assert.ThrowsAsync<OtherSystemException>(() => ExchangeAsync(ticket));
        _other.Refuses = null;
        await PassAsync();

        await ExchangeAsync(ticket);
        await ExchangeAsync(ticket);

        Assert.Empty(_other.Mailed);
        Assert.Equal(DeliveryState.Uncertain, await StateAsync(mail));
        Assert.Equal(ticket, Assert.Single((await _desk.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single().Stuck).TicketId);

        Assert.True(await Outbox.SendUncertainAgainAsync(mail, _person, Cancel));
        await _desk.Store.Get<OutgoingRecords>().HandOnAsync(mail, Cancel);
        await ExchangeAsync(ticket);
        Assert.Single(_other.Mailed);
        Assert.Equal(DeliveryState.Sent, await StateAsync(mail));
    }

    [Fact]
    public async Task ANoteThatIsNotFoundThere_IsWrittenAgain()
    {
        var ticket = await ReceiveAsync();
        await _desk.Store.Get<NoteWriting>().AddAsync(ticket, new NoteInput("Call her"), Actor.Operator, "test", Cancel);
        _other.Refuses = _ => 500;
        await Assert.ThrowsAsync<OtherSystemException>(() => ExchangeAsync(ticket));
        _other.Refuses = null;

        await ExchangeAsync(ticket);
        var before = _other.Tickets().Single().Articles.Count;
        await PassAsync();
        await ExchangeAsync(ticket);
        await ExchangeAsync(ticket);

        Assert.Equal((1, 2), (before, _other.Tickets().Single().Articles.Count));
    }

    [Fact]
    public async Task WhileMailIsHandedOverTheIntegrationStays_UnlessItIsSwitchedOffFirst()
    {
        await AnswerAsync(await ReceiveAsync());

        var refused = await Editing.RemoveAsync(_integration, Actor.Operator, "test", Cancel);
        var settings = (await _desk.Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single().Settings;
        await Editing.UpdateAsync(_integration, settings with { IsActive = false }, Actor.Operator, "test", Cancel);
        var removed = await Editing.RemoveAsync(_integration, Actor.Operator, "test", Cancel);

        Assert.NotEmpty(refused.Errors);
        Assert.Equal((_integration, 0), (removed.IntegrationId, removed.Errors.Count));
    }

    [Fact]
    public async Task WhatIsLeftOfAnIntegrationThatWasBegunAndNotMade_PostsNothing()
    {
        await Editing.RemoveAsync(_integration, Actor.Operator, "test", Cancel);
        using CancellationTokenSource killed = new();
        var lane = _desk.Store.Get<WriterLane>();
        var commits = 0;
        lane.Committed += Count;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Editing.AddAsync(
            new IntegrationInput { Name = "Zammad", Kind = OtherKind.Zammad, Url = "https://zammad.example.com", Credential = "token", MailboxId = _desk.MailboxId, Owner = SendingOwner.Here, Rules = IntegrationPresets.RulesOf(OtherKind.Zammad) },
            Actor.Operator, "test", killed.Token));
        lane.Committed -= Count;

        Assert.Equal([false], await _desk.Store.ReadAsync(db => db.Set<Webhook>().Select(w => w.IsActive).ToListAsync(Cancel), Cancel));

        void Count()
        {
            if (++commits == 2) // its key and its webhook
            {
                killed.Cancel();
            }
        }
    }

    private async Task<DateTimeOffset?> ExchangeAsync(long ticketId) => (await _desk.Store.Get<TicketExchange>().OfOursAsync(_integration, ticketId, long.MaxValue, Cancel)).Again;

    private Task<DeliveryState> StateAsync(long outgoingId) => _desk.Store.ReadAsync(db => db.Outbox.Where(o => o.Id == outgoingId).Select(o => o.State).SingleAsync(Cancel), Cancel);

    /// <summary>A while passes since it was tried.</summary>
    private Task PassAsync()
    {
        var earlier = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        return _desk.Store.Get<WriterLane>().RunAsync((db, token) => db.Set<OpeningAttempt>().ExecuteUpdateAsync(set => set.SetProperty(a => a.At, earlier), token), Cancel);
    }

    /// <returns>A ticket that is there too.</returns>
    private async Task<long> ReceiveAsync()
    {
        var raw = Encoding.UTF8.GetBytes("From: Mia <mia@customer.example>\r\nTo: here@example.test\r\nSubject: Parcel\r\nMessage-ID: <parcel@customer.example>\r\n\r\nWhere is it?\r\n");
        var ticket = (await _desk.Store.Get<MailImport>().ReceiveAsync(_desk.MailboxId, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel)).TicketId;
        await ExchangeAsync(ticket);
        return ticket;
    }

    /// <returns>A mail that is the other system's to send.</returns>
    private async Task<long> AnswerAsync(long ticketId)
    {
        var sent = await _desk.Store.Get<ProgramSending>().ReplyAsync(Reach.All, ticketId, new ProgramMail("<p>Tomorrow</p>"), Actor.User(_person), Cancel);
        var mail = await _desk.Store.ReadAsync(db => db.Outbox.Where(o => o.TicketId == ticketId).Select(o => o.Id).SingleAsync(Cancel), Cancel);
        Assert.NotNull(sent.Sent);
        await _desk.Store.Get<OutgoingRecords>().HandOnAsync(mail, Cancel);
        return mail;
    }
}
