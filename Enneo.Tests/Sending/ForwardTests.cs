using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class ForwardTests : IAsyncLifetime
{
    private static readonly byte[] s_offer = [.. "%PDF-1.4\n"u8, .. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    private readonly SmtpSink _sink = new() { User = Office.Address, OfferEightBitMime = false, OfferInternationalAddresses = false };
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        _office = await Office.OpenAsync(_sink, ("Enneo:Sending:MaxAttachmentBytes", "100000"));
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Theory]
    [InlineData("Bicycle", "Fwd: Bicycle")]
    [InlineData("Fwd: Bicycle", "Fwd: Bicycle")]
    [InlineData("WG: Fw: fwd[2]: Bicycle", "Fwd: Bicycle")]
    [InlineData("Re: Bicycle", "Fwd: Re: Bicycle")]
    [InlineData("Travel: 3 days", "Fwd: Travel: 3 days")]
    [InlineData("", "Fwd:")]
    public void The_subject_says_fwd_once(string subject, string expected) => Assert.Equal(expected, ForwardSubject.For(subject));

    [Fact]
    public async Task A_forward_goes_to_nobody_yet_and_takes_the_files_along()
    {
        using var letter = WithOffer();
        letter.Cc.Add(new MailboxAddress("Otto", "otto@x.example"));

        var draft = await ForwardAsync(letter);

        Assert.Empty(draft.To.Concat(draft.Cc).Concat(draft.Bcc));
        Assert.Equal("Fwd: Where is my bicycle?", draft.Subject);
        Assert.Equal([("offer.pdf", (long)s_offer.Length), ("notes.txt", 5)], draft.Attachments.Select(file => (file.Name, file.Size)));
    }

    [Fact]
    public async Task The_text_stands_below_with_who_wrote_it_and_the_files_arrive_byte_for_byte()
    {
        using var letter = WithOffer();
        letter.Cc.Add(new MailboxAddress("", "otto@x.example"));
        letter.Date = new DateTimeOffset(2026, 3, 4, 15, 20, 0, TimeSpan.FromHours(1));
        var draft = await ForwardAsync(letter);

        using var mail = await SendAsync(draft, "<div>Can you help?</div>");

        Assert.StartsWith(
            "Can you help?\n\n---------- Forwarded message ----------\nFrom: Jonas Weber <jonas@customer.example>\nDate: 4 March 2026 14:20 UTC\n"
            + "Subject: Where is my bicycle?\nTo: support@workshop.example\nCc: otto@x.example\n\nGood morning,\nis it ready?",
            Lines(mail.TextBody),
            StringComparison.Ordinal);
        Assert.Contains("<b>From:</b> Jonas Weber &lt;jonas@customer.example&gt;<br>", mail.HtmlBody, StringComparison.Ordinal);
        var offer = Assert.IsType<MimePart>(mail.Attachments.First(), exactMatch: false);
        Assert.Equal(("offer.pdf", "application/pdf"), (offer.FileName, offer.ContentType.MimeType));
        Assert.Equal(s_offer, await BytesAsync(offer));
        Assert.Equal(2, mail.Attachments.Count());
    }

    [Fact]
    public async Task It_is_an_answer_to_nothing_and_names_only_the_mail_that_it_holds()
    {
        using var letter = Office.Letter();
        letter.References.AddRange(["first@x.example", "second@x.example"]);
        letter.InReplyTo = "second@x.example";

        using var mail = await SendAsync(await ForwardAsync(letter));

        Assert.Null(mail.InReplyTo);
        Assert.All([mail.MessageId, mail.References[0]], id => Assert.Matches("^t[0-9]+\\.[0-9a-f]{16}\\.[0-9a-f]{32}@workshop\\.example$", id));
        Assert.Equal([letter.MessageId!], mail.References.Skip(1));
    }

    [Fact]
    public async Task What_is_taken_off_does_not_leave_and_what_is_added_does()
    {
        using var letter = WithOffer();
        var draft = await ForwardAsync(letter);
        Assert.True(await _office.Drafts.DetachAsync(draft.Id, draft.Attachments[0].Id, Office.Person, Cancel));
        using MemoryStream file = new([1, 2, 3]);
        await _office.Drafts.AttachAsync(draft.Id, "mine.bin", "application/octet-stream", file, Office.Person, Cancel);

        using var mail = await SendAsync(draft);

        Assert.Equal(["notes.txt", "mine.bin"], mail.Attachments.OfType<MimePart>().Select(part => part.FileName));
    }

    [Fact]
    public async Task Its_pictures_come_along_and_nothing_of_it_runs_or_calls_home()
    {
        using var letter = Office.Letter();
        letter.Body = new MultipartRelated
        {
            new TextPart("html") { Text = "<p onclick=\"x()\">See <img src=\"cid:photo\"><img src=\"https://tracker.example/x.gif\"></p><script>alert(1)</script>" },
            new MimePart("image", "png") { ContentId = "photo", ContentDisposition = new ContentDisposition("inline"), Content = new MimeContent(new MemoryStream([1, 2, 3])) },
        };

        using var mail = await SendAsync(await ForwardAsync(letter));

        foreach (var unwanted in (string[])["tracker", "script", "onclick"])
        {
            Assert.DoesNotContain(unwanted, mail.HtmlBody, StringComparison.Ordinal);
        }

        var related = Assert.Single(mail.BodyParts.OfType<MimePart>(), part => part.ContentId is not null);
        Assert.Contains($"<img src=\"cid:{related.ContentId}\">", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await BytesAsync(related));
        Assert.Empty(mail.Attachments);
    }

    [Fact]
    public async Task As_a_file_it_is_the_mail_byte_for_byte()
    {
        using var letter = WithOffer();
        using MemoryStream raw = new();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        await letter.WriteToAsync(format, raw, Cancel);
        var received = await _office.ReceiveAsync(raw.ToArray());
        var draft = await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: true, Office.Person, Cancel);
        Assert.Empty(draft!.Attachments);

        using var mail = await SendAsync(draft, "<div>Look.</div>");

        var whole = Assert.IsType<MimeKit.MessagePart>(Assert.Single(mail.Attachments));
        Assert.Equal("Where is my bicycle_.eml", whole.ContentDisposition!.FileName);
        Assert.Equal(letter.MessageId, whole.Message!.MessageId);
        var sent = Encoding.Latin1.GetString(Assert.Single(_sink.Received).Source);
        Assert.Contains(Encoding.Latin1.GetString(await _office.SourceAsync(received.MessageId)), sent, StringComparison.Ordinal);
        Assert.Equal("Look.\n", Lines(mail.TextBody));
    }

    [Theory]
    [InlineData("8bit ä")]
    [InlineData("bare\nline ends")]
    [InlineData("nul\0")]
    [InlineData("no end")]
    public async Task What_could_not_pass_as_a_mail_passes_as_a_file_with_the_same_bytes(string oddity)
    {
        var raw = Encoding.UTF8.GetBytes($"From: a@customer.example\r\nSubject: Odd\r\n\r\n{oddity}" + (oddity == "no end" ? "" : "\r\n"));
        var received = await _office.ReceiveAsync(raw);
        var draft = await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: true, Office.Person, Cancel);

        using var mail = await SendAsync(draft!);

        var file = Assert.IsType<MimePart>(Assert.Single(mail.Attachments), exactMatch: false);
        Assert.Equal("Odd.eml", file.FileName);
        Assert.Equal(raw, await BytesAsync(file));
    }

    [Fact]
    public async Task One_text_becomes_a_reply_a_forward_and_a_reply_again_with_its_own_files_only()
    {
        using var letter = WithOffer();
        var received = await _office.ReceiveAsync(letter);
        var reply = await _office.WriteAsync("<div>Half a</div>", messageId: received.MessageId);
        using MemoryStream file = new([1, 2, 3]);
        await _office.Drafts.AttachAsync(reply.Id, "mine.bin", "application/octet-stream", file, Office.Person, Cancel);

        var forward = await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: false, Office.Person, Cancel);
        var again = await _office.Drafts.StartReplyAsync(received.MessageId, DraftMode.Reply, Office.Person, Cancel);

        Assert.Equal((reply.Id, "<div>Half a</div>"), (forward!.Id, forward.Html));
        Assert.Equal(["mine.bin", "offer.pdf", "notes.txt"], forward.Attachments.Select(a => a.Name));
        Assert.Equal(["mine.bin"], again!.Attachments.Select(a => a.Name));
        Assert.Equal(Office.Customer, Assert.Single(again.To).Address);
    }

    [Fact]
    public async Task More_than_a_mail_may_carry_is_said_and_not_sent()
    {
        using var letter = Office.Letter();
        letter.Body = new Multipart("mixed") { new TextPart("plain") { Text = "big" }, FilePart("big.bin", new byte[150_000]) };
        var received = await _office.ReceiveAsync(letter);
        foreach (var whole in new[] { false, true })
        {
            var draft = await _office.Drafts.StartForwardAsync(received.MessageId, whole, Office.Person, Cancel);
            await AddressAsync(draft!, "");

            var result = await _office.Outbox.SendAsync(draft!.Id, Office.Person, Cancel);

            Assert.Null(result.Outgoing);
            Assert.Contains("at most", result.Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_mail_that_cannot_be_read_is_passed_on_whole()
    {
        var received = await _office.ReceiveAsync(Office.Letter());
        await _office.ChangeAsync(db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.Unreadable, "Not a mail."), Cancel));

        var draft = await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: false, Office.Person, Cancel);

        Assert.Equal(DraftMode.ForwardAsAttachment, draft!.Mode);
    }

    [Fact]
    public async Task Who_got_it_answers_into_the_same_ticket_and_a_stranger_does_not()
    {
        using var letter = Office.Letter();
        var received = await _office.ReceiveAsync(letter);
        var draft = await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: false, Office.Person, Cancel);
        using var mail = await SendAsync(draft!);

        var answer = await _office.ReceiveAsync(AnswerTo(mail, "colleague@elsewhere.example"));
        var strange = await _office.ReceiveAsync(AnswerTo(mail, "mallory@evil.example"));

        Assert.Equal(received.TicketId, answer.TicketId);
        Assert.NotEqual(received.TicketId, strange.TicketId);
    }

    [Fact]
    public async Task Taken_back_it_is_the_draft_that_it_was()
    {
        using var letter = WithOffer();
        var draft = await ForwardAsync(letter);
        await AddressAsync(draft, "<div>Help</div>");
        var outgoing = await _office.SendAsync(draft);

        Assert.True(await _office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel));
        var again = await _office.Drafts.FindForTicketAsync(draft.TicketId!.Value, Office.Person, Cancel);
        Assert.Equal((draft.Id, DraftMode.Forward, 2), (again!.Id, again.Mode, again.Attachments.Count));
        Assert.Single((await _office.Get<TicketQueries>().FindThreadAsync(Reach.All, draft.TicketId.Value, Cancel))!.Messages);
        await _office.SendAsync(again);
        await _office.DeliverAsync();
        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal(2, mail.Attachments.Count());
    }

    private static MimeMessage WithOffer()
    {
        var letter = Office.Letter();
        letter.Body = new Multipart("mixed") { letter.Body!, FilePart("offer.pdf", s_offer, "application/pdf"), FilePart("notes.txt", "notes"u8.ToArray(), "text/plain") };
        return letter;
    }

    private static MimePart FilePart(string name, byte[] content, string type = "application/octet-stream") => new(ContentType.Parse(type))
    {
        FileName = name,
        ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
        ContentTransferEncoding = ContentEncoding.Base64,
        Content = new MimeContent(new MemoryStream(content)),
    };

    private static MimeMessage AnswerTo(MimeMessage mail, string from) => new()
    {
        From = { new MailboxAddress("", from) },
        To = { new MailboxAddress("", Office.Address) },
        Subject = "Re: " + mail.Subject,
        InReplyTo = mail.MessageId,
        Body = new TextPart("plain") { Text = "Of course." },
    };

    private async Task<DraftView> ForwardAsync(MimeMessage letter)
    {
        var received = await _office.ReceiveAsync(letter);
        return Assert.IsType<DraftView>(await _office.Drafts.StartForwardAsync(received.MessageId, asAttachment: false, Office.Person, Cancel));
    }

    private Task AddressAsync(DraftView draft, string html) => _office.Drafts.SaveAsync(
        draft.Id, new DraftSave(draft.Revision + 1, [new MailAddress("", "colleague@elsewhere.example")], [], [], draft.Subject, html), Office.Person, Cancel);

    /// <returns>What arrived.</returns>
    private async Task<MimeMessage> SendAsync(DraftView draft, string html = "")
    {
        await AddressAsync(draft, html);
        await _office.SendAsync(draft);
        await _office.DeliverAsync();
        var received = Assert.Single(_sink.Received);
        Assert.True(received.Source.All(b => b is >= 32 and < 127 or 9 or 13 or 10));
        return received.Parse();
    }

    private static async Task<byte[]> BytesAsync(MimePart part)
    {
        using MemoryStream bytes = new();
        await part.Content!.DecodeToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private static string Lines(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
}
