using Enneo.Core.Activity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sending;

public sealed class NewMessageTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task It_opens_a_closed_ticket_when_it_is_sent_and_no_earlier()
    {
        var draft = await WriteAsync();
        Assert.Equal(0, await TicketsAsync());

        var outgoing = await _office.SendAsync(draft);
        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal(("Opening hours", "We open at eight.\n"), (mail.Subject, mail.TextBody!.ReplaceLineEndings("\n")));
        Assert.Null(mail.InReplyTo);
        Assert.StartsWith($"t{outgoing.TicketId}.", Assert.Single(mail.References), StringComparison.Ordinal);
        Assert.StartsWith($"t{outgoing.TicketId}.", mail.MessageId, StringComparison.Ordinal);
        var ticket = await _office.ReadAsync(db => db.Tickets.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal((outgoing.TicketId, TicketStatus.Closed, "Opening hours", 1), (ticket.Id, ticket.Status, ticket.Subject, ticket.MessageCount));
        Assert.Equal(
            [ActivityKind.DraftSaved, ActivityKind.TicketCreated, ActivityKind.OutgoingQueued],
            await _office.ReadAsync(db => db.Activity.Where(e => e.ActorUserId == Office.Person).OrderBy(e => e.Sequence).Select(e => e.Kind).ToListAsync(Cancel)));
    }

    [Fact]
    public async Task Its_answer_opens_that_ticket()
    {
        var outgoing = await _office.SendAsync(await WriteAsync());
        await _office.DeliverAsync();
        using var mail = Assert.Single(_sink.Received).Parse();
        using var answer = Office.Letter("Re: Opening hours", "Thank you");
        answer.InReplyTo = mail.MessageId;

        var received = await _office.ReceiveAsync(answer);

        Assert.Equal(outgoing.TicketId, received.TicketId);
        Assert.Equal(TicketStatus.Open, await _office.ReadAsync(db => db.Tickets.Select(t => t.Status).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task Taken_back_its_ticket_is_gone_and_no_other_ever_gets_its_number()
    {
        var draft = await WriteAsync();
        var outgoing = await _office.SendAsync(draft);

        Assert.True(await _office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel));

        Assert.Equal(0, await TicketsAsync());
        Assert.False(await _office.ReadAsync(db => db.TicketParticipants.AnyAsync(Cancel)));
        var again = await _office.Drafts.FindAsync(outgoing.DraftId, Office.Person, Cancel);
        Assert.Equal((draft.Id, draft.Html, null), (again!.Id, again.Html, again.TicketId));
        Assert.True((await _office.ReceiveAsync()).TicketId > outgoing.TicketId);

        var sent = await _office.SendAsync(again);
        Assert.True(sent.TicketId > outgoing.TicketId);
        await _office.DeliverAsync();
        Assert.Single(_sink.Received);
    }

    [Fact]
    public async Task Two_clicks_make_one_mail_in_one_ticket()
    {
        var draft = await WriteAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _office.Outbox.SendAsync(draft.Id, Office.Person, Cancel)));

        Assert.Single(results.Select(result => result.Outgoing!.Id).Distinct());
        Assert.Equal(1, await TicketsAsync());
    }

    [Fact]
    public async Task What_some_refused_is_corrected_within_the_ticket_that_the_others_have()
    {
        var draft = await WriteAsync("a@x.example", "b@x.example");
        _sink.Faults.Answer(SmtpStage.Recipient, "550 5.1.1 no such person", "b@x.example");
        var outgoing = await _office.SendAsync(draft);
        await _office.DeliverAsync();

        var rest = await _office.Outbox.EditRejectedAsync(outgoing.Id, Office.Person, Cancel);

        var view = await _office.Drafts.FindAsync(rest!.Value, Office.Person, Cancel);
        Assert.Equal((outgoing.TicketId, "b@x.example"), (view!.TicketId, Assert.Single(view.To).Address));
        _sink.Faults.Clear();
        Assert.Equal(outgoing.TicketId, (await _office.SendAsync(view)).TicketId);
    }

    [Fact]
    public async Task One_that_was_left_untouched_is_taken_up_again()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        await SaveAsync(second, "words");
        var third = await StartAsync();

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, third.Id);
        Assert.NotEqual(third.Id, (await _office.Drafts.StartNewAsync(null, [], Office.Person + 1, Cancel))!.Id);
    }

    [Fact]
    public async Task Drafts_are_listed_for_their_author_last_touched_first_and_untouched_ones_are_not()
    {
        await _office.WriteAsync("<div>You are <b>right</b>.</div>");
        _office.Clock.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync();
        await StartAsync();
        var sent = await _office.SendAsync(await _office.WriteAsync());

        var listed = await _office.Drafts.ListAsync(Office.Person, Cancel);

        Assert.Equal(
            [("Opening hours", "We open at eight.", DraftMode.New), ("Re: Where is my bicycle?", "You are right.", DraftMode.Reply)],
            listed.Select(draft => (draft.Subject, draft.Snippet, draft.Mode)));
        Assert.Empty(await _office.Drafts.ListAsync(Office.Person + 1, Cancel));
        await _office.Outbox.UndoAsync(sent.Id, Office.Person, Cancel);
        Assert.Equal(3, (await _office.Drafts.ListAsync(Office.Person, Cancel)).Count);
    }

    [Fact]
    public async Task It_leaves_from_the_mailbox_and_address_that_was_chosen()
    {
        var sales = await _office.AddAsync(Office.MailboxOf(_sink, FreePort.Next()) with
        {
            Name = "Sales",
            Data = Office.MailboxOf(_sink, FreePort.Next()).Data with { Address = "sales@workshop.example", SenderName = "Workshop Sales", Aliases = ["offers@workshop.example"] },
        });
        var draft = await StartAsync();
        Assert.Equal(
            [Office.Address, "sales@workshop.example", "offers@workshop.example"],
            (await _office.Drafts.SendersAsync(draft, Office.Person, Cancel)).Select(sender => sender.Address.Address));

        draft = await _office.Drafts.SaveAsync(
            draft.Id, new DraftSave(1, [new("", "a@x.example")], [], [], "Offer", "<div>x</div>", "OFFERS@workshop.example", sales), Office.Person, Cancel);

        Assert.Equal((sales, new MailAddress("Workshop Sales", "offers@workshop.example")), (draft!.MailboxId, draft.From));
        var outgoing = await _office.SendAsync(draft);
        Assert.Equal(sales, (await _office.RowAsync(outgoing.Id)).MailboxId);
        Assert.Equal("offers@workshop.example", await _office.ReadAsync(db => db.Messages.Select(m => m.FromAddress).SingleAsync(Cancel)));
    }

    [Theory]
    [InlineData("ceo@workshop.example")]
    [InlineData("")]
    [InlineData("support@workshop.example\r\nBcc: x@x.example")]
    public async Task Nobody_sends_from_an_address_that_is_not_of_the_mailbox(string from)
    {
        var draft = await StartAsync();

        await Assert.ThrowsAsync<ValidationException>(() => _office.Drafts.SaveAsync(
            draft.Id, new DraftSave(1, [], [], [], "x", "", from), Office.Person, Cancel));
    }

    [Fact]
    public async Task An_answer_stays_with_the_mailbox_of_its_ticket()
    {
        var other = await _office.AddAsync(Office.MailboxOf(_sink, FreePort.Next()) with
        {
            Name = "Sales",
            Data = Office.MailboxOf(_sink, FreePort.Next()).Data with { Address = "sales@workshop.example" },
        });
        var draft = await _office.WriteAsync();

        Assert.Equal([Office.Address], (await _office.Drafts.SendersAsync(draft, Office.Person, Cancel)).Select(sender => sender.Address.Address));
        await Assert.ThrowsAsync<ValidationException>(() => _office.Drafts.SaveAsync(
            draft.Id, new DraftSave(9, draft.To, [], [], "x", "", "sales@workshop.example", other), Office.Person, Cancel));
    }

    private Task<int> TicketsAsync() => _office.ReadAsync(db => db.Tickets.CountAsync(Cancel));

    private async Task<DraftView> StartAsync() => Assert.IsType<DraftView>(await _office.Drafts.StartNewAsync(null, [], Office.Person, Cancel));

    private async Task<DraftView> WriteAsync(params string[] to)
    {
        var draft = await StartAsync();
        return await SaveAsync(draft, "<div>We open at eight.</div>", to.Length == 0 ? [Office.Customer] : to);
    }

    private async Task<DraftView> SaveAsync(DraftView draft, string html, params string[] to) => Assert.IsType<DraftView>(await _office.Drafts.SaveAsync(
        draft.Id, new DraftSave(draft.Revision + 1, [.. to.Select(address => new MailAddress("", address))], [], [], "Opening hours", html), Office.Person, Cancel));
}
