using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

public sealed class UndoTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task What_is_taken_back_is_a_draft_again_and_gone_from_its_ticket()
    {
        await using var office = await Office.OpenAsync(_sink);
        var asked = await office.ReceiveAsync();
        var before = await office.ReadAsync(db => db.Tickets.AsNoTracking().SingleAsync(Cancel));
        var draft = await office.WriteAsync(cc: ["new@x.example"], messageId: asked.MessageId);
        var outgoing = await office.SendAsync(draft);
        Assert.True(await office.ReadAsync(db => db.TicketParticipants.AnyAsync(p => p.Address == "new@x.example", Cancel)));

        Assert.True(await office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel));
        await office.DeliverAsync();

        Assert.Equal(0, _sink.Connections);
        var after = await office.ReadAsync(db => db.Tickets.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal((before.MessageCount, before.People, before.Snippet, before.LastMessageAt), (after.MessageCount, after.People, after.Snippet, after.LastMessageAt));
        Assert.False(await office.ReadAsync(db => db.TicketParticipants.AnyAsync(p => p.Address == "new@x.example", Cancel)));
        Assert.True(await office.ReadAsync(db => db.TicketParticipants.AnyAsync(p => p.Address == Office.Customer, Cancel)));
        Assert.Empty(await office.Outbox.ForTicketAsync(Reach.All, asked.TicketId, Cancel));
        var again = await office.Drafts.FindForTicketAsync(asked.TicketId, Office.Person, Cancel);
        Assert.Equal((draft.Id, draft.Html), (again!.Id, again.Html));

        Assert.NotEqual(outgoing.Id, (await office.SendAsync(again)).Id);
        await office.DeliverAsync();
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task Nobody_else_takes_it_back()
    {
        await using var office = await Office.OpenAsync(_sink);
        var outgoing = await office.WriteAndSendAsync();

        Assert.False(await office.Outbox.UndoAsync(outgoing.Id, Office.Person + 1, Cancel));
    }

    [Fact]
    public async Task Two_hundred_races_end_each_as_they_say()
    {
        await using var office = await Office.OpenAsync(_sink);
        var asked = await office.ReceiveAsync();
        Random random = new(21);
        var takenBack = 0;
        HashSet<string> sent = [];
        for (var race = 0; race < 200; race++)
        {
            var outgoing = await office.SendAsync(await office.WriteAsync(messageId: asked.MessageId));
            var messageId = (await office.RowAsync(outgoing.Id)).InternetMessageId;
            var delay = TimeSpan.FromMilliseconds(random.NextDouble() * 12);
            var delivering = Task.Run(() => office.DeliverAsync(), Cancel);
            var undoing = Task.Run(async () =>
            {
                await Task.Delay(delay, TimeProvider.System, Cancel);
                return await office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel);
            }, Cancel);
            await delivering;

            if (await undoing)
            {
                takenBack++;
            }
            else
            {
                sent.Add(messageId);
                Assert.Equal(DeliveryState.Sent, await office.StateAsync(outgoing.Id));
            }
        }

        Assert.Equal(sent.Order(), _sink.Received.Select(mail => mail.MessageId!).Order());
        Assert.Equal(200, takenBack + sent.Count);
        Assert.InRange(takenBack, 5, 195);
        var thread = await office.Get<TicketQueries>().FindThreadAsync(Reach.All, asked.TicketId, Cancel);
        Assert.Equal(sent.Count, thread!.Messages.Count(message => message.Direction == MessageDirection.Out));
        Assert.Equal(sent.Count, await office.ReadAsync(db => db.ThreadKeys.CountAsync(k => k.MessageId != null && sent.Contains(k.InternetMessageId), Cancel)));
    }
}
