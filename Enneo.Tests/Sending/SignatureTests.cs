using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sending;

public sealed class SignatureTests : IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = Office.Address };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task Plain_text_stands_below_the_answer_and_above_the_quote()
    {
        using var mail = await AnswerAsync("%NAME%\r\n%ADDRESS% < always");

        Assert.StartsWith("It is ready.\n\n-- \nMüller & Söhne, Workshop\nsupport@workshop.example < always\n\nOn ", mail.TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "<html><body><div>It is ready.</div><br><div>Müller &amp; Söhne, Workshop<br>support@workshop.example &lt; always</div><br><div>On ",
            mail.HtmlBody,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_holds_the_text_where_it_says()
    {
        using var mail = await AnswerAsync("<table><tr><td style=\"color: #335577\">Hello</td></tr><tr><td>%MESSAGE%</td></tr></table><p>Workshop Ltd</p>");

        Assert.Contains("<td style=\"color: ", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("<td><div>It is ready.</div></td>", mail.HtmlBody, StringComparison.Ordinal);
        var text = mail.TextBody!.ReplaceLineEndings("\n");
        Assert.Matches("Hello\\s+It is ready\\.\\s+Workshop Ltd\\s+On ", text);
        Assert.DoesNotContain("-- \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sent_again_after_it_was_taken_back_it_is_signed_once()
    {
        await using var office = await OpenAsync("Yours, %NAME%");
        var draft = await office.WriteAsync();
        var outgoing = await office.SendAsync(draft);
        await office.Outbox.UndoAsync(outgoing.Id, Office.Person, Cancel);
        var again = await office.Drafts.FindAsync(draft.Id, Office.Person, Cancel);
        Assert.Equal(draft.Html, again!.Html);
        await office.SendAsync(again);
        await office.DeliverAsync();

        using var mail = Assert.Single(_sink.Received).Parse();

        Assert.Equal(2, mail.HtmlBody!.Split("Yours, ").Length);
        Assert.Equal("It is ready.", await office.ReadAsync(db => Task.FromResult(db.Messages.Single(m => m.Direction == MessageDirection.Out).Snippet)));
    }

    [Theory]
    [InlineData("<b onclick=\"x()\">a</b><script>alert(1)</script>", "<b>a</b>")]
    [InlineData("<a href=\"javascript:alert(1)\">a</a>", "<a>a</a>")]
    [InlineData("<iframe src=\"https://x.example\"></iframe>words", "words")]
    [InlineData("<div style=\"position: fixed; background-image: url(https://x.example/)\">a</div>", "<div>a</div>")]
    [InlineData("Yours\r\n  Anna & Co < 5", "Yours\r\n  Anna & Co < 5")]
    [InlineData("  \r\n ", "")]
    public void What_is_saved_is_harmless_and_plain_text_stays_as_it_was_typed(string typed, string kept) =>
        Assert.Equal(kept, MailTemplate.Sanitize(typed));

    [Theory]
    [InlineData("<a href=\"https://x.example/%MESSAGE%\">a</a> %MESSAGE% %MESSAGE%")]
    [InlineData("<p title=\"%MESSAGE%\">%MESSAGE%</p>")]
    [InlineData("%MESSAGE%")]
    public void The_text_stands_once_and_never_within_an_attribute(string template)
    {
        var filled = MailTemplate.Fill(template, "<i>\"the text\"</i>", "Anna", "a@x.example");

        Assert.Equal(2, filled.Split("<i>\"the text\"</i>").Length);
    }

    [Fact]
    public void A_name_is_words_and_nothing_else() =>
        Assert.Equal("&lt;script&gt;alert(1)&lt;/script&gt;", MailTemplate.Fill("%NAME%", "", "<script>alert(1)</script>", ""));

    private async Task<MimeMessage> AnswerAsync(string signature)
    {
        await using var office = await OpenAsync(signature);
        await office.SendAsync(await office.WriteAsync());
        await office.DeliverAsync();
        return Assert.Single(_sink.Received).Parse();
    }

    private Task<Office> OpenAsync(string signature)
    {
        var mailbox = Office.MailboxOf(_sink, FreePort.Next());
        return Office.OpenAsync(mailbox with { Data = mailbox.Data with { Signature = signature } });
    }
}
