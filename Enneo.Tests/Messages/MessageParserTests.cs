using System.Text;
using Enneo.Core.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Messages;

public sealed class MessageParserTests
{
    private readonly MessageParser _parser = new(TimeProvider.System);

    [Theory]
    [InlineData("latin1-raw-header", "Rückgabe der Bestellung für Köln")]
    [InlineData("utf8-raw-header", "Rückgabe – 50 € für Köln")]
    [InlineData("split-encoded-words", "Grüße aus München")]
    [InlineData("broken-encoded-word", "Grüße aus München =?nope")]
    [InlineData("charset-iso-2022-jp", "私達")]
    [InlineData("control-characters-in-headers", "Invoice fdp.exe dueX-Evil: 1")]
    public void A_subject_is_decoded_and_harmless(string mail, string subject)
    {
        Assert.Equal(subject, Parse(mail).Subject.Replace("  ", " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("latin1-raw-header", "Jürgen Groß", "juergen@kunde.example")]
    [InlineData("utf8-raw-header", "Jürgen Groß", "juergen@kunde.example")]
    [InlineData("several-from", "Anna Berg", "anna@kunde.example")]
    [InlineData("sender-only", "Print Room", "print@kunde.example")]
    [InlineData("return-path-only", "", "scanner-7@kunde.example")]
    [InlineData("from-is-a-name-only", "Front Desk", "")]
    [InlineData("control-characters-in-headers", "Eve  Bcc: all@shop.example", "eve@kunde.example")]
    public void There_is_a_sender_wherever_one_is_named(string mail, string name, string address)
    {
        var parsed = Parse(mail);

        Assert.Equal((name, address), (parsed.FromName, parsed.FromAddress));
    }

    [Fact]
    public void A_sender_is_found_in_a_From_that_breaks_the_rules()
    {
        Assert.Equal("karin.vogel@kunde.example", Parse("from-breaks-the-rules").FromAddress);
    }

    [Fact]
    public void Groups_are_resolved_to_their_members()
    {
        var parsed = Parse("group-recipients");

        Assert.Equal(["ben@shop.example", "cara@shop.example", "dora@shop.example"], parsed.To.Select(to => to.Address));
        Assert.Equal("Ben", parsed.To[0].Name);
        Assert.Empty(parsed.Cc);
    }

    [Fact]
    public void No_value_is_longer_than_its_row()
    {
        var parsed = Parse("subject-of-a-novel");

        Assert.Equal(998, parsed.Subject.Length);
        Assert.StartsWith("word0000 word0001 ", parsed.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<1@x.test>", "<0@x.test>", "1@x.test", "0@x.test")]
    [InlineData("1@x.test", "0@x.test", "1@x.test", "0@x.test")]
    [InlineData("0021", "0020", "0021", "0020")]
    [InlineData("<0021>", "<0020>", "0021", "0020")]
    [InlineData("  ", "Your message of Monday", "", "")]
    [InlineData("<>", "Your message <0020> of Monday", "", "0020")]
    public void An_id_is_read_also_without_brackets_or_domain(string messageId, string inReplyTo, string id, string answered)
    {
        var parsed = _parser.Parse(Encoding.ASCII.GetBytes($"From: a@x.test\r\nMessage-ID: {messageId}\r\nIn-Reply-To: {inReplyTo}\r\n\r\nHi"));

        Assert.Equal((id, answered), (parsed.InternetMessageId, parsed.InReplyTo));
    }

    [Theory]
    [InlineData("references-without-brackets", "t12.abc.def@shop.example", "first@shop.example second@kunde.example third@shop.example")]
    [InlineData("references-folded", "c@shop.example", "a@shop.example b@kunde.example c@shop.example")]
    public void References_are_read_as_mailers_write_them(string mail, string inReplyTo, string references)
    {
        var parsed = Parse(mail);

        Assert.Equal(inReplyTo, parsed.InReplyTo);
        Assert.Equal(references.Split(' '), parsed.References);
    }

    [Fact]
    public void Of_many_references_the_newest_hundred_are_kept()
    {
        var header = string.Join("\r\n ", Enumerable.Range(0, 500).Select(i => $"<r{i}@x.test>"));
        var parsed = _parser.Parse(Encoding.ASCII.GetBytes($"From: a@x.test\r\nReferences: {header}\r\n\r\nHi"));

        Assert.Equal(100, parsed.References.Count);
        Assert.Equal("r499@x.test", parsed.References[^1]);
    }

    [Fact]
    public void The_date_is_what_the_sender_claims_or_nothing()
    {
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 9, 15, 0, TimeSpan.FromHours(1)), Parse("alternative").SentAt);
        Assert.Null(Parse("date-missing").SentAt);
        Assert.Null(Parse("date-nonsense").SentAt);
    }

    [Theory]
    [InlineData("mbox-separator")]
    [InlineData("byte-order-mark")]
    [InlineData("lines-end-with-cr")]
    public void What_stands_around_a_mail_does_not_hide_it(string mail)
    {
        var parsed = Parse(mail);

        Assert.Null(parsed.Unreadable);
        Assert.Equal("Order 4711", parsed.Subject);
        Assert.Equal("Hello, when does my order arrive?", parsed.Snippet);
    }

    [Fact]
    public void What_is_no_mail_is_unreadable_in_words_and_keeps_the_headers_it_has()
    {
        var parsed = Parse("first-line-is-no-header");

        Assert.Contains("format of mail", parsed.Unreadable, StringComparison.Ordinal);
        Assert.Equal(("Order 4711", "Karin Vogel", "karin.vogel@kunde.example"), (parsed.Subject, parsed.FromName, parsed.FromAddress));
        Assert.Equal("gate@kunde.example", parsed.InternetMessageId);
        Assert.Equal("service@shop.example", Assert.Single(parsed.To).Address);
        Assert.NotNull(Parse("text-without-any-header").Unreadable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n \t\r\n")]
    public void An_empty_mail_is_unreadable(string mail)
    {
        Assert.Contains("empty", _parser.Parse(Encoding.ASCII.GetBytes(mail)).Unreadable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quote-then-answer", "In Cologne, near the river.")]
    [InlineData("format-flowed", "This sentence was written on one line and wrapped for the wire. -- Karin")]
    [InlineData("html-with-much-style", "Spring is here Twenty percent off")]
    [InlineData("alternative", "The plain words.")]
    [InlineData("inline-image", "Look: and")]
    [InlineData("charset-utf8-with-latin1-footer", "Grüße – 10 € -- Liste für Händler")]
    public void The_snippet_is_the_first_words_without_quotes(string mail, string snippet)
    {
        Assert.Equal(snippet, Parse(mail).Snippet);
    }

    [Theory]
    [InlineData("alternative", false)]
    [InlineData("inline-image", false)]
    [InlineData("signed", false)]
    [InlineData("amp", false)]
    [InlineData("bounce-with-headers", false)]
    [InlineData("body-with-a-name", false)]
    [InlineData("alternative-and-attachment", true)]
    [InlineData("alternative-around-attachment", true)]
    [InlineData("attached-mail", true)]
    [InlineData("text-attached", true)]
    [InlineData("winmail", true)]
    public void Attachments_are_what_a_reader_would_open(string mail, bool hasAttachments)
    {
        Assert.Equal(hasAttachments, Parse(mail).HasAttachments);
    }

    [Fact]
    public void Our_own_token_is_read()
    {
        Assert.Equal("t4711.x7.hmac", Parse("ticket-token").TicketToken);
    }

    [Fact]
    public void No_mail_of_ours_throws_and_no_value_holds_a_line_break()
    {
        foreach (var name in SampleMail.Names())
        {
            var parsed = Parse(name);

            string[] values = [parsed.Subject, parsed.FromName, parsed.FromAddress, parsed.Snippet, parsed.InternetMessageId, parsed.InReplyTo, .. parsed.References];
            Assert.All(values, value => Assert.DoesNotContain(value, char.IsControl));
        }
    }

    [Fact]
    public async Task A_large_mail_is_read_on_a_thread_of_its_own()
    {
        var raw = Encoding.ASCII.GetBytes("From: a@x.test\r\nSubject: Large\r\n\r\n" + string.Concat(Enumerable.Repeat("words and words\r\n", 40_000)));

        Assert.Equal("Large", (await _parser.ParseAsync(raw, TestContext.Current.CancellationToken)).Subject);
    }

    [Fact]
    public async Task A_parser_that_does_not_come_back_is_left_behind()
    {
        FakeTimeProvider clock = new();
        using ManualResetEventSlim stuck = new();

        var reading = ReadingBudget.RunAsync(1_000_000, () => stuck.Wait(TimeSpan.FromMinutes(1), CancellationToken.None), clock, CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<TimeoutException>(() => reading);
        stuck.Set();
    }

    private ParsedMessage Parse(string name) => _parser.Parse(SampleMail.Read(name));
}
