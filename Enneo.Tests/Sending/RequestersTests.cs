using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class RequestersTests : IAsyncLifetime
{
    private const string ForwardedText = "Nasty customer, please handle.\n\n---------- Forwarded message ---------\nFrom: Jonas Weber <jonas@customer.example>\nDate: Mon, Mar 2, 2026\nSubject: Bicycle\nTo: <info@elsewhere.example>\n\nIs it ready?";

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

    [Theory]
    [InlineData("jonas@customer.example", null, "jonas@customer.example", RequesterKind.Sender)]
    [InlineData("jonas@customer.example", "desk@customer.example", "jonas@customer.example", RequesterKind.Sender)]
    [InlineData("support@workshop.example", "jonas@customer.example", "jonas@customer.example", RequesterKind.ReplyTo)]
    [InlineData("website@workshop.example", "jonas@customer.example", "jonas@customer.example", RequesterKind.ReplyTo)]
    [InlineData("no-reply@forms.example", "jonas@customer.example", "jonas@customer.example", RequesterKind.ReplyTo)]
    [InlineData("wordpress@forms.example", "jonas@customer.example", "jonas@customer.example", RequesterKind.ReplyTo)]
    [InlineData("no-reply@forms.example", "support@workshop.example", "no-reply@forms.example", RequesterKind.Sender)]
    [InlineData("nora.plyson@forms.example", "jonas@customer.example", "nora.plyson@forms.example", RequesterKind.Sender)]
    public async Task Reply_to_names_the_customer_of_a_contact_form(string from, string? replyTo, string person, RequesterKind kind)
    {
        using var letter = From(from, "Contact form", "Hello");
        if (replyTo is not null)
        {
            letter.ReplyTo.Add(new MailboxAddress("", replyTo));
        }

        var requester = await RequesterAsync(letter);

        Assert.Equal((person, kind), (requester.Person.Address, requester.Kind));
    }

    [Fact]
    public async Task What_one_of_us_forwarded_belongs_to_its_writer_and_the_answer_is_theirs()
    {
        using var letter = From(Office.Address, "Fwd: Bicycle", ForwardedText);
        var received = await _office.ReceiveAsync(letter);
        Assert.Equal(
            (new MailAddress("Jonas Weber", Office.Customer), RequesterKind.Forwarded),
            await _office.Get<Requesters>().FindAsync(Reach.All, received.TicketId, Cancel) is { } found ? (found.Person, found.Kind) : default);

        var draft = await _office.WriteAsync(messageId: received.MessageId);
        Assert.Equal(("Re: Bicycle", Office.Customer), (draft.Subject, Assert.Single(draft.To).Address));
        await _office.SendAsync(draft);
        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.EndsWith("\n\nJonas Weber wrote:\n> Is it ready?\n", mail.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("Nasty", mail.ToString(), StringComparison.Ordinal);
        using var thanks = From(Office.Customer, "Re: Bicycle", "Thank you");
        thanks.InReplyTo = mail.MessageId;
        Assert.Equal(received.TicketId, (await _office.ReceiveAsync(thanks)).TicketId);
    }

    [Fact]
    public async Task A_mail_attached_to_ours_is_its_writers()
    {
        using var letter = From(Office.Address, "Please handle", "See below");
        letter.Body = new Multipart("mixed") { letter.Body!, new MimeKit.MessagePart { Message = Office.Letter() } };

        var requester = await RequesterAsync(letter);

        Assert.Equal((Office.Customer, RequesterKind.Forwarded), (requester.Person.Address, requester.Kind));
    }

    [Fact]
    public async Task A_stranger_who_pastes_such_a_block_is_its_writer()
    {
        using var letter = From("mallory@evil.example", "Fwd: Bicycle", ForwardedText);

        Assert.Equal(("mallory@evil.example", RequesterKind.Sender), await RequesterAsync(letter) is { } found ? (found.Person.Address, found.Kind) : default);
    }

    [Fact]
    public async Task A_person_may_say_that_it_was_not_forwarded_and_change_their_mind()
    {
        using var letter = From(Office.Address, "Fwd: Bicycle", ForwardedText);
        var received = await _office.ReceiveAsync(letter);
        var requesters = _office.Get<Requesters>();

        Assert.True(await requesters.SetForwardedAsync(received.MessageId, false, Office.Person, Cancel));
        Assert.Equal(RequesterKind.NotForwarded, (await requesters.FindAsync(Reach.All, received.TicketId, Cancel))!.Kind);
        Assert.Equal(Office.Address, Assert.Single((await _office.Drafts.StartReplyAsync(received.MessageId, DraftMode.Reply, Office.Person, Cancel))!.To).Address);

        Assert.True(await requesters.SetForwardedAsync(received.MessageId, true, Office.Person, Cancel));
        Assert.Equal(RequesterKind.Forwarded, (await requesters.FindAsync(Reach.All, received.TicketId, Cancel))!.Kind);
        Assert.False(await requesters.SetForwardedAsync(99, true, Office.Person, Cancel));
    }

    private async Task<Requester> RequesterAsync(MimeMessage letter) =>
        Assert.IsType<Requester>(await _office.Get<Requesters>().FindAsync(Reach.All, (await _office.ReceiveAsync(letter)).TicketId, Cancel));

    private static MimeMessage From(string address, string subject, string text)
    {
        var letter = Office.Letter(subject, text);
        letter.From.Clear();
        letter.From.Add(new MailboxAddress("", address));
        return letter;
    }
}
