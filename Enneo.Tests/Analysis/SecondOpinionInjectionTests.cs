using System.Text.Json;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Model;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Analysis;

/// <summary>
/// Mails that try to instruct the second opinion, against a model that obeys them to its worst: even then it moves the
/// evidence by no more than it may, decides nothing alone, and does nothing else.
/// </summary>
public sealed class SecondOpinionInjectionTests(AnalysisStore store) : IClassFixture<AnalysisStore>
{
    private const double Most = 1.5;
    private const double SpamFrom = .9999;
    private const int LongestText = 2048;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Injections.All.Select(mail => mail.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AMailThatGivesOrdersMovesTheFigureALittleAtMost(string name)
    {
        var mail = Injections.All.Single(mail => mail.Name == name);
        await SetAsync(SpamFrom, unsureFrom: 0);
        store.Model.Says = _ => mail.Said;
        var before = store.Model.Asked.Count;

        var (messageId, ticketId) = await ReceiveAsync(mail);

        var verdict = await store.ReadAsync(db => db.SpamVerdicts.AsNoTracking().SingleAsync(v => v.MessageId == messageId, Cancel));
        var alone = verdict.ProbabilityAlone ?? verdict.Probability!.Value;
        Assert.InRange(Math.Abs(Logistic.Inverse(verdict.Probability!.Value) - Logistic.Inverse(alone)), 0, Most + 1e-6);
        Assert.True(alone < SpamFrom);
        var ticket = await store.ReadAsync(db => db.Tickets.AsNoTracking().SingleAsync(t => t.Id == ticketId, Cancel));
        Assert.Equal(verdict.Probability >= SpamFrom ? SpamStatus.AutoSpam : SpamStatus.AutoClean, ticket.SpamStatus);
        Assert.Equal((TicketStatus.Open, null, TicketPriority.Medium), (ticket.Status, ticket.AssigneeId, ticket.Priority));
        Assert.Equal((0, 0, 0, 0), await store.ReadAsync(
            async db => (await db.Outbox.CountAsync(Cancel), await db.Drafts.CountAsync(Cancel), await db.AutomationRuns.CountAsync(Cancel), await db.SpamSenders.CountAsync(Cancel))));
        Assert.InRange(verdict.OpinionReason.Length, 0, 301);
        Assert.DoesNotContain(verdict.OpinionReason, char.IsControl);

        Assert.Equal(before + 1, store.Model.Asked.Count);
        AssertApart(store.Model.Asked[^1], mail);
    }

    /// <summary>What is clear already is not asked about, whatever it says.</summary>
    [Fact]
    public async Task ClearSpamIsNotAskedAbout_HoweverMuchItAsksFor()
    {
        await SetAsync(spamFrom: .000001, unsureFrom: 0);
        store.Model.Says = _ => """{"spam": 0.0}""";
        var before = store.Model.Asked.Count;

        var (_, ticketId) = await ReceiveAsync(Injections.All[0]);

        Assert.Equal(before, store.Model.Asked.Count);
        Assert.Equal(SpamStatus.AutoSpam, await store.ReadAsync(db => db.Tickets.Where(t => t.Id == ticketId).Select(t => t.SpamStatus).SingleAsync(Cancel)));
    }

    [Fact]
    public void TheyAreManyAndSpeakThreeLanguages() => Assert.InRange(Injections.All.Count, 25, 100);

    /// <summary>Instructions and mail travel apart: the mail is one JSON object of known fields, whatever it tries to close.</summary>
    private static void AssertApart(JsonElement asked, Injection mail)
    {
        Assert.Equal(["system", "user"], asked.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.False(asked.TryGetProperty("tools", out _));
        Assert.DoesNotContain(Injections.Mark, ModelServer.Text(asked, "system"), StringComparison.Ordinal);
        using var data = JsonDocument.Parse(ModelServer.Text(asked, "user"));
        Assert.Equal(["subject", "text", "hosts"], data.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.InRange(data.RootElement.GetProperty("text").GetString()!.Length, 0, LongestText);
        Assert.All(data.RootElement.GetProperty("hosts").EnumerateArray(), host => Assert.DoesNotContain(Injections.Mark, host.GetString(), StringComparison.Ordinal));
        if (mail.IsOutside)
        {
            Assert.DoesNotContain(Injections.Mark, asked.GetRawText(), StringComparison.Ordinal);
        }
    }

    private async Task SetAsync(double spamFrom, double unsureFrom)
    {
        await store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { SpamThreshold = spamFrom, UnsureThreshold = unsureFrom }, store.Tags.Anna, "test", Cancel);
        await store.SwitchOnAsync(input => input with { SecondOpinion = true, SecondOpinionDailyTokens = 1_000_000, DailyTokens = 0 });
    }

    private async Task<(long MessageId, long TicketId)> ReceiveAsync(Injection mail)
    {
        var received = await store.Tags.Store.ReceiveAsync(store.Tags.Mailbox, mail.Subject, mail.From, headers: mail.Headers, text: mail.Text, contentType: mail.ContentType);
        await store.Tags.ProcessAsync(received.MessageId, store.Tags.Mailbox);
        return (received.MessageId, received.TicketId);
    }
}
