using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Analysis;

/// <summary>What is found out about a mail: without a model how similar ones were answered, with one a summary, the mood and a draft.</summary>
public sealed class MailAnalysisTests : IAsyncLifetime
{
    private const string Question = "My kettle leaks at the handle since Monday, can I get a replacement part?";
    private const string Answer = "We send you a new handle seal free of charge; it arrives within three days.";

    private readonly AnalysisStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WithoutAModelSimilarAnswersAreFound_NothingIsSent_AndThePageCanSaySo()
    {
        var (answered, answerId) = await _store.AnsweredAsync("Leaking kettle", "The kettle leaks at the handle, I need a replacement part.", $"<div>{Answer}</div>");
        await _store.AnsweredAsync("Opening hours", "When are you open on Saturday?", "<div>From nine to one.</div>");
        var (message, ticket) = await _store.ReceiveAsync("Kettle leaks", Question);

        var analysis = (await _store.Get<AnalysisQueries>().OfTicketAsync(Reach.All, ticket, Cancel))!;

        Assert.Equal((message, false, null), (analysis.MessageId, analysis.IsModelUsed, analysis.Analysis));
        var similar = Assert.Single(analysis.Similar);
        Assert.Equal((answered, answerId, Answer), (similar.TicketId, similar.AnswerId, similar.Answer)); // without what it quotes
        Assert.Empty(_store.Model.Asked);
        Assert.Equal(AiSupportLevel.Human, await LevelAsync(ticket));
    }

    [Fact]
    public async Task AMailThatCannotBeReadHoldsUpNoOther_NorDoesADamagedAnswer()
    {
        var (_, answerId) = await _store.AnsweredAsync("Leaking kettle", "The kettle leaks at the handle, I need a replacement part.", $"<div>{Answer}</div>");
        await _store.SwitchOnAsync();
        _store.Model.Says = _ => Said("Her kettle leaks.", "negative", null);
        var (damaged, _) = await _store.Tags.ReceiveAsync("First", Question);
        var (read, _) = await _store.Tags.ReceiveAsync("Kettle leaks", Question);
        await _store.Get<WriterLane>().RunAsync(
            (db, token) => db.Sources.Where(s => db.Messages.Any(m => m.SourceId == s.Id && (m.Id == damaged || m.Id == answerId))).ExecuteUpdateAsync(set => set.SetProperty(s => s.Offset, s => s.Offset + 1), token), Cancel);

        await _store.Get<MailAnalysing>().RunDueAsync(Cancel);

        Assert.Equal(AnalysisState.Done, (await _store.AnalysisAsync(read))!.State);
        Assert.Equal((AnalysisState.Waiting, 1), await _store.AnalysisAsync(damaged) is { } failed ? (failed.State, failed.Failures) : default);
    }

    [Fact]
    public async Task WhatBecomesSpamWhileTheModelIsAskedGetsNothingOfWhatItSays()
    {
        await _store.SwitchOnAsync();
        TaskCompletionSource answered = new();
        (_store.Model.Held, _store.Model.Says) = (answered.Task, _ => Said("A summary.", "neutral", null));
        var (message, ticket) = await _store.Tags.ReceiveAsync("Kettle leaks", Question);
        var analysing = _store.Get<MailAnalysing>().RunDueAsync(Cancel);
        while (_store.Model.Asked.Count == 0)
        {
            await Task.Delay(10, Cancel);
        }

        await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: true, _store.Tags.Anna, "test", Cancel);
        answered.SetResult();
        await analysing;

        Assert.Null(await _store.AnalysisAsync(message));
        Assert.DoesNotContain(await _store.ReadAsync(db => db.Activity.ToListAsync(Cancel)), entry => entry.Kind is ActivityKind.TicketAnalysed);
    }

    [Fact]
    public async Task AnAnswerOutOfReachIsNotSuggested()
    {
        await _store.AnsweredAsync("Leaking kettle", "The kettle leaks at the handle, I need a replacement part.", $"<div>{Answer}</div>");
        var other = await _store.Tags.Store.AddMailboxAsync("Other");
        var asked = await _store.Tags.Store.ReceiveAsync(other, "Kettle leaks", text: Question);

        Assert.Empty((await _store.Get<AnalysisQueries>().OfTicketAsync(Reach.Of(other.Id), asked.TicketId, Cancel))!.Similar);
        Assert.Single((await _store.Get<AnalysisQueries>().OfTicketAsync(Reach.All, asked.TicketId, Cancel))!.Similar);
    }

    [Fact]
    public async Task TheModelFillsSummaryMoodAndADraftWithItsSources()
    {
        var (_, answerId) = await _store.AnsweredAsync("Leaking kettle", "The kettle leaks at the handle, I need a replacement part.", $"<div>{Answer}</div>");
        await _store.SwitchOnAsync();
        _store.Model.Says = _ => Said("Her kettle leaks; she wants a part.", "negative", "You get a new seal free of charge.", 1);

        var (message, ticket) = await _store.ReceiveAsync("Kettle leaks", Question);

        var read = (await _store.AnalysisAsync(message))!;
        Assert.Equal((AnalysisState.Done, "Her kettle leaks; she wants a part.", Sentiment.Negative, "You get a new seal free of charge."), (read.State, read.Summary, read.Sentiment!.Value, read.Answer));
        Assert.Equal([answerId], read.SourceIds);
        Assert.Equal(AiSupportLevel.Bot, await LevelAsync(ticket));
        var asked = Assert.Single(_store.Model.Asked);
        Assert.Equal(["Bearer sk-secret"], _store.Model.Keys);
        Assert.False(asked.TryGetProperty("tools", out _));
        Assert.DoesNotContain("leaks", ModelServer.Text(asked, "system"), StringComparison.Ordinal);
        using var data = JsonDocument.Parse(ModelServer.Text(asked, "user"));
        Assert.Equal(Question, data.RootElement.GetProperty("mail").GetProperty("text").GetString());
        Assert.Equal(Answer, data.RootElement.GetProperty("answered")[0].GetProperty("answer").GetString());
        var call = Assert.Single(await _store.CallsAsync());
        Assert.Equal((AiPurpose.Analysis, AiOutcome.Answered, 100, 20, "analysis-1", (long?)message), (call.Purpose, call.Outcome, call.InputTokens, call.OutputTokens, call.PromptVersion, call.MessageId));
        Assert.Contains(await _store.ReadAsync(db => db.Activity.Select(e => e.Kind).ToListAsync(Cancel)), kind => kind is ActivityKind.TicketAnalysed);
    }

    [Theory]
    [InlineData("This is not JSON.")]
    [InlineData("[1, 2, 3]")]
    [InlineData("{\"summary\": 7, \"sentiment\": \"furious\"}")]
    [InlineData("{\"summary\": \"cut off")]
    public async Task WhatIsNotAskedForIsTriedAgainAndThenLeft(string said)
    {
        await _store.SwitchOnAsync();
        _store.Model.Says = _ => said;
        var (message, _) = await _store.ReceiveAsync("Kettle leaks", Question);
        Assert.Equal(AnalysisState.Waiting, (await _store.AnalysisAsync(message))!.State);

        foreach (var minutes in (int[])[2, 20])
        {
            _store.Tags.Store.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await _store.Get<MailAnalysing>().RunDueAsync(Cancel);
        }

        Assert.Equal((AnalysisState.Failed, null), ((await _store.AnalysisAsync(message))!.State, (await _store.AnalysisAsync(message))!.Summary));
        Assert.All(await _store.CallsAsync(), call => Assert.Equal(AiOutcome.Unreadable, call.Outcome));
    }

    [Fact]
    public async Task ARefusalAndASlowEndpointHoldUpNothing()
    {
        await _store.SwitchOnAsync(input => input with { TimeoutSeconds = 1 });
        _store.Model.Refuses = (401, """{"error":{"message":"Incorrect API key provided"}}""");
        var (message, ticket) = await _store.ReceiveAsync("Kettle leaks", Question);
        Assert.Equal((AnalysisState.Waiting, 1), ((await _store.AnalysisAsync(message))!.State, (await _store.AnalysisAsync(message))!.Failures));
        Assert.Contains("Incorrect API key", Assert.Single(await _store.CallsAsync()).Problem, StringComparison.Ordinal);

        (_store.Model.Refuses, _store.Model.Delay) = (null, TimeSpan.FromSeconds(30));
        _store.Tags.Store.Clock.Advance(TimeSpan.FromMinutes(2));
        await _store.Get<MailAnalysing>().RunDueAsync(Cancel);
        Assert.Equal(AiOutcome.TimedOut, (await _store.CallsAsync())[^1].Outcome);
        Assert.All(
            Assert.Single(await _store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, ticket, Cancel)).Records, record => Assert.NotEqual(StepOutcome.Failed, record.Outcome));
    }

    [Fact]
    public async Task TheDaysBudgetIsKept_AndBeginsAnewTheNextDay()
    {
        await _store.SwitchOnAsync(input => input with { DailyTokens = 200 });
        _store.Model.Says = _ => Said("A summary.", "neutral", null);
        await _store.ReceiveAsync("One", "The first of these questions");
        await _store.ReceiveAsync("Two", "The second of these questions");
        var (third, _) = await _store.ReceiveAsync("Three", "The third of these questions");

        Assert.Equal(2, _store.Model.Asked.Count);
        Assert.Equal(AnalysisState.OverBudget, (await _store.AnalysisAsync(third))!.State);

        _store.Tags.Store.Clock.Advance(TimeSpan.FromDays(1));
        var (fourth, _) = await _store.ReceiveAsync("Four", "The fourth of these questions");
        Assert.Equal(AnalysisState.Done, (await _store.AnalysisAsync(fourth))!.State);
    }

    [Fact]
    public async Task SpamIsNeverSent_NotEvenWhenItWaitsAlready()
    {
        await _store.SwitchOnAsync();
        await _store.ReceiveAsync("Cheap pills", "Buy cheap pills now", status: SpamStatus.ManualSpam);
        Assert.Empty(_store.Model.Asked);

        var (_, ticket) = await _store.Tags.ReceiveAsync("Kettle leaks", Question);
        await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: true, _store.Tags.Anna, "test", Cancel);
        await _store.Get<MailAnalysing>().RunDueAsync(Cancel);
        Assert.Empty(_store.Model.Asked);
    }

    [Fact]
    public async Task WhatSomebodyWaitsForIsProcessedFirst_AndWhatNobodyWantsNotAtAll()
    {
        var one = await _store.Tags.Store.ReceiveAsync(_store.Tags.Mailbox, "One");
        var two = await _store.Tags.Store.ReceiveAsync(_store.Tags.Mailbox, "Two");
        var three = await _store.Tags.Store.ReceiveAsync(_store.Tags.Mailbox, "Three");
        await _store.Get<Core.Data.WriterLane>().RunAsync(
            async (db, token) =>
            {
                MailProcessing.Enqueue(db, _store.Tags.Mailbox.Id, [one.MessageId], ProcessingCause.Arrival, _store.Tags.Store.Clock);
                MailProcessing.Enqueue(db, _store.Tags.Mailbox.Id, [two.MessageId], ProcessingCause.Arrival, _store.Tags.Store.Clock, ProcessingPace.Realtime);
                MailProcessing.Enqueue(db, _store.Tags.Mailbox.Id, [three.MessageId], ProcessingCause.Arrival, _store.Tags.Store.Clock, ProcessingPace.Never);
                await db.SaveChangesAsync(token);
            },
            Cancel);

        var runs = await _store.ReadAsync(db => db.ProcessingRuns.OrderBy(r => r.DueAt).Select(r => r.MessageId).ToListAsync(Cancel));

        Assert.Equal([two.MessageId, one.MessageId], runs);
    }

    private static string Said(string? summary, string sentiment, string? answer, params int[] sources) => JsonSerializer.Serialize(new { summary, sentiment, answer, sources });

    private Task<AiSupportLevel> LevelAsync(long ticketId) => _store.ReadAsync(db => db.Tickets.Where(t => t.Id == ticketId).Select(t => t.AiSupportLevel).SingleAsync(Cancel));
}
