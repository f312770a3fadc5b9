using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Webhooks;

/// <summary>What an event is follows from what was written down when it happened, however things stand when it is told.</summary>
public sealed class WebhookEventTests : IAsyncLifetime
{
    private WebhookDesk _desk = null!;
    private long _inbox;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _desk = await WebhookDesk.OpenAsync();
        _inbox = await _desk.Store.AddFolderAsync(_desk.Mailbox, "INBOX", FolderRole.Inbox);
        await _desk.Store.AddFolderAsync(_desk.Mailbox, "Trash", FolderRole.Trash);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task What_went_to_the_trash_and_came_back_is_told_as_both()
    {
        var (webhook, _) = await _desk.AddAsync();
        var ticket = await ThreadAsync(2);

        var moved = await _desk.Get<TicketFiling>().MoveAsync([ticket], FolderRole.Trash, Actor.Operator, "web", Cancel);
        await _desk.Get<TicketFiling>().UndoMoveAsync(moved, Actor.Operator, "web", Cancel);

        Assert.Equal(["TicketMoved", "TicketDeleted", "TicketMoved", "TicketMoved"], await ToldAsync(webhook));
    }

    [Fact]
    public async Task A_thread_that_is_erased_is_one_ticket_deleted_and_as_many_messages_as_went_before()
    {
        var (webhook, _) = await _desk.AddAsync();
        var ticket = await ThreadAsync(3);
        await _desk.Get<TicketFiling>().MoveAsync([ticket], FolderRole.Trash, Actor.Operator, "web", Cancel);
        await _desk.Get<WriterLane>().RunAsync((db, token) => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.IsHistory, true), token), Cancel); // as of a file, which no server has
        await _desk.Get<TrashErasing>().RunAsync(ErasingScope.Of([ticket]), Actor.Operator, "web", Cancel);

        Assert.Equal(3, await _desk.Get<ErasingHere>().RunAsync(Cancel));

        Assert.Equal(["TicketMoved", "TicketMoved", "TicketDeleted", "MessageDeleted", "MessageDeleted", "TicketDeleted"], await ToldAsync(webhook));
    }

    [Fact]
    public async Task A_response_is_told_though_its_mail_is_gone_and_a_bounce_as_that()
    {
        var ticket = await ThreadAsync(1);
        var (webhook, _) = await _desk.AddAsync();
        var answer = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Re: Order", answers: await NumberAsync(ticket));
        await _desk.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                using SearchWriter search = new(db);
                search.Remove(answer.MessageId);
                await _desk.Get<TicketRemoval>().RemoveMessageAsync(db, answer.MessageId, token);
            },
            Cancel);

        Assert.Equal(["TicketResponse"], await ToldAsync(webhook));
        Assert.Equal(answer.MessageId, _desk.Receiver.Taken.Single().Json.GetProperty("conversationId").GetInt64());
        var entry = ActivityEntry.Of(ActivityKind.MessageReceived, Actor.MailServer, "sync", TimeProvider.System, 1, 1, 1, ("direction", null, "In"), ("automatic", null, "Bounce"), ("opensTicket", null, true));
        Assert.Equal(WebhookEvent.MessageBounced, WebhookEvents.Find(entry)?.Event);
    }

    [Fact]
    public void A_draft_of_another_mail_program_that_goes_is_told_to_nobody()
    {
        var entry = new RemovedMessage(1, 2, 3, WithTicket: true).Entry(Actor.MailServer, "sync", TimeProvider.System, isDraft: true);

        Assert.Null(WebhookEvents.Find(entry));
    }

    /// <summary>A ticket of so many mails, which nobody is told of.</summary>
    private async Task<long> ThreadAsync(int count)
    {
        var first = await _desk.Store.ReceiveAsync(_desk.Mailbox, "Order", folderId: _inbox);
        for (var i = 1; i < count; i++)
        {
            await _desk.Store.ReceiveAsync(_desk.Mailbox, "Re: Order", answers: await NumberAsync(first.TicketId), folderId: _inbox);
        }

        await _desk.Get<WriterLane>().RunAsync((db, token) => db.Activity.Where(e => e.TicketId == first.TicketId).ExecuteDeleteAsync(token), Cancel);
        return first.TicketId;
    }

    private Task<string> NumberAsync(long ticketId) => _desk.ReadAsync(db => db.Messages.Where(m => m.TicketId == ticketId).Select(m => m.InternetMessageId).FirstAsync(Cancel));

    /// <summary>Told only now, when all is over.</summary>
    private async Task<List<string>> ToldAsync(long webhook)
    {
        await _desk.RunAsync(webhook);
        return [.. _desk.Receiver.Taken.Select(told => told.Event)];
    }
}
