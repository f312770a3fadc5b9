using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Processing;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What spam means holds for mail that programs bring, and for what they say of it.</summary>
[Collection(ApiCollection.Name)]
public sealed class SpamMeaningByApiTests(ApiHouse house)
{
    private const string Flagged = "X-Spam-Flag: YES\r\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task SpamThatAProgramBringsStaysOpenAndIsHidden()
    {
        var spam = await BringAsync("Hidden", Flagged);

        var ticket = (await Api.GetAsync($"ticket/{spam.Ticket}")).Ok().Ticket;
        Assert.Equal(("auto_spam", "open"), (Text(ticket, "spamStatus"), Text(ticket, "status")));
        Assert.False(await IsFoundAsync(spam.Ticket, "skills"));
        Assert.True(await IsFoundAsync(spam.Ticket, "all"));
    }

    [Fact]
    public async Task SpamThatAProgramBringsGetsTheTagsOfSpamAndNoOthers_AndItsSenderIsNoContact()
    {
        var isDefault = await TagAsync("Default", "defaultSkill");
        var isSpam = await TagAsync("Spam", "spam");

        var spam = await BringAsync("Tags of what comes", Flagged);
        var clean = await BringAsync("Tags of what comes", "");

        await house.ProcessedAsync(spam.Message);
        await house.ProcessedAsync(clean.Message);
        var (ofSpam, ofClean) = (await TagsAsync(spam.Ticket), await TagsAsync(clean.Ticket));
        await Task.WhenAll(Api.DeleteAsync($"tag/{isDefault}"), Api.DeleteAsync($"tag/{isSpam}"));
        Assert.Equal([isSpam], ofSpam);
        Assert.DoesNotContain(isSpam, ofClean);
        Assert.False(await house.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == spam.From, Cancel)));
        Assert.True(await house.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == clean.From, Cancel)));
    }

    [Fact]
    public async Task OfSpamEveryStepIsSkippedThatIsNotForSpam()
    {
        var spam = await BringAsync("Steps", Flagged, process: "realtime");

        var steps = await StepsAsync(spam.Message);
        Assert.NotEmpty(steps);
        Assert.DoesNotContain(steps, step => step.Outcome is StepOutcome.Proposed);
        Assert.Contains(steps, step => step.Outcome is StepOutcome.Skipped && step.Details.Contains(nameof(SkipReason.Spam), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ALaterMailThatLooksLikeSpamHidesNoConversation_ButSaysSo()
    {
        var first = await BringAsync("A live conversation", "");
        var id = await house.ReadAsync(db => db.Messages.Where(m => m.Id == first.Message).Select(m => m.InternetMessageId).SingleAsync(Cancel));

        var later = await BringAsync("Re: A live conversation", $"{Flagged}In-Reply-To: <{id}>\r\n", from: first.From);

        Assert.Equal(first.Ticket, later.Ticket);
        Assert.False((await StatusAsync(first.Ticket)).IsSpam());
        Assert.True(await house.ReadAsync(db => db.SpamVerdicts.AnyAsync(v => v.MessageId == later.Message && v.IsSpam == true, Cancel)));
    }

    [Theory]
    [InlineData("manual_spam", SpamStatus.ManualSpam)]
    [InlineData("manual_clean", SpamStatus.ManualClean)]
    public async Task NeitherStageOverwritesWhatAProgramSaid_HoweverOftenItIsAnalysed(string verdict, SpamStatus stands)
    {
        var mail = await BringAsync($"Stands {verdict}", Flagged, process: "realtime");
        (await Api.PatchAsync($"ticket/{mail.Ticket}", new { spamStatus = verdict })).Ok();

        Assert.Equal(202, (await Api.PostAsync($"ticket/{mail.Ticket}/reprocess?performActions=true", null)).Status);
        await house.ProcessedAsync(mail.Message);
        var later = await BringAsync("A later one", Flagged, from: mail.From);

        Assert.Equal(stands, await StatusAsync(mail.Ticket));
        Assert.NotEqual(mail.Message, later.Message);
    }

    [Fact]
    public async Task AfterACleanVerdictTheModelIsNotAskedAndNothingIsDoneByItself()
    {
        var mail = await BringAsync("Analysed anew", Flagged, process: "realtime");
        var before = await house.ReadAsync(db => db.Outbox.CountAsync(Cancel));

        (await Api.PatchAsync($"ticket/{mail.Ticket}", new { spamStatus = "manual_clean" })).Ok();
        await house.ProcessedAsync(mail.Message);

        var run = await house.ReadAsync(db => db.ProcessingRuns.OrderByDescending(r => r.Id).FirstAsync(r => r.MessageId == mail.Message, Cancel));
        Assert.Equal(ProcessingCause.CalledClean, run.Cause);
        Assert.Contains(await StepsAsync(mail.Message), step => step.Outcome is StepOutcome.Skipped && step.Details.Contains(nameof(SkipReason.CalledClean), StringComparison.OrdinalIgnoreCase));
        Assert.Equal(before, await house.ReadAsync(db => db.Outbox.CountAsync(Cancel)));
    }

    [Fact]
    public async Task WhatWasAnsweredElsewhereIsNoSpam()
    {
        var mail = await BringAsync("Answered elsewhere", Flagged);

        (await Api.PostAsync($"ticket/{mail.Ticket}/conversation/store", new { direction = "out", content = new { message = "Thank you" } })).Ok(201);

        Assert.Equal(SpamStatus.ManualClean, await StatusAsync(mail.Ticket));
    }

    [Fact]
    public async Task ANoteOnSpamSaysNothingAboutIt()
    {
        var mail = await BringAsync("A note on it", Flagged);

        (await Api.PostAsync($"ticket/{mail.Ticket}/conversation/store", new { content = new { message = "Is this one?" } })).Ok(201);

        Assert.Equal(SpamStatus.AutoSpam, await StatusAsync(mail.Ticket));
    }

    [Fact]
    public async Task EachFurtherMailOfUnansweredSpamIsJudged()
    {
        var mail = await BringAsync("Judged again", Flagged, process: "realtime");

        var later = (await Api.PostAsync($"ticket/{mail.Ticket}/conversation/store", new { direction = "in", content = new { message = "Hello Anna, see you on Monday at the station." }, process = "realtime" })).Ok(201).Json.GetProperty("id").GetInt64();

        Assert.Contains(await StepsAsync(later), step => step.Outcome is StepOutcome.Done);
        Assert.True(await house.ReadAsync(db => db.SpamVerdicts.AnyAsync(v => v.MessageId == later, Cancel)));
    }

    [Fact]
    public async Task SeveralVerdictsAtOnceAreEachAPersonsWord()
    {
        var (one, two) = (await BringAsync("One of two", Flagged), await BringAsync("Two of two", ""));

        (await Api.PatchAsync("ticket", new object[] { new { id = one.Ticket, spamStatus = "manual_clean" }, new { id = two.Ticket, spamStatus = "manual_spam" } })).Ok();

        Assert.Equal((SpamStatus.ManualClean, SpamStatus.ManualSpam), (await StatusAsync(one.Ticket), await StatusAsync(two.Ticket)));
        Assert.Equal(2, await house.ReadAsync(db => db.Activity.CountAsync(e => (e.TicketId == one.Ticket || e.TicketId == two.Ticket) && e.Kind == ActivityKind.TicketSpamChanged && e.Origin == "api" && e.ApiKeyId != null && e.Changes.Contains("Manual"), Cancel)));
    }

    [Fact]
    public async Task SpamThatIsNotToBeAnalysedHasTheTagsForSpamAllTheSame()
    {
        var isDefault = await TagAsync("Default of others", "defaultSkill");
        var isSpam = await TagAsync("Spam of all", "spam");

        var spam = await BringAsync("Not analysed", Flagged, process: "false");

        var tags = await TagsAsync(spam.Ticket);
        await Task.WhenAll(Api.DeleteAsync($"tag/{isDefault}"), Api.DeleteAsync($"tag/{isSpam}"));
        Assert.Equal([isSpam], tags);
        Assert.Empty(await StepsAsync(spam.Message));
    }

    [Fact]
    public async Task WhenSpamIsDueIsKept_AndShownOnceItIsNone()
    {
        var due = "2031-05-04T09:00:00Z";
        var source = $"From: Mia <{Guid.NewGuid():N}@bringer.example>\r\nTo: support@example.test\r\nSubject: Due\r\nMessage-ID: <{Guid.NewGuid():N}@bringer.example>\r\n{Flagged}\r\nHello\r\n";
        var ticket = (await Api.PostAsync("ticket", new { subchannelId = house.Support, source = Convert.ToBase64String(Encoding.UTF8.GetBytes(source)), dueBy = due })).Ok(201).Json.GetProperty("id").GetInt64();
        Assert.Equal(JsonValueKind.Null, (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("dueBy").ValueKind);

        (await Api.PatchAsync($"ticket/{ticket}", new { spamStatus = "manual_clean" })).Ok();

        Assert.Equal(DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture), (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("dueBy").GetDateTimeOffset());
    }

    [Fact]
    public async Task WithoutAnalysisNothingIsJudged_AndTheWorkGoesOn()
    {
        var mail = await BringAsync("Not judged", "", process: "false");

        Assert.Null(await StatusAsync(mail.Ticket));
        Assert.True(await IsFoundAsync(mail.Ticket, "skills"));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<(long Ticket, long Message, string From)> BringAsync(string subject, string headers, string? from = null, string process = "batch")
    {
        from ??= $"{Guid.NewGuid():N}@bringer.example";
        var source = $"From: Mia <{from}>\r\nTo: support@example.test\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@bringer.example>\r\n{headers}\r\nHello\r\n";
        var created = (await Api.PostAsync("ticket", new { subchannelId = house.Support, source = Convert.ToBase64String(Encoding.UTF8.GetBytes(source)), process })).Ok(201).Json;
        return (created.GetProperty("id").GetInt64(), created.GetProperty("conversationId").GetInt64(), from);
    }

    private async Task<long> TagAsync(string name, string property) =>
        (await Api.PostAsync("tag", new { name = $"{name} {Guid.NewGuid():N}", type = "skill", properties = new[] { property } })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();

    private async Task<IReadOnlyList<long>> TagsAsync(long ticket) => [.. (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("tags").EnumerateArray().Select(tag => tag.GetInt64())];

    private Task<SpamStatus?> StatusAsync(long ticket) => house.ReadAsync(db => db.Tickets.Where(t => t.Id == ticket).Select(t => t.SpamStatus).SingleAsync(Cancel));

    private Task<List<ProcessingRecord>> StepsAsync(long message) =>
        house.ReadAsync(db => db.ProcessingRecords.Where(r => db.ProcessingRuns.Any(run => run.Id == r.RunId && run.MessageId == message)).ToListAsync(Cancel));

    private async Task<bool> IsFoundAsync(long ticket, string scope) =>
        (await Api.PostAsync("ticket/search", new { ticketScope = scope, filters = new[] { new { key = "id", value = ticket } } })).Ok().Json.GetProperty("total").GetInt32() == 1;
}
