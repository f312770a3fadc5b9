using System.Text;
using Enneo.Core.Sending;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class ReplyComposerTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address, OfferEightBitMime = false, OfferInternationalAddresses = false };
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
    public async Task Long_lines_leading_dots_and_every_alphabet_arrive_as_they_were_written()
    {
        var longLine = string.Join(' ', Enumerable.Repeat("Größenänderung", 200));
        using var letter = Office.Letter("Größe: 29 Zoll – Straße 🚲", "Guten Tag,\n.\n..zwei Punkte\nFrom here\n" + longLine);
        var draft = await _office.WriteAsync(
            $"<div>.</div><div>..Grüße 漢字 🚲</div><div>{new string('x', 3000)}</div>", messageId: (await _office.ReceiveAsync(letter)).MessageId);
        draft = await _office.Drafts.SaveAsync(
            draft.Id, new DraftSave(draft.Revision + 1, [new("Jürgen \"JJ\" Øre, Dr.", "jj@bücher.example")], [], [], draft.Subject, draft.Html), Office.Person, Cancel);
        var content = Encoding.UTF8.GetBytes(".\r\n..\r\nbinary \0 \r \n Ä" + new string('y', 5000));
        using MemoryStream file = new(content);
        await _office.Drafts.AttachAsync(draft!.Id, "Überweisung “März” 漢.txt", "text/plain", file, Office.Person, Cancel);
        await _office.SendAsync(draft);

        await _office.DeliverAsync();

        var received = Assert.Single(_sink.Received);
        Assert.True(received.Source.All(b => b is >= 32 and < 127 or 9 or 13 or 10));
        Assert.All(received.Text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.DoesNotContain("\n", received.Text.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        using var mail = received.Parse();
        Assert.Equal("Re: Größe: 29 Zoll – Straße 🚲", mail.Subject);
        Assert.Equal(("Jürgen \"JJ\" Øre, Dr.", "jj@bücher.example"), (mail.To.Mailboxes.Single().Name, MailboxAddress.DecodeAddrspec(mail.To.Mailboxes.Single().Address)));
        Assert.Equal("Müller & Söhne, Workshop", mail.From.Mailboxes.Single().Name);
        Assert.Equal(["jj@xn--bcher-kva.example"], received.Recipients);
        Assert.Contains($".\n..Grüße 漢字 🚲\n{new string('x', 3000)}", Lines(mail.TextBody), StringComparison.Ordinal);
        Assert.Contains("\n> .\n> ..zwei Punkte\n> From here\n> " + longLine, Lines(mail.TextBody), StringComparison.Ordinal);
        Assert.Contains("<div>..Grüße 漢字 🚲</div>", mail.HtmlBody, StringComparison.Ordinal);
        var attachment = Assert.IsType<MimePart>(Assert.Single(mail.Attachments), exactMatch: false);
        Assert.Equal("Überweisung “März” 漢.txt", attachment.FileName);
        using MemoryStream decoded = new();
        await attachment.Content!.DecodeToAsync(decoded, Cancel);
        Assert.Equal(content, decoded.ToArray());
    }

    [Fact]
    public async Task The_answered_mail_stands_below_harmless_and_without_its_images()
    {
        using var letter = Office.Letter();
        letter.Body = new MultipartRelated
        {
            new TextPart("html") { Text = "<p onclick=\"x()\">Is it <b>ready</b>?</p><img src=\"cid:photo\"><img src=\"https://tracker.example/x.gif\"><script>alert(1)</script>" },
            new MimePart("image", "png") { ContentId = "photo", Content = new MimeContent(new MemoryStream([1, 2, 3])) },
        };
        await _office.SendAsync(await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId));

        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.StartsWith("<html><body><div>It is ready.</div><br><div>On ", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("UTC, Jonas Weber wrote:</div><blockquote", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("<p>Is it <b>ready</b>?</p>", mail.HtmlBody, StringComparison.Ordinal);
        foreach (var unwanted in (string[])["cid:", "tracker", "script", "onclick"])
        {
            Assert.DoesNotContain(unwanted, mail.HtmlBody, StringComparison.Ordinal);
        }

        Assert.StartsWith("It is ready.\n\nOn ", Lines(mail.TextBody), StringComparison.Ordinal);
        Assert.Contains("Jonas Weber wrote:\n> Is it ready?", Lines(mail.TextBody), StringComparison.Ordinal);
        Assert.IsType<MultipartAlternative>(mail.Body);
    }

    [Fact]
    public async Task References_keep_the_beginning_and_the_nearest_of_a_long_thread()
    {
        using var letter = Office.Letter();
        letter.References.AddRange(Enumerable.Range(0, 60).Select(i => $"{i}@x.example"));
        await _office.SendAsync(await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId));

        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal(21, mail.References.Count);
        Assert.Equal(("0@x.example", "59@x.example", letter.MessageId), (mail.References[1], mail.References[^2], mail.References[^1]));
    }

    [Fact]
    public async Task References_carry_our_mark_once_in_a_thread()
    {
        var outgoing = await _office.SendAsync(await _office.WriteAsync());
        await _office.DeliverAsync();
        using var first = Assert.Single(_sink.Received).Parse();
        using var reply = Office.Letter("Re: Where is my bicycle?");
        reply.References.AddRange([.. first.References, "given@server.example"]);
        var answer = await _office.ReceiveAsync(reply);
        await _office.SendAsync(await _office.WriteAsync(messageId: answer.MessageId));
        await _office.DeliverAsync();

        Assert.StartsWith($"t{outgoing.TicketId}.", first.References[0], StringComparison.Ordinal);
        Assert.NotEqual(first.MessageId, first.References[0]);
        Assert.Equal(outgoing.TicketId, answer.TicketId);
        using var second = _sink.Received[1].Parse();
        Assert.Equal([.. first.References, "given@server.example", reply.MessageId!], second.References);
    }

    [Fact]
    public async Task A_mail_without_an_id_can_be_answered()
    {
        using var letter = Office.Letter();
        letter.Headers.Remove(HeaderId.MessageId);
        await _office.SendAsync(await _office.WriteAsync(messageId: (await _office.ReceiveAsync(letter)).MessageId));

        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Null(mail.InReplyTo);
        Assert.Matches("^t[0-9]+\\.[0-9a-f]{16}\\.[0-9a-f]{32}@workshop\\.example$", mail.MessageId);
    }

    [Fact]
    public async Task An_attached_mail_travels_as_a_file()
    {
        var draft = await _office.WriteAsync();
        using MemoryStream file = new("Subject: x\n\n.\n"u8.ToArray());
        await _office.Drafts.AttachAsync(draft.Id, "old.eml", "message/rfc822", file, Office.Person, Cancel);
        await _office.SendAsync(draft);

        await _office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();
        Assert.Equal("application/octet-stream", Assert.Single(mail.Attachments).ContentType.MimeType);
    }

    private static string Lines(string? text) => (text ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
}
