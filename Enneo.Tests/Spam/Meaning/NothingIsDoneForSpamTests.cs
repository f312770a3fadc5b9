using Enneo.Core.Analysis;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Sync;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>What is skipped for spam, whichever stage found it, beside a mail of the same kind that is wanted.</summary>
[Trait("Category", "Server")]
[Collection(MeaningCollection.Name)]
public sealed class NothingIsDoneForSpamTests(MeaningHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task SpamGetsAllTagsForSpamThatApplyToTheMailbox_AndNoOthers(string subject, bool isSpam) =>
        Assert.Equal(isSpam ? ["Junk", "Rubbish"] : ["Order"], await house.TagsAsync(subject));

    [Fact]
    public async Task TheDefaultTagIsForWhatNothingElseMatched() => Assert.Equal(["Default"], await house.TagsAsync(MeaningMail.Plain));

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task NoAutomationRunsForSpam_AndItIsAssignedToNobody(string subject, bool isSpam)
    {
        Assert.Equal(isSpam, (await house.RunsAsync(subject)).Count == 0);
        Assert.Equal(isSpam ? null : SyncedMailbox.Person, (await house.Mailbox.TicketAsync(subject)).AssigneeId);
        Assert.Equal(isSpam, !(await house.Mailbox.MessagesAsync((await house.Mailbox.TicketAsync(subject)).Id)).Any(message => message.IsNote));
    }

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task SpamIsNotAnsweredByItself(string subject, bool isSpam) => Assert.Equal(isSpam, (await house.OutboxAsync(subject)).Count == 0);

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task NobodyWaitsForAnAnswerToSpam(string subject, bool isSpam)
    {
        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((isSpam, isSpam), (ticket.FirstResponseDueBy is null, ticket.DueBy is null));
    }

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task WhoSendsSpamBecomesNoContact(string subject, bool isSpam) => Assert.Equal(isSpam, !await house.IsContactAsync(MeaningMail.SenderOf(subject)));

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task NothingIsSuggestedForSpam(string subject, bool isSpam)
    {
        var suggested = await house.Get<AnalysisQueries>().OfTicketAsync(Reach.All, (await house.Mailbox.TicketAsync(subject)).Id, Cancel);
        Assert.Equal(isSpam, suggested is not { Similar.Count: > 0 });
    }

    [Theory]
    [InlineData(MeaningMail.ByHeader, true)]
    [InlineData(MeaningMail.ByModel, true)]
    [InlineData(MeaningMail.Clean, false)]
    public async Task OfSpamOtherSystemsHearOnlyThatItIsSpam(string subject, bool isSpam)
    {
        var told = await house.ToldAsync(subject);
        Assert.Equal(!isSpam, told.Contains("TicketCreated"));
        Assert.Equal(isSpam, told.TrueForAll(happened => happened == "SpamStatusChanged"));
    }

    [Theory]
    [InlineData(MeaningMail.ByHeader)]
    [InlineData(MeaningMail.ByModel)]
    public async Task OfSpamOnlyTheStepsForSpamAreTaken(string subject)
    {
        var run = Assert.Single(await house.Get<ProcessingQueries>().OfTicketAsync(Reach.All, (await house.Mailbox.TicketAsync(subject)).Id, Cancel));
        Assert.True(run.IsFinished);
        Assert.Equal(["language", "automations", "autoReply", "analysis"], run.Records.Where(record => record.Details.Contains($"\"{SkipReason.Spam}\"", StringComparison.Ordinal)).Select(record => record.Step)
            .OrderBy(step => Array.IndexOf(["language", "automations", "autoReply", "analysis"], step)));
    }

    [Theory]
    [InlineData(MeaningMail.ByHeader, SpamStage.Header)]
    [InlineData(MeaningMail.ByModel, SpamStage.Model)]
    public async Task SpamStaysOpenButHidden_InItsOwnViewWithStageAndReason(string subject, SpamStage stage)
    {
        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal(TicketStatus.Open, ticket.Status);
        var queries = house.Get<TicketQueries>();
        foreach (var view in new[] { TicketView.Open, TicketView.Unassigned, TicketView.Closed, TicketView.Trash })
        {
            Assert.DoesNotContain(await queries.ListAsync(Reach.All, new TicketFilter(house.Mailbox.Id, view), null, 500, Cancel), listed => listed.Id == ticket.Id);
        }

        Assert.Contains(await queries.ListAsync(Reach.All, new TicketFilter(house.Mailbox.Id, TicketView.Junk), null, 500, Cancel), listed => listed.Id == ticket.Id);
        var finding = Assert.Single(await house.Get<SpamQueries>().OfTicketAsync(Reach.All, ticket.Id, Cancel));
        Assert.Equal((stage, true), (finding.Stage, finding.IsSpam));
        Assert.True(stage is SpamStage.Header ? finding is { Rule: HeaderRule.SpamAssassin, Evidence: "X-Spam-Flag: YES" } : finding is { Probability: > .9, Reasons.Count: > 0 });
    }

    [Fact]
    public async Task NothingIsDeletedByItselfAtFirst()
    {
        Assert.Equal(0, await house.Get<SpamRetention>().RunAsync(Cancel));
        Assert.Equal(0, await house.Get<SpamErasing>().RunAsync(Cancel));
        Assert.Equal(["INBOX"], await house.OnServerAsync(MeaningMail.ByHeader)); // nor moved: nobody has said anything
    }
}
