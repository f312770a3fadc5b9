using System.Text;
using Enneo.Core.Messages;

namespace Enneo.Tests.Messages;

public sealed class MessageBodyTests
{
    [Theory]
    [InlineData("charset-unknown", "Grüße aus Köln")]
    [InlineData("charset-missing-windows-1252", "Preis: 50 € – „gerne“ nach Köln")]
    [InlineData("charset-utf8-with-latin1-footer", "Grüße – 10 €\n-- \nListe für Händler")]
    [InlineData("charset-names-latin1-is-utf8-free", "€ 50 – „gerne“")]
    [InlineData("charset-iso-2022-jp", "こんにちは")]
    [InlineData("charset-in-meta-only", "Привет")]
    [InlineData("charset-alias", "Привет")]
    [InlineData("format-flowed", "This sentence was written on one line and wrapped for the wire.\n\n> She asked something.\n-- \nKarin")]
    [InlineData("alternative", "The plain words.")]
    [InlineData("body-with-a-name", "The named body.")]
    [InlineData("multipart-without-end", "The plain words.")]
    public void Text_is_decoded(string mail, string text)
    {
        Assert.Equal(text, Read(mail).Text.ReplaceLineEndings("\n").Trim());
    }

    [Fact]
    public void Of_alternatives_the_rich_one_is_shown_and_the_plain_one_is_its_text()
    {
        var (html, text, parts) = Read("alternative-and-attachment");

        Assert.Equal("<p>The <b>rich</b> words.</p>", html?.Trim());
        Assert.Equal("The plain words.", text.Trim());
        Assert.Equal(("invoice.pdf", "application/pdf", false), Summary(Assert.Single(parts)));
    }

    [Fact]
    public void An_attachment_within_an_alternative_is_listed_and_the_text_around_it_kept()
    {
        var (html, text, parts) = Read("alternative-around-attachment");

        Assert.Matches("Above(.|\n)*Below", html);
        Assert.Equal("The plain words.", text.Trim());
        Assert.Equal(("invoice.pdf", "application/pdf", false), Summary(Assert.Single(parts)));
    }

    [Fact]
    public void Texts_in_a_row_are_shown_in_their_order_and_plain_ones_as_text()
    {
        var (html, text, parts) = Read("texts-in-a-row");

        Assert.Matches("First &lt;words&gt;(.|\n)*<p>Then HTML(.|\n)*<blockquote>last &amp; least", html);
        Assert.Matches("First <words>(.|\n)*Then HTML(.|\n)*> last & least", text);
        Assert.Empty(parts);
    }

    [Fact]
    public void An_image_that_the_body_shows_is_inline_and_one_that_it_does_not_show_is_listed()
    {
        var parts = Read("inline-image").Parts;

        Assert.Equal([("logo.png", "image/png", true), ("unused.png", "image/png", false)], parts.Select(Summary));
        Assert.Equal("logo@shop", parts[0].ContentId);
        Assert.Equal(70, parts[0].Size);
    }

    [Fact]
    public void Names_are_decoded_and_lead_nowhere()
    {
        var parts = Read("attachment-names").Parts;

        Assert.Equal(
            ["Überweisung € 50.pdf", "Änderung.doc", "calc.exe", "invoicefdp  .exe", "attachment-5.jpg", "attachment-6.bin"],
            parts.Take(6).Select(part => part.Name));
        Assert.Matches("^(long)+.*\\.pdf$", parts[6].Name);
        Assert.InRange(parts[6].Name.Length, 100, 120);
    }

    [Theory]
    [InlineData("attached-mail", "A_B_ the old order_.eml", "message/rfc822")]
    [InlineData("winmail", "winmail.dat", "application/ms-tnef")]
    [InlineData("invitation", "invitation-1.ics", "text/calendar")]
    [InlineData("text-attached", "log.txt", "text/plain")]
    [InlineData("signed", "signature.asc", "application/pgp-signature")]
    [InlineData("multipart-without-end", "invoice.pdf", "application/pdf")]
    public void What_is_not_the_body_is_listed(string mail, string name, string type)
    {
        Assert.Equal((name, type, false), Summary(Assert.Single(Read(mail).Parts)));
    }

    [Fact]
    public void The_same_again_for_another_program_is_not_listed()
    {
        var (html, _, parts) = Read("amp");

        Assert.Contains("rich", html, StringComparison.Ordinal);
        Assert.Empty(parts);
    }

    [Fact]
    public void A_part_is_found_by_its_place_with_its_decoded_bytes()
    {
        var part = MessageBody.ReadPart(SampleMail.Read("alternative-and-attachment"), 0);

        Assert.Equal("%PDF-1.4\n% ours\n", Encoding.ASCII.GetString(part!.Bytes));
        Assert.Equal(("invoice.pdf", "application/pdf"), (part.Name, part.ContentType));
        Assert.Null(MessageBody.ReadPart(SampleMail.Read("alternative-and-attachment"), 1));
        Assert.Null(MessageBody.ReadPart(SampleMail.Read("alternative-and-attachment"), -1));
    }

    [Fact]
    public void Each_listed_part_can_be_had_in_its_stated_size()
    {
        foreach (var raw in SampleMail.Names().Select(SampleMail.Read).Where(raw => new MessageParser(TimeProvider.System).Parse(raw).Unreadable is null))
        {
            Assert.All(MessageBody.Read(raw).Parts, part => Assert.Equal(part.Size, MessageBody.ReadPart(raw, part.Index)!.Bytes.Length));
        }
    }

    [Fact]
    public void A_text_without_end_says_that_it_was_shortened()
    {
        var text = MessageBody.Read(Encoding.ASCII.GetBytes("From: a@x.test\r\n\r\n" + string.Concat(Enumerable.Repeat("words and words\r\n", 400_000)))).Text;

        Assert.EndsWith("The rest of it is in the source.]", text, StringComparison.Ordinal);
    }

    private static (string? Html, string Text, IReadOnlyList<MessagePart> Parts) Read(string name) => MessageBody.Read(SampleMail.Read(name));

    private static (string Name, string Type, bool IsInline) Summary(MessagePart part) => (part.Name, part.ContentType, part.IsInline);
}
