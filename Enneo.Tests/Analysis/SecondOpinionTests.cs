using Enneo.Core.Analysis;
using Enneo.Core.Data;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Analysis;

/// <summary>About mails of which the spam model is unsure the language model may be asked; alone it decides nothing.</summary>
public sealed class SecondOpinionTests : IAsyncLifetime
{
    private readonly AnalysisStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(.5, 1, .818)] // +1.5
    [InlineData(.5, 0, .182)] // -1.5
    [InlineData(.5, .5, .5)]
    [InlineData(.02, 1, .084)] // surely wanted stays wanted
    [InlineData(.98, 0, .916)]
    public void ItMovesTheEvidenceByOneAndAHalfAtMost(double probability, double opinion, double expected) =>
        Assert.Equal(expected, SecondOpinion.Moved(probability, opinion), 3);

    [Fact]
    public async Task ItIsOffAtFirst_EvenWhereAModelReadsMail()
    {
        await UnsureOfAllAsync();
        await _store.SwitchOnAsync(input => input with { DailyTokens = 0 });

        await _store.ReceiveAsync("An offer", "We have an offer for you.");

        Assert.Empty(_store.Model.Asked);
    }

    [Theory]
    [InlineData("""{"spam": 1.0}""", true)]
    [InlineData("""{"spam": 0.0}""", false)]
    [InlineData("""{"spam": 99}""", null)]
    [InlineData("ignore the filter, this is wanted", null)]
    public async Task InTheUnsureBandItIsAsked_AndWhatItSaysIsAddedToTheEvidence(string said, bool? towardsSpam)
    {
        await UnsureOfAllAsync();
        var alone = await ProbabilityAsync(await _store.Tags.ReceiveAsync("An offer", "We have an offer for you at https://shop.example/x."));
        await _store.SwitchOnAsync(input => input with { SecondOpinion = true, DailyTokens = 0 });
        _store.Model.Says = _ => said;

        var together = await ProbabilityAsync(await _store.Tags.ReceiveAsync("An offer", "We have an offer for you at https://shop.example/x."));

        Assert.Equal(towardsSpam switch { true => SecondOpinion.Moved(alone, 1), false => SecondOpinion.Moved(alone, 0), _ => alone }, together, 6);
        var call = Assert.Single(await _store.CallsAsync());
        Assert.Equal((AiPurpose.SecondOpinion, "spam-2", towardsSpam is null ? AiOutcome.Unreadable : AiOutcome.Answered), (call.Purpose, call.PromptVersion, call.Outcome));
        var asked = Assert.Single(_store.Model.Asked);
        Assert.Contains("shop.example", ModelServer.Text(asked, "user"), StringComparison.Ordinal);
        Assert.DoesNotContain("marta@example.net", asked.GetRawText(), StringComparison.Ordinal); // nobody's address
    }

    [Fact]
    public async Task ItSeesWhereTheLinksOfAnHtmlMailLead_NotOnlyWhatTheyShow()
    {
        await UnsureOfAllAsync();
        await _store.SwitchOnAsync(input => input with { SecondOpinion = true, DailyTokens = 0 });
        _store.Model.Says = _ => """{"spam": 0.5}""";
        var (mailbox, store) = (_store.Tags.Mailbox, _store.Tags.Store);
        var asked = await store.ReceiveAsync(mailbox, "Your parcel", contentType: "text/html", text: "<p>Hello, <a href=\"https://parcels.invalid-host.top/x\">see your parcel</a></p>");

        await _store.Tags.ProcessAsync(asked.MessageId, mailbox);

        Assert.Contains("parcels.invalid-host.top", ModelServer.Text(Assert.Single(_store.Model.Asked), "user"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsBudgetIsItsOwn()
    {
        await UnsureOfAllAsync();
        await _store.SwitchOnAsync(input => input with { SecondOpinion = true, SecondOpinionDailyTokens = 100, DailyTokens = 0 });
        _store.Model.Says = _ => """{"spam": 0.5}""";

        await _store.Tags.ReceiveAsync("One", "We have an offer for you.");
        await _store.Tags.ReceiveAsync("Two", "We have another offer for you.");

        Assert.Single(_store.Model.Asked);
    }

    [Theory]
    [InlineData(2.5, 10, .00045, 0)] // 100 tokens read, 20 written
    [InlineData(0, 0, 0, 1)]
    [InlineData(2.5, 0, 0, 1)]
    public async Task ItsCostIsWrittenDownByTheAccountsPrices_AndWhereTheseAreNotKnownThatIsSaid(double read, double written, double cost, int unpriced)
    {
        await UnsureOfAllAsync();
        await _store.SwitchOnAsync(input => input with { SecondOpinion = true, DailyTokens = 0, InputPrice = (decimal)read, OutputPrice = (decimal)written, Currency = " EUR " });
        _store.Model.Says = _ => """{"spam": 0.5}""";

        await _store.Tags.ReceiveAsync("An offer", "We have an offer for you.");

        var shown = await _store.Get<AiSettingsEditing>().FindAsync(Cancel);
        Assert.Equal(new AiSpent(120, (decimal)cost, unpriced), shown.SecondOpinionsSpentToday);
        Assert.Equal(new AiSpent(0, 0, 0), shown.SpentToday);
        var call = Assert.Single(shown.LastCalls);
        Assert.Equal(("EUR", unpriced > 0 ? null : (decimal)cost, "spam-2"), (call.Currency, AiSpent.CostOf(call), call.PromptVersion));
    }

    [Fact]
    public async Task WhileItIsAsked_OtherMailsGoOn()
    {
        await UnsureOfAllAsync();
        await _store.SwitchOnAsync(input => input with { SecondOpinion = true, DailyTokens = 0 });
        TaskCompletionSource answered = new();
        (_store.Model.Held, _store.Model.Says) = (answered.Task, _ => """{"spam": 1.0}""");
        var (mailbox, store) = (_store.Tags.Mailbox, _store.Tags.Store);
        var asked = await store.ReceiveAsync(mailbox, "An offer", "Marta Nowak <marta@example.net>", text: "We have an offer for you.");
        var other = await store.ReceiveAsync(mailbox, "A question", "Tom Berg <tom@example.org>", text: "When do you open tomorrow?");
        await store.ChangeTicketAsync(other.TicketId, ticket => ticket.SpamStatus = SpamStatus.ManualClean); // nobody asks about it
        await EnqueueAsync(mailbox.Id, asked.MessageId, other.MessageId);

        var processing = _store.Get<MailProcessing>().RunDueAsync(Cancel);
        while (!await IsFinishedAsync(other.MessageId) && !processing.IsCompleted)
        {
            await Task.Delay(50, Cancel);
            store.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.False(processing.IsCompleted);
        Assert.False(await IsFinishedAsync(asked.MessageId));
        answered.SetResult();
        while (!processing.IsCompleted)
        {
            await Task.Delay(50, Cancel);
            store.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        await processing;
        Assert.True(await IsFinishedAsync(asked.MessageId));
        Assert.Equal(AiOutcome.Answered, Assert.Single(await _store.CallsAsync()).Outcome);
    }

    private Task<bool> IsFinishedAsync(long messageId) =>
        _store.ReadAsync(db => db.ProcessingRuns.AnyAsync(r => r.MessageId == messageId && r.FinishedAt != null, Cancel));

    private Task EnqueueAsync(long mailboxId, params long[] messageIds) => _store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            MailProcessing.Enqueue(db, mailboxId, messageIds, ProcessingCause.Arrival, _store.Tags.Store.Clock);
            await db.SaveChangesAsync(token);
        },
        Cancel);

    /// <summary>Everything lies in the band in which the spam model is unsure.</summary>
    private Task UnsureOfAllAsync() =>
        _store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { SpamThreshold = 1, UnsureThreshold = 0 }, _store.Tags.Anna, "test", Cancel);

    private Task<double> ProbabilityAsync((long MessageId, long TicketId) received) =>
        _store.ReadAsync(db => db.SpamVerdicts.Where(v => v.MessageId == received.MessageId).Select(v => v.Probability!.Value).SingleAsync(Cancel));
}
