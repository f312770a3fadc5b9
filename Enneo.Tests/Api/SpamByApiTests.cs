using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What a program says about spam means what a person's button means.</summary>
[Collection(ApiCollection.Name)]
public sealed class SpamByApiTests(ApiHouse house)
{
    private const string Flagged = "X-Spam-Flag: YES\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Theory]
    [InlineData("auto_spam")]
    [InlineData("auto_clean")]
    [InlineData("auto_programmatic")]
    [InlineData("spam")]
    [InlineData("MANUAL_SPAM")]
    public async Task OnlyAPersonsVerdictCanBeGiven(string status)
    {
        var ticket = (await house.ReceiveAsync("A verdict")).TicketId;

        var answer = (await Api.PatchAsync($"ticket/{ticket}", new { spamStatus = status })).Problem(400);

        Assert.Contains("manual_clean, manual_spam, null", answer.Error("spamStatus"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SpamLeavesTheInboxAndCallsOffWhatWasToBeDone()
    {
        var ticket = (await house.ReceiveAsync("Not yet spam")).TicketId;

        var answer = (await SetAsync(ticket, "manual_spam")).Ticket;

        Assert.Equal(("manual_spam", "junk"), (answer.GetProperty("spamStatus").GetString(), answer.GetProperty("folder").GetString()));
        Assert.False(await IsWaitingAsync(ticket));
    }

    [Fact]
    public async Task SpamGetsTheTagsOfSpamAndLosesTheOthersThatCameByThemselves()
    {
        var spamTag = (await Api.PostAsync("tag", new { name = $"Spam {Guid.NewGuid():N}", properties = new[] { "spam" } })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var ticket = (await house.ReceiveAsync("Tags of spam")).TicketId;

        var spam = Tags(await SetAsync(ticket, "manual_spam"));
        var clean = Tags(await SetAsync(ticket, "manual_clean"));
        (await Api.DeleteAsync($"tag/{spamTag}")).Ok();

        Assert.Contains(spamTag, spam);
        Assert.DoesNotContain(spamTag, clean);
    }

    [Fact]
    public async Task CleanBringsItBackAndAnalysesItAgainWithoutActing()
    {
        var ticket = (await house.ReceiveAsync("Wrongly hidden", headers: Flagged)).TicketId;
        Assert.Equal("auto_spam", (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("spamStatus").GetString());

        var answer = (await SetAsync(ticket, "manual_clean")).Ticket;

        Assert.Equal(("manual_clean", "inbox"), (answer.GetProperty("spamStatus").GetString(), answer.GetProperty("folder").GetString()));
        var run = await house.ReadAsync(db => db.ProcessingRuns.OrderByDescending(r => r.Id).FirstAsync(r => db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticket), Cancel));
        Assert.Equal(ProcessingCause.CalledClean, run.Cause); // by which the model is not asked and automations only propose
    }

    [Theory]
    [InlineData("manual_clean")]
    [InlineData("manual_spam")]
    public async Task AManualVerdictStandsWhateverComes(string verdict)
    {
        var from = $"{Guid.NewGuid():N}@customer.example";
        var mail = await house.ReceiveAsync("It stands", from: from);
        await SetAsync(mail.TicketId, verdict);
        var id = await house.ReadAsync(db => db.Messages.Where(m => m.Id == mail.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));

        var later = await house.ReceiveAsync("Re: It stands", from: from, headers: $"In-Reply-To: <{id}>\r\n{(verdict == "manual_clean" ? Flagged : "")}");

        Assert.Equal(mail.TicketId, later.TicketId);
        Assert.Equal(verdict, (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().Ticket.GetProperty("spamStatus").GetString());
    }

    [Fact]
    public async Task NullWithdrawsAPersonsVerdictAndIsRecordedAsThat()
    {
        var ticket = (await house.ReceiveAsync("Withdrawn")).TicketId;
        await SetAsync(ticket, "manual_spam");

        var answer = (await SetAsync(ticket, null)).Ticket;

        Assert.Equal((JsonValueKind.Null, "inbox"), (answer.GetProperty("spamStatus").ValueKind, answer.GetProperty("folder").GetString()));
        var entry = await house.ReadAsync(db => db.Activity.Where(e => e.TicketId == ticket && e.Kind == ActivityKind.TicketSpamChanged).OrderByDescending(e => e.Sequence).FirstAsync(Cancel));
        Assert.Contains("withdrawn", entry.Changes, StringComparison.Ordinal);
        Assert.Equal("api", entry.Origin);
        Assert.False(await IsWaitingAsync(ticket)); // no stage judges anew
        Assert.False(await house.ReadAsync(db => db.SpamLessons.AnyAsync(l => db.Messages.Any(m => m.Id == l.MessageId && m.TicketId == ticket), Cancel)));
    }

    [Fact]
    public async Task NullLeavesWhatNoPersonSaid()
    {
        var ticket = (await house.ReceiveAsync("Found by a stage", headers: Flagged)).TicketId;

        Assert.Equal("auto_spam", (await SetAsync(ticket, null)).Ticket.GetProperty("spamStatus").GetString());
    }

    [Fact]
    public async Task AVerdictTeaches()
    {
        var ticket = (await house.ReceiveAsync("A lesson")).TicketId;

        await SetAsync(ticket, "manual_spam");

        var lesson = await house.ReadAsync(db => db.SpamLessons.SingleAsync(l => db.Messages.Any(m => m.Id == l.MessageId && m.TicketId == ticket), Cancel));
        Assert.Equal((true, LessonSource.Person), (lesson.IsSpam, lesson.Source));
    }

    [Fact]
    public async Task WhoSendsSpamIsNoContact()
    {
        var from = $"{Guid.NewGuid():N}@customer.example";
        var ticket = (await house.ReceiveAsync("No contact", from: from)).TicketId;

        await SetAsync(ticket, "manual_spam");
        var asSpam = await house.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == from, Cancel));
        await SetAsync(ticket, "manual_clean");

        Assert.False(asSpam);
        Assert.True(await house.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == from, Cancel)));
    }

    [Fact]
    public async Task AnsweringSpamByTheApiSaysThatItIsNone()
    {
        var ticket = (await house.ReceiveAsync("Answered", headers: Flagged)).TicketId;

        (await Api.PostAsync($"ticket/{ticket}/conversation/reply", new { content = new { message = "It was not you." } })).Ok();

        Assert.Equal("manual_clean", (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("spamStatus").GetString());
    }

    [Fact]
    public async Task SpamAndTagsTogetherEndAsWasSaid()
    {
        var tag = (await Api.PostAsync("tag", new { name = $"Kept {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var ticket = (await house.ReceiveAsync("Both")).TicketId;

        var answer = (await Api.PatchAsync($"ticket/{ticket}", new { spamStatus = "manual_clean", tagIds = new[] { tag }, status = "closed" })).Ok().Ticket;

        Assert.Equal(("manual_clean", "closed"), (answer.GetProperty("spamStatus").GetString(), answer.GetProperty("status").GetString()));
        Assert.Equal([tag], answer.GetProperty("tags").EnumerateArray().Select(id => id.GetInt64()));
    }

    private static IReadOnlyList<long> Tags(ApiReply answer) => [.. answer.Ticket.GetProperty("tags").EnumerateArray().Select(tag => tag.GetInt64())];

    private async Task<ApiReply> SetAsync(long ticket, string? status) => (await Api.PatchAsync($"ticket/{ticket}", new { spamStatus = status })).Ok();

    private Task<bool> IsWaitingAsync(long ticket) => house.ReadAsync(db => db.ProcessingRuns.AnyAsync(r => r.FinishedAt == null && db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticket), Cancel));
}
