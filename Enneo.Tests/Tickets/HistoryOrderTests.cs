using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

/// <summary>Folders come one after the other, and in each the newest mail first: no order of reading may change what comes of it.</summary>
public sealed class HistoryOrderTests : IAsyncLifetime
{
    private readonly Correspondence _mail = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _mail.InitializeAsync();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task TheNewestMailUnansweredInTheInboxOpensTheTicket(bool oneBatch) => EachOrderGivesAsync(
        TicketStatus.Open,
        oneBatch,
        round => new(Letter($"1@{round}", Anna), Days(6)),
        round => new(Letter($"2@{round}", Us, answers: $"1@{round}", to: Anna), Days(5), InSent: true),
        round => new(Letter($"3@{round}", Anna, answers: $"2@{round}"), Days(2)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task OurAnswerAsTheLastWordClosesItAndWhatAutomatsSayAfterwardsDoesNotCount(bool oneBatch) => EachOrderGivesAsync(
        TicketStatus.Closed,
        oneBatch,
        round => new(Letter($"1@{round}", Anna), Days(6)),
        round => new(Letter($"2@{round}", Anna, answers: $"1@{round}"), Days(4)),
        round => new(Letter($"3@{round}", Us, answers: $"2@{round}", to: Anna), Days(3), InSent: true),
        round => new(Letter($"4@{round}", Anna, answers: $"3@{round}") with { Automatic = AutomaticKind.AutoReply }, Days(2)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task AnAnswerAtTheVeryMomentOfAQuestionLeavesItOpen(bool oneBatch) => EachOrderGivesAsync(
        TicketStatus.Open,
        oneBatch,
        round => new(Letter($"1@{round}", Anna), Days(6)),
        round => new(Letter($"2@{round}", Us, answers: $"1@{round}", to: Anna), Days(2), InSent: true),
        round => new(Letter($"3@{round}", Anna, answers: $"1@{round}"), Days(2)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task ABounceJoinsTheMailItReturns(bool oneBatch) => EachOrderGivesAsync(
        TicketStatus.Closed,
        oneBatch,
        round => new(Letter($"1@{round}", Anna), Days(6)),
        round => new(Letter($"2@{round}", Us, answers: $"1@{round}", to: Anna), Days(5), InSent: true),
        round => new(Bounce($"3@{round}", $"2@{round}"), Days(4)),
        round => new(Bounce($"4@{round}", $"2@{round}"), Days(3)));

    [Fact]
    public async Task ABounceThatCameBeforeTheMailItReturnsSaysWhyItIsThere()
    {
        var bounce = await _mail.ReceiveAsync(Bounce("b@mx", "2@w"), Days(1), isHistory: true);
        var sent = await _mail.ReceiveAsync(Letter("2@w", Us, to: Anna), Days(2), isHistory: true, inSent: true);

        Assert.Equal(bounce.TicketId, sent.TicketId);
        var messages = (await _mail.ThreadAsync(sent.TicketId)).Messages;
        Assert.Equal((ThreadRule.Bounce, "2@w"), (messages[1].ThreadRule, messages[1].ThreadDetail));
    }

    [Fact]
    public async Task ABounceIsBelievedAlsoWhenTheCopyInSentComesLaterAsNews()
    {
        var question = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var bounce = await _mail.ReceiveAsync(Bounce("b@mx", "2@w"));
        var sent = await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), inSent: true);

        Assert.Equal(question.TicketId, sent.TicketId);
        Assert.NotEqual(question.TicketId, bounce.TicketId);
        Assert.Equal(3, (await _mail.ThreadAsync(question.TicketId)).Messages.Count);
        Assert.Null(await _mail.Queries.FindThreadAsync(Reach.All, bounce.TicketId, Cancelled));
    }

    [Fact]
    public async Task ABounceMakesNobodyAParticipantAndLeadsNoOtherMailIntoTheTicket()
    {
        var forged = Bounce("b@evil", "2@w") with { FromAddress = Mallory, ReturnedMessageIds = ["2@w", "next@evil", "9@w"], References = ["next@evil"] };
        foreach (var round in new[] { "sent first", "bounce first" })
        {
            await using Correspondence mail = new();
            await mail.InitializeAsync();
            Arrival sent = new(Letter("2@w", Us, to: Anna), Days(5), InSent: true);
            Arrival bounce = new(forged, Days(4));
            await mail.ReceiveAsync(round == "sent first" ? [sent, bounce] : [bounce, sent]);

            var ours = await mail.ReceiveAsync(
                new Arrival(Letter("3@evil", Mallory, answers: "2@w"), Days(3)),
                new Arrival(Letter("next@evil", Mallory), Days(3)),
                new Arrival(Letter("9@w", Us, to: "carol@elsewhere.example"), Days(3), InSent: true),
                new Arrival(Letter("5@c", Anna, answers: "2@w"), Days(2)));

            Assert.Equal(4, ours.Select(result => result.TicketId).Distinct().Count());
            Assert.Equal(3, (await mail.ThreadAsync(ours[3].TicketId)).Messages.Count);
        }
    }

    [Fact]
    public async Task WhoeverAnswersAnUnknownMailOfOursMakesNoBounceOfHisLetter()
    {
        var letter = await _mail.ReceiveAsync(Letter("x@evil", Mallory, answers: "2@w", cc: Anna), Days(1), isHistory: true);
        var sent = await _mail.ReceiveAsync(Letter("2@w", Us, to: Anna), Days(2), isHistory: true, inSent: true);
        var answer = await _mail.ReceiveAsync(Letter("3@c", Anna, answers: "2@w"), Days(1), isHistory: true);

        Assert.NotEqual(letter.TicketId, sent.TicketId);
        Assert.Equal(sent.TicketId, answer.TicketId);
        Assert.Equal(sent.TicketId, (await _mail.ThreadAsync(letter.TicketId)).LinkedTicket?.Id);
    }

    [Fact]
    public async Task OurOwnAnswersBringNoStrangerIntoTheConversation()
    {
        var stranger = await _mail.ReceiveAsync(Letter("x@evil", Mallory, answers: "1@c"), Days(1), isHistory: true);
        var ours = await _mail.ReceiveAsync(Letter("2@w", Us, answers: "1@c", to: Anna), Days(2), isHistory: true, inSent: true);
        var question = await _mail.ReceiveAsync(Letter("1@c", Anna), Days(3), isHistory: true);

        Assert.Equal(ours.TicketId, question.TicketId);
        Assert.Single((await _mail.ThreadAsync(stranger.TicketId)).Messages);
    }

    private const string Mallory = "mallory@evil.example";

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);

    private static ParsedMessage Bounce(string id, string returned) =>
        Letter(id, "mailer-daemon@mx.example") with { Automatic = AutomaticKind.Bounce, ReturnedMessageIds = [returned] };

    private async Task EachOrderGivesAsync(TicketStatus expected, bool oneBatch, params Func<int, Arrival>[] mails)
    {
        var round = 0;
        foreach (var order in Orders([.. Enumerable.Range(0, mails.Length)]))
        {
            round++;
            var arrivals = order.Select(i => mails[i](round)).ToList();
            List<IntakeResult> results = [];
            foreach (var batch in arrivals.Chunk(oneBatch ? arrivals.Count : 1))
            {
                results.AddRange(await _mail.ReceiveAsync(batch));
            }

            var inOrder = string.Join(", ", arrivals.Select(arrival => arrival.Mail.InternetMessageId));
            var list = await _mail.Queries.ListAsync(Reach.All, new TicketFilter(_mail.Mailbox.Id, expected is TicketStatus.Closed ? TicketView.Closed : TicketView.Open), null, 1000, Cancelled);
            var ticket = list.SingleOrDefault(t => results.Exists(result => result.TicketId == t.Id));
            Assert.True(ticket?.MessageCount == mails.Length, $"{inOrder}: {ticket}");
        }
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
