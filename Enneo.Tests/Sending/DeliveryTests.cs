using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task An_answer_arrives_once_with_the_bytes_that_were_stored()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();
        await office.DeliverAsync();

        var received = Assert.Single(_sink.Received);
        Assert.Equal(Office.Address, received.Sender);
        Assert.Equal([Office.Customer], received.Recipients);
        Assert.Equal(await office.SourceAsync(outgoing.MessageId), received.Source);
        Assert.Equal((await office.RowAsync(outgoing.Id)).InternetMessageId, received.MessageId);
        Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
        Assert.Null(await office.Drafts.FindForTicketAsync(outgoing.TicketId, Office.Person, Cancel));
    }

    [Fact]
    public async Task An_answer_to_it_comes_back_into_its_ticket()
    {
        await using var office = await Office.OpenAsync(_sink);
        using var question = Office.Letter();
        var asked = await office.ReceiveAsync(question);
        await office.SendAsync(await office.WriteAsync(messageId: asked.MessageId));
        await office.DeliverAsync();

        using var answer = _sink.Received[0].Parse();
        using var thanks = Office.Letter("Re: Re: Where is my bicycle?");
        thanks.InReplyTo = answer.MessageId;

        Assert.Equal(question.MessageId, answer.InReplyTo);
        Assert.Contains(question.MessageId, answer.References);
        Assert.Equal(asked.TicketId, (await office.ReceiveAsync(thanks)).TicketId);
        Assert.Equal(asked.TicketId, await office.Get<TicketTokens>().FindTicketAsync(answer.Headers[MailHeaders.Ticket] ?? "", Cancel));
    }

    [Fact]
    public async Task Nothing_leaves_before_the_undo_time_is_over()
    {
        await using var office = await Office.OpenAsync(_sink);
        await office.WriteAndSendAsync();

        await office.DeliverAsync(TimeSpan.FromSeconds(9));

        Assert.Equal(0, _sink.Connections);
    }

    [Fact]
    public async Task Two_clicks_at_once_make_one_mail()
    {
        await using var office = await Office.OpenAsync(_sink);
        var draft = await office.WriteAsync();

        var clicks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => office.SendAsync(draft))));
        await office.DeliverAsync();
        var late = await office.SendAsync(draft);

        Assert.Single(clicks.Append(late).Select(click => click.Id).Distinct());
        Assert.Single(_sink.Received);
        Assert.Equal(1, await office.ReadAsync(db => db.Messages.CountAsync(m => m.Direction == MessageDirection.Out, Cancel)));
    }

    [Fact]
    public async Task Many_leave_over_one_connection()
    {
        await using var office = await Office.OpenAsync(_sink);
        for (var i = 0; i < 5; i++)
        {
            await office.WriteAndSendAsync();
        }

        await office.DeliverAsync();

        Assert.Equal(5, _sink.Received.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(1, _sink.Connections);
    }

    [Fact]
    public async Task Whoever_gets_a_blind_copy_is_in_the_envelope_alone()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.SendAsync(await office.WriteAsync(cc: ["cc@x.example"], bcc: ["secret@x.example", "CC@x.example"]));

        await office.DeliverAsync();

        var received = Assert.Single(_sink.Received);
        Assert.Equal([Office.Customer, "cc@x.example", "secret@x.example"], received.Recipients);
        Assert.DoesNotContain("secret", received.Text, StringComparison.OrdinalIgnoreCase);
        var message = await office.ReadAsync(db => db.Messages.SingleAsync(m => m.Id == outgoing.MessageId, Cancel));
        Assert.Equal(2, message.Bcc.Count);
    }

    [Fact]
    public async Task Its_ticket_shows_it_from_the_moment_of_sending()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();

        var thread = await office.Get<TicketQueries>().FindThreadAsync(Reach.All, outgoing.TicketId, Cancel);

        Assert.Equal(2, thread!.Ticket.MessageCount);
        var shown = Assert.Single(thread.Messages, message => message.Id == outgoing.MessageId);
        Assert.Equal((MessageDirection.Out, true, ThreadRule.WrittenHere), (shown.Direction, shown.IsSeen, shown.ThreadRule));
        Assert.Equal("It is ready.", shown.Snippet);
        var status = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        Assert.Equal((DeliveryState.Queued, outgoing.UndoUntil), (status.State, status.UndoUntil));
        Assert.NotNull(status.UndoUntil);
    }

    [Fact]
    public async Task Each_change_of_state_is_told()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        var told = await office.ReadAsync(db => db.Activity.Where(e => e.MessageId == outgoing.MessageId).OrderBy(e => e.Sequence).ToListAsync(Cancel));

        Assert.Equal([ActivityKind.OutgoingQueued, ActivityKind.OutgoingStateChanged, ActivityKind.OutgoingStateChanged], told.Select(e => e.Kind));
        Assert.Contains("\"state\":[\"Queued\",\"Sending\"]", told[1].Changes, StringComparison.Ordinal);
        Assert.Contains("\"state\":[\"Sending\",\"Sent\"]", told[2].Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pickup_folder_takes_the_place_of_servers()
    {
        using TemporaryFolder pickup = new();
        await using var office = await Office.OpenAsync(_sink, ("Enneo:Sending:PickupDirectory", pickup["out"]));
        var outgoing = await office.WriteAndSendAsync();

        await office.DeliverAsync();

        var file = Assert.Single(Directory.GetFiles(pickup["out"]));
        Assert.Equal($"{outgoing.Id}.eml", Path.GetFileName(file));
        Assert.Equal(await office.SourceAsync(outgoing.MessageId), await File.ReadAllBytesAsync(file, Cancel));
        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.None), (row.State, row.SentCopy));
        Assert.Equal(0, _sink.Connections);
    }

    [Fact]
    public async Task A_paused_mailbox_sends_nothing()
    {
        await using var office = await Office.OpenAsync(_sink);
        await office.WriteAndSendAsync();
        var another = await office.WriteAsync();
        await office.Get<WriterLane>().RunAsync((db, token) => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Enabled, false), token), Cancel);

        await office.DeliverAsync();

        Assert.Contains("paused", (await office.Outbox.SendAsync(another.Id, Office.Person, Cancel)).Problem, StringComparison.Ordinal);
        Assert.Equal(0, _sink.Connections);
    }
}
