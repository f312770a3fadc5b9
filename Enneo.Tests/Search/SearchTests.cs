using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;

namespace Enneo.Tests.Search;

public sealed class SearchTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _support = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _support = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("verspatung")]
    [InlineData("VERSPÄTUNG")]
    [InlineData("betreff")]
    [InlineData("marta")]
    [InlineData("marta@example.net")]
    [InlineData("example.net")]
    [InlineData("support@example.com")]
    [InlineData("lieferschein-2041.pdf")]
    [InlineData("from:marta to:support subject:betreff filename:lieferschein")]
    [InlineData("\"drei Tagen Verspätung\"")]
    [InlineData("tage")]
    [InlineData("filename:pdf has:attachment")]
    [InlineData("nothing OR betreff")]
    [InlineData("is:unread is:open after:2026-03-04")]
    [InlineData("-invoice")]
    [InlineData("has:attachment")]
    public async Task AMailIsFoundBy(string typed)
    {
        await ReceiveDeliveryAsync();
        await _store.ReceiveAsync(_support, "Invoice", from: "Ben <ben@other.test>", text: "As agreed.", headers: "X-Note: betreff\r\n", at: _store.Clock.GetUtcNow().AddDays(-3));

        Assert.Equal(["Der Betreff"], Subjects(await FindAsync(typed)).Where(subject => subject != "Invoice"));
    }

    [Theory]
    [InlineData("tagen drei betreff nichts")]
    [InlineData("\"Tagen drei\"")]
    [InlineData("subject:marta")]
    [InlineData("from:support")]
    [InlineData("filename:betreff")]
    [InlineData("betreff -verspätung")]
    [InlineData("-has:attachment")]
    [InlineData("betreff is:closed")]
    [InlineData("betreff is:read")]
    [InlineData("betreff before:2026-03-04")]
    [InlineData("betreff after:2026-03-05")]
    [InlineData("mail")]
    [InlineData("m1")]
    [InlineData("attachment")]
    [InlineData("mailbox:sales")]
    public async Task AMailIsNotFoundBy(string typed)
    {
        await ReceiveDeliveryAsync();

        Assert.Empty((await FindAsync(typed)).Hits);
    }

    [Fact]
    public async Task NewestComesFirstWhateverTheOrderOfTheirImport()
    {
        var now = _store.Clock.GetUtcNow();
        await _store.ReceiveAsync(_support, "Meter second", at: now.AddDays(-2));
        await _store.ReceiveAsync(_support, "Meter third", at: now.AddDays(-9));
        await _store.ReceiveAsync(_support, "Meter first", at: now.AddDays(-1));

        Assert.Equal(["Meter first", "Meter second", "Meter third"], Subjects(await FindAsync("meter")));
    }

    [Fact]
    public async Task MailsOfOneSecondAreAllFound()
    {
        var at = _store.Clock.GetUtcNow();
        for (var i = 0; i < 5; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}", from: $"Reader {i} <r{i}@example.net>", at: at);
        }

        Assert.Equal(5, (await FindAsync("meter")).Hits.Count);
    }

    [Fact]
    public async Task BestIsWhoseSubjectSaysIt()
    {
        var now = _store.Clock.GetUtcNow();
        await _store.ReceiveAsync(_support, "Refund for the meter", from: "A <a@example.net>", text: "Please.", at: now.AddDays(-8));
        await _store.ReceiveAsync(_support, "Question", from: "B <b@example.net>", text: "The meter was read. Long after that came much else and nothing of it was any kind of refund", at: now.AddDays(-1));
        await _store.ReceiveAsync(_support, "Another", from: "C <c@example.net>", text: "I want a meter refund.", at: now.AddDays(-2));

        Assert.Equal(["Question", "Another", "Refund for the meter"], Subjects(await FindAsync("meter refund")));
        Assert.Equal(["Refund for the meter", "Another", "Question"], Subjects(await FindAsync("\"meter\" \"refund\"", SearchOrder.Best)));
    }

    [Fact]
    public async Task AConversationComesOnceWithItsNewestMatch()
    {
        var question = await _store.ReceiveAsync(_support, "Meter", text: "The meter stands still.");
        await _store.ReceiveAsync(_support, "Re: Meter", answers: "m1@example.net", text: "The meter runs backwards now.");
        await _store.ReceiveAsync(_support, "Re: Meter", answers: "m1@example.net", text: "Forget it.");

        var hit = Assert.Single((await FindAsync("subject:meter \"the meter\"")).Hits);

        Assert.Equal(question.TicketId, hit.TicketId);
        Assert.Equal(2, hit.Matches);
        Assert.Equal("The meter runs backwards now.", Text(hit.Text));
    }

    [Fact]
    public async Task WhatWasLookedForIsMarked()
    {
        await ReceiveDeliveryAsync();

        var hit = Assert.Single((await FindAsync("marta verspatung liefer* tage")).Hits);

        Assert.Equal(["Marta"], Marked(hit.Sender));
        Assert.Equal("Marta Nowak", Text(hit.Sender));
        Assert.Equal(["Verspätung"], Marked(hit.Text).Where(word => word.StartsWith('V')));
        Assert.Equal(["Tagen"], Marked(hit.Text).Where(word => word.StartsWith('T')));
        Assert.Contains("Lieferschein", Marked(hit.Files));
    }

    [Fact]
    public async Task MarkupInAMailStaysText()
    {
        await _store.ReceiveAsync(_support, "<b>meter</b> & <script>alert(1)</script>", text: "x <i>meter</i> \u0002y\u0003");

        var hit = Assert.Single((await FindAsync("meter")).Hits);

        Assert.Equal("<b>meter</b> & <script>alert(1)</script>", Text(hit.Subject));
        Assert.Equal("x <i>meter</i> y", Text(hit.Text));
        Assert.Equal(["meter"], Marked(hit.Text));
    }

    [Fact]
    public async Task OnlyMailboxesWithinReachAreSearchedAndNamed()
    {
        var sales = await _store.AddMailboxAsync("Sales");
        await _store.ReceiveAsync(_support, "Meter for support");
        await _store.ReceiveAsync(sales, "Meter for sales");

        Assert.Equal(["Meter for sales"], Subjects(await FindAsync("meter mailbox:sal")));
        Assert.Equal(["Meter for support"], Subjects(await FindAsync("meter -mailbox:sales@example.com")));
        Assert.Equal(2, (await FindAsync("meter mailbox:sales mailbox:support")).Hits.Count);
        Assert.Equal(["Meter for support"], Subjects(await FindAsync("meter", mailboxes: [_support.Id])));
        Assert.Equal(1, (await FindAsync("meter", mailboxes: [_support.Id])).Count!.Known);
        Assert.Empty((await FindAsync("meter", mailboxes: [])).Hits);
        var unknown = await FindAsync("meter mailbox:sales", mailboxes: [_support.Id]);
        Assert.Empty(unknown.Hits);
        Assert.Equal("No mailbox is called sales. There is: Support.", Assert.Single(unknown.Notes));
    }

    [Fact]
    public async Task ReadAndClosedAreAsTheyAreNow()
    {
        var mail = await _store.ReceiveAsync(_support, "Meter");
        Assert.Single((await FindAsync("meter is:unread is:open")).Hits);

        await _store.Get<ReadState>().MarkAsync([mail.MessageId], true, Actor.System, "test", Cancel);
        await _store.ChangeTicketAsync(mail.TicketId, ticket => ticket.Status = TicketStatus.Closed);

        Assert.Empty((await FindAsync("meter is:unread")).Hits);
        Assert.True(Assert.Single((await FindAsync("meter is:read is:closed")).Hits).IsClosed);
    }

    [Fact]
    public async Task PagesGoOnWhereTheLastOneEnded()
    {
        for (var i = 0; i < 60; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}", from: $"Reader {i} <r{i}@example.net>");
        }

        await _store.ReceiveAsync(_support, "Re: Meter 0", from: "Reader 0 <r0@example.net>", answers: "m1@example.net"); // makes the oldest conversation the newest

        List<string> subjects = [];
        SearchCursor? cursor = null;
        do
        {
            var page = await FindAsync("meter", after: cursor);
            subjects.AddRange(Subjects(page));
            cursor = page.Next;
            Assert.Equal(subjects.Count > SearchQueries.PageSize ? null : new SearchCount(61, false), page.Count);
        }
        while (cursor is not null);

        Assert.Equal(["Re: Meter 0", .. Enumerable.Range(1, 59).Reverse().Select(i => $"Meter {i}")], subjects);
    }

    [Fact]
    public async Task PeopleAreOfferedAsTheyAreTyped()
    {
        await _store.ReceiveAsync(_support, "One", from: "Märta Nowak <marta@example.net>");
        await _store.ReceiveAsync(_support, "Two", from: "Ben <ben@market.test>", headers: "Cc: Marie Curie <marie@example.org>\r\n", text: "Marta is not who wrote this");
        await _store.ReceiveAsync(_support, "Three", from: "Märta Nowak <marta@example.net>");
        var suggestions = _store.Get<SearchSuggestions>();

        Assert.Equal(["marta@example.net", "ben@market.test"], Addresses(await suggestions.PeopleAsync(Reach.All, "mar", SearchField.From, Cancel)));
        Assert.Equal(["marta@example.net"], Addresses(await suggestions.PeopleAsync(Reach.All, "marta@ex", SearchField.From, Cancel)));
        Assert.Equal(["ben@market.test"], Addresses(await suggestions.PeopleAsync(Reach.All, "b", SearchField.From, Cancel)));
        Assert.Equal(["marie@example.org"], Addresses(await suggestions.PeopleAsync(Reach.All, "mari", SearchField.To, Cancel)));
        Assert.Equal(["marta@example.net", "ben@market.test"], Addresses(await suggestions.PeopleAsync(Reach.All, "", SearchField.From, Cancel)));
        Assert.Empty(await suggestions.PeopleAsync(Reach.None, "mar", SearchField.From, Cancel));
    }

    private static IEnumerable<string> Addresses(IEnumerable<Core.Messages.MailAddress> people) => people.Select(person => person.Address);

    private static List<string> Subjects(SearchPage page) => [.. page.Hits.Select(hit => Text(hit.Subject))];

    private static string Text(IEnumerable<TextPiece> pieces) => string.Concat(pieces.Select(piece => piece.Text));

    private static List<string> Marked(IEnumerable<TextPiece> pieces) => [.. pieces.Where(piece => piece.IsHit).Select(piece => piece.Text)];

    private Task<SearchPage> FindAsync(
        string typed, SearchOrder order = SearchOrder.Newest, IReadOnlyCollection<long>? mailboxes = null, SearchCursor? after = null) =>
        _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read(typed, _store.Clock.GetUtcNow(), TimeZoneInfo.Utc), mailboxes, order, after), Cancel);

    private Task<IntakeResult> ReceiveDeliveryAsync() => _store.ReceiveAsync(
        _support, "Der Betreff", at: _store.Clock.GetUtcNow(), contentType: "multipart/mixed; boundary=b", text:
        """
        --b
        Content-Type: text/plain; charset=utf-8

        Guten Tag, nach drei Tagen Verspätung kam es an.
        > Wann kommt es?
        --b
        Content-Type: application/pdf; name="Lieferschein-2041.pdf"
        Content-Disposition: attachment; filename="Lieferschein-2041.pdf"
        Content-Transfer-Encoding: base64

        JVBERi0xLjQK
        --b--
        """);
}
