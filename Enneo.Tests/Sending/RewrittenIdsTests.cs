using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sending;

/// <summary>Servers that send on what we gave them under a Message-ID of their own.</summary>
[Trait("Category", "Server")]
public sealed class RewrittenIdsTests(DovecotServer dovecot) : IClassFixture<DovecotServer>, IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };
    private readonly string _user = dovecot.NewUser();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Theory]
    [InlineData(IdRewriting.AmazonSes)]
    [InlineData(IdRewriting.Outlook)]
    public async Task An_answer_that_names_only_the_id_that_the_server_named_finds_its_ticket(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        var outgoing = await SendAsync(office);
        using var answer = Answer(Sent().MessageId!);

        await ArriveAsync(office, answer);

        Assert.NotEqual((await office.RowAsync(outgoing.Id)).InternetMessageId, Sent().MessageId);
        var message = await MessageAsync(office, answer);
        Assert.Equal((outgoing.TicketId, ThreadRule.References, Sent().MessageId), (message.TicketId, message.ThreadRule, message.ThreadDetail));
    }

    [Theory]
    [InlineData(IdRewriting.Silent)]
    [InlineData(IdRewriting.SilentAndStrict)]
    public async Task An_answer_to_an_id_that_nobody_named_finds_its_ticket_by_our_mark(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        var draft = await office.Drafts.StartNewAsync(office.MailboxId, [new MailAddress("", Office.Customer)], Office.Person, Cancel);
        draft = await office.Drafts.SaveAsync(draft!.Id, new DraftSave(draft.Revision + 1, draft.To, [], [], "Opening hours", "<div>At eight.</div>"), Office.Person, Cancel);
        var outgoing = await office.SendAsync(draft!);
        await office.DeliverAsync();
        using var answer = Answer(Sent().MessageId!);
        answer.References.AddRange([.. Sent().References, Sent().MessageId!]);

        await ArriveAsync(office, answer);

        Assert.Equal((outgoing.TicketId, ThreadRule.References), ((await MessageAsync(office, answer)).TicketId, (await MessageAsync(office, answer)).ThreadRule));
    }

    [Theory]
    [InlineData(IdRewriting.AmazonSes)]
    [InlineData(IdRewriting.Outlook)]
    public async Task A_bounce_that_returns_the_id_of_the_server_joins_the_mail_that_it_is_about(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        var outgoing = await SendAsync(office);
        using var bounce = Bounce(Sent());

        await ArriveAsync(office, bounce);

        var message = await MessageAsync(office, bounce);
        Assert.Equal((outgoing.TicketId, ThreadRule.Bounce), (message.TicketId, message.ThreadRule));
    }

    [Theory]
    [InlineData(IdRewriting.AmazonSes)]
    [InlineData(IdRewriting.Outlook)]
    public async Task A_stranger_who_knows_the_id_of_the_server_gets_a_ticket_of_their_own(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        var outgoing = await SendAsync(office);
        using var stranger = Answer(Sent().MessageId!, "mallory@elsewhere.example");
        stranger.References.AddRange(Sent().References);

        await ArriveAsync(office, stranger);

        var ticket = await office.ReadAsync(db => db.Tickets.SingleAsync(t => db.Messages.Any(m => m.TicketId == t.Id && m.InternetMessageId == stranger.MessageId), Cancel));
        Assert.NotEqual(outgoing.TicketId, ticket.Id);
        Assert.Equal(outgoing.TicketId, ticket.LinkedTicketId);
    }

    [Theory]
    [InlineData(IdRewriting.AmazonSes)]
    [InlineData(IdRewriting.Outlook)]
    [InlineData(IdRewriting.Silent)]
    [InlineData(IdRewriting.SilentAndStrict)]
    public async Task An_uncertain_mail_is_settled_by_its_copy_under_another_id(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        _sink.Faults.AtDot(AfterDot.AcceptAndHangUp, times: 1);
        var outgoing = await SendAsync(office);
        await office.FileAsync();
        var before = await office.StateAsync(outgoing.Id);
        await FileByServerAsync(Assert.Single(_sink.Received).Source);

        await office.FileAsync(TimeSpan.FromMinutes(1));
        await office.DeliverAsync();
        using var answer = Answer(Sent().MessageId!);
        await ArriveAsync(office, answer);

        Assert.Equal(DeliveryState.Uncertain, before);
        Assert.Equal((DeliveryState.Sent, SentCopyState.Done), ((await office.RowAsync(outgoing.Id)).State, (await office.RowAsync(outgoing.Id)).SentCopy));
        Assert.Single(_sink.Received);
        Assert.Single(await dovecot.ListAsync(_user, Cancel, "Sent"));
        Assert.Equal(outgoing.TicketId, (await MessageAsync(office, answer)).TicketId);
    }

    [Theory]
    [InlineData(IdRewriting.Outlook)]
    [InlineData(IdRewriting.Silent)]
    [InlineData(IdRewriting.SilentAndStrict)]
    public async Task What_the_server_files_under_its_own_id_is_the_message_that_was_written_here(IdRewriting rewriting)
    {
        await using var office = await OpenAsync(rewriting);
        var outgoing = await SendAsync(office);
        await FileByServerAsync(_sink.Received[0].Source);

        await office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);
        await office.FileAsync();
        using var answer = Answer(Sent().MessageId!);
        await ArriveAsync(office, answer);

        Assert.Single(await dovecot.ListAsync(_user, Cancel, "Sent"));
        var written = await office.ReadAsync(db => db.Messages.SingleAsync(m => m.Direction == MessageDirection.Out, Cancel));
        Assert.Equal(outgoing.MessageId, written.Id);
        Assert.Equal(outgoing.TicketId, (await MessageAsync(office, answer)).TicketId);
        Assert.Equal(LedgerOutcome.Duplicate, await office.ReadAsync(db => db.Ledger.Where(e => e.MessageId == outgoing.MessageId).Select(e => e.Outcome).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task A_bounce_that_came_before_anybody_knew_the_id_joins_its_mail_as_soon_as_the_copy_tells_it()
    {
        await using var office = await OpenAsync(IdRewriting.Silent);
        var outgoing = await SendAsync(office);
        using var bounce = Bounce(Sent());
        await ArriveAsync(office, bounce);
        var alone = (await MessageAsync(office, bounce)).TicketId;

        await FileByServerAsync(_sink.Received[0].Source);
        await office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);

        Assert.NotEqual(outgoing.TicketId, alone);
        var message = await MessageAsync(office, bounce);
        Assert.Equal((outgoing.TicketId, ThreadRule.Bounce, Sent().MessageId), (message.TicketId, message.ThreadRule, message.ThreadDetail));
    }

    private async Task<Office> OpenAsync(IdRewriting rewriting)
    {
        _sink.Ids = rewriting;
        return await Office.OpenAsync(dovecot.Mailbox(_user, _sink));
    }

    private static async Task<OutgoingStatus> SendAsync(Office office)
    {
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        return outgoing;
    }

    /// <summary>As its recipient sees it.</summary>
    private MimeMessage Sent() => _sink.Received[0].Parse();

    private Task FileByServerAsync(byte[] source) => dovecot.DeliverAsync(_user, source, Cancel, "Sent", MailKit.MessageFlags.Seen);

    private async Task ArriveAsync(Office office, MimeMessage mail)
    {
        await dovecot.ArriveAsync(_user, mail, Cancel);
        await office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);
    }

    private static Task<Message> MessageAsync(Office office, MimeMessage mail) =>
        office.ReadAsync(db => db.Messages.AsNoTracking().SingleAsync(m => m.InternetMessageId == mail.MessageId, Cancel));

    private static MimeMessage Answer(string inReplyTo, string from = Office.Customer) => new()
    {
        From = { new MailboxAddress("", from) },
        To = { new MailboxAddress("", Office.Address) },
        Subject = "Thank you",
        InReplyTo = inReplyTo,
        Body = new TextPart("plain") { Text = "Thank you." },
    };

    private static MimeMessage Bounce(MimeMessage returned)
    {
        MessageDeliveryStatus status = new();
        status.StatusGroups.Add(new HeaderList { { "Reporting-MTA", "dns; mx.customer.example" } });
        status.StatusGroups.Add(new HeaderList { { "Final-Recipient", $"rfc822; {Office.Customer}" }, { "Action", "failed" }, { "Status", "5.1.1" } });
        return new MimeMessage
        {
            From = { new MailboxAddress("Mail Delivery System", "mailer-daemon@customer.example") },
            To = { new MailboxAddress("", Office.Address) },
            Subject = "Undelivered mail",
            Body = new MultipartReport("delivery-status")
            {
                new TextPart("plain") { Text = "It could not be delivered." },
                status,
                new TextPart("rfc822-headers") { Text = $"From: {Office.Address}\r\nSubject: {returned.Subject}\r\nMessage-ID: <{returned.MessageId}>\r\n" },
            },
        };
    }
}
