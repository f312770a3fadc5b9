using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Tests.Performance;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Contacts;

public sealed class CompletionTests : IAsyncLifetime
{
    private Office _office = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(new SmtpSink());

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Theory]
    [InlineData("jon")]
    [InlineData("web")]
    [InlineData("WEBER jo")]
    [InlineData("jonas@cust")]
    [InlineData("customer.ex")]
    [InlineData("custom")]
    public async Task Who_wrote_is_found_by_the_beginning_of_any_word(string typed)
    {
        await _office.ReceiveAsync();

        Assert.Equal([new MailAddress("Jonas Weber", Office.Customer)], await CompleteAsync(typed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("onas")]
    [InlineData("jonas xaver")]
    [InlineData("support")]
    public async Task Nobody_is_offered_who_is_not_meant_and_we_neither(string typed)
    {
        await _office.ReceiveAsync();

        Assert.Empty(await CompleteAsync(typed));
    }

    [Fact]
    public async Task Accents_need_not_be_typed_and_may_be()
    {
        await ReceiveAsync("Jürgen Øresund", "jo@x.example");
        await ReceiveAsync("漢字", "kanji@x.example");

        Assert.Equal("jo@x.example", Assert.Single(await CompleteAsync("jurg")).Address);
        Assert.Equal("jo@x.example", Assert.Single(await CompleteAsync("JÜRG")).Address);
        Assert.Equal("kanji@x.example", Assert.Single(await CompleteAsync("漢")).Address);
    }

    [Fact]
    public async Task Whom_we_wrote_to_is_known_also_by_a_blind_copy()
    {
        await _office.SendAsync(await _office.WriteAsync(cc: ["clara@x.example"], bcc: ["bruno@x.example"]));

        Assert.Equal("clara@x.example", Assert.Single(await CompleteAsync("clar")).Address);
        Assert.Equal("bruno@x.example", Assert.Single(await CompleteAsync("brun")).Address);
    }

    [Fact]
    public async Task Often_and_lately_comes_first()
    {
        await ReceiveAsync("Anna Once", "once@x.example");
        await ReceiveAsync("Anna Often", "often@x.example");
        await ReceiveAsync("Anna Often", "often@x.example");
        _office.Clock.Advance(TimeSpan.FromDays(300));
        await ReceiveAsync("Anna New", "new@x.example");

        Assert.Equal(["new@x.example", "often@x.example", "once@x.example"], (await CompleteAsync("anna")).Select(person => person.Address));
    }

    [Fact]
    public async Task A_person_is_called_as_they_last_called_themselves()
    {
        await ReceiveAsync("Anna Alt", "anna@x.example");
        await ReceiveAsync("", "ANNA@x.example");
        await ReceiveAsync("Anna Neu", "anna@x.example");

        Assert.Empty(await CompleteAsync("alt"));
        Assert.Equal([new MailAddress("Anna Neu", "anna@x.example")], await CompleteAsync("neu"));
        var person = await _office.Get<ContactQueries>().FindAsync(Reach.All, "Anna@x.example", Cancel);
        Assert.Equal((3, 0), (person!.Received, person.Sent));
    }

    [Fact]
    public async Task Programs_are_no_people()
    {
        using var newsletter = Office.Letter();
        newsletter.Headers.Add(HeaderId.ListId, "<news.x.example>");
        newsletter.Headers.Add(HeaderId.ListUnsubscribe, "<https://x.example/u>");
        newsletter.Headers.Add("Precedence", "bulk");
        await _office.ReceiveAsync(newsletter);

        Assert.Empty(await CompleteAsync("jonas"));
    }

    [Fact]
    public async Task One_person_in_two_mailboxes_is_offered_once()
    {
        var other = await _office.AddAsync(Office.MailboxOf(new SmtpSink(), FreePort.Next()) with
        {
            Name = "Sales",
            Data = Office.MailboxOf(new SmtpSink(), FreePort.Next()).Data with { Address = "sales@workshop.example" },
        });
        await _office.ReceiveAsync();
        await _office.ReceiveAsync(mailboxId: other);

        Assert.Single(await CompleteAsync("jonas"));
    }

    [Fact(Explicit = true)]
    public async Task Three_hundred_thousand_contacts_complete_within_fifty_milliseconds()
    {
        foreach (var some in Enumerable.Range(0, 300_000).Chunk(5_000))
        {
            await _office.Get<WriterLane>().RunAsync(
                (db, _) =>
                {
                    using ContactIndex index = new(db, _office.MailboxId, new HashSet<string>());
                    foreach (var i in some)
                    {
                        index.AddSent([new MailAddress($"{(char)('a' + (i % 26))}na{i} Weber", $"p{i}@d{i % 5000}.example")], _office.Clock.GetUtcNow().AddMinutes(-i));
                    }

                    return Task.CompletedTask;
                },
                Cancel);
        }

        for (var i = 0; i < 30; i++)
        {
            await CompleteAsync("a"); // a program that has just started compiles yet
        }

        Timings timings = new();
        foreach (var typed in (string[])["a", "we", "ana29", "web ana", "p2999", "d49"])
        {
            await timings.RepeatAsync(typed, rounds: 20, async () => (await CompleteAsync(typed)).Count);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(timings.ToString());
        Assert.Empty(timings.SlowerThan(TimeSpan.FromMilliseconds(50)));
    }

    private Task<IReadOnlyList<MailAddress>> CompleteAsync(string typed) => _office.Get<ContactQueries>().CompleteAsync(Reach.All, typed, 8, Cancel);

    private async Task ReceiveAsync(string name, string address)
    {
        using var letter = Office.Letter();
        letter.From.Clear();
        letter.From.Add(new MailboxAddress(name, address));
        await _office.ReceiveAsync(letter);
    }
}
