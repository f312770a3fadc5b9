using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Mailboxes;
using Enneo.Core.Processing;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Tests.Sync;
using Enneo.Web.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam.Meaning;

/// <summary>"Not spam", and all that follows from it.</summary>
[Trait("Category", "Server")]
[Collection(MeaningCollection.Name)]
public sealed class NotSpamTests(MeaningHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryAnalysisRunsAgain_TheSpamCheckIsSkipped_AndAutomaticTagsForSpamGo()
    {
        var subject = MeaningMail.Hidden[0];
        Assert.Equal(["Junk", "Rubbish"], await house.TagsAsync(subject));

        await house.MarkAsync(subject, isSpam: false);

        Assert.Equal(SpamStatus.ManualClean, await house.Mailbox.SpamStatusAsync(subject));
        Assert.Equal(["Order"], await house.TagsAsync(subject));
        Assert.Equal("en", (await house.Mailbox.MessageAsync(subject)).Language);
        Assert.True(await house.IsContactAsync(MeaningMail.SenderOf(subject)));
        var again = await LastRunAsync(subject);
        Assert.Equal((ProcessingCause.CalledClean, true), (again.Cause, again.IsFinished));
        Assert.Equal(
            ["spam:Skipped", "language:Done", "tags:Done", "automations:Proposed", "autoReply:Proposed", "analysis:Skipped"],
            again.Records.Select(record => $"{record.Step}:{record.Outcome}").OrderBy(step => Array.IndexOf(["spam", "language", "tags", "automations", "autoReply", "analysis"], step.Split(':')[0])));
    }

    [Fact]
    public async Task NoActionIsPerformedButProposed_OneClickEach_TheMissedAcknowledgementAmongThem()
    {
        var subject = MeaningMail.Hidden[1];
        await house.MarkAsync(subject, isSpam: false);
        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.All(await house.RunsAsync(subject), run => Assert.True(run.IsProposed));
        Assert.Empty(await house.OutboxAsync(subject));
        Assert.Null(ticket.AssigneeId);

        var proposals = house.Get<AutomationProposals>();
        var proposed = await proposals.OfTicketAsync(Reach.All, ticket.Id, Cancel);
        Assert.Equal(["Orders", null], proposed.Select(proposal => proposal.Name));
        foreach (var proposal in proposed)
        {
            Assert.True(await proposals.PerformAsync(proposal.Id, MeaningHouse.Anna, "web", Cancel));
        }

        Assert.Single(await house.OutboxAsync(subject));
        Assert.Equal(SyncedMailbox.Person, (await house.Mailbox.TicketAsync(subject)).AssigneeId);
        Assert.Empty(await proposals.OfTicketAsync(Reach.All, ticket.Id, Cancel));
    }

    [Fact]
    public async Task TheTimeToAnswerRunsFromArrival_AndTheTicketSaysForHowLongItWasHidden()
    {
        var subject = MeaningMail.Hidden[2];
        var arrived = (await house.Mailbox.MessageAsync(subject)).ReceivedAt;
        house.Pass(TimeSpan.FromHours(3));

        await house.MarkAsync(subject, isSpam: false);

        var ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((arrived.AddHours(MeaningHouse.SlaHours), arrived.AddHours(MeaningHouse.SlaHours)), (ticket.FirstResponseDueBy, ticket.DueBy));
        ThreadHistory history = new(await ActivityAsync(ticket.Id), []);
        var hidden = Assert.Single(history.Before(0), happening => happening.Hidden is not null);
        Assert.InRange(hidden.Hidden!.Value, TimeSpan.FromHours(3), TimeSpan.FromHours(3.5));
    }

    [Fact]
    public async Task WhatWasWithheldAsAReportIsDeliveredNow()
    {
        var subject = MeaningMail.Hidden[3];
        Assert.DoesNotContain("TicketCreated", await house.ToldAsync(subject));

        await house.MarkAsync(subject, isSpam: false);
        house.Pass(TimeSpan.FromSeconds(15)); // the longest that news wait for the analysis

        var told = await house.ToldAsync(subject);
        Assert.Single(told, happened => happened == "TicketCreated");
        Assert.True(told.IndexOf("TicketCreated") < told.LastIndexOf("SpamStatusChanged"));
    }

    [Fact]
    public async Task TheMailIsMovedToJunkAndBackToTheInbox_AndByUndoToo()
    {
        var subject = MeaningMail.Hidden[4];
        var spam = house.Get<SpamDecisions>();
        await house.MarkAsync(subject, isSpam: true);
        Assert.Equal(["Junk"], await house.OnServerAsync(subject));

        var clean = await house.MarkAsync(subject, isSpam: false);
        Assert.Equal(["INBOX"], await house.OnServerAsync(subject));

        Assert.True(await spam.UndoAsync(clean, MeaningHouse.Anna, "web", Cancel));
        Assert.Equal(["Junk"], await house.OnServerAsync(subject));
        Assert.Equal(SpamStatus.ManualSpam, await house.Mailbox.SpamStatusAsync(subject));
    }

    [Fact]
    public async Task WhereTheMailboxSaysSoItStaysWhereItLies()
    {
        var subject = MeaningMail.Hidden[5];
        await house.MarkAsync(subject, isSpam: true);
        Assert.Equal(["Junk"], await house.OnServerAsync(subject));
        await house.Mailbox.SetAsync(settings => settings.JunkMoves = JunkMoves.ByNobody);

        await house.MarkAsync(subject, isSpam: false);

        var lies = await house.OnServerAsync(subject);
        await house.Mailbox.SetAsync(settings => settings.JunkMoves = JunkMoves.ByPeople);
        Assert.Equal(["Junk"], lies);
        Assert.Equal((SpamStatus.ManualClean, TicketPlace.Desk), (await house.Mailbox.SpamStatusAsync(subject), (await house.Mailbox.TicketAsync(subject)).Place));
    }

    [Fact]
    public async Task ReplyingToSpamMeansNotSpam()
    {
        var subject = MeaningMail.Hidden[6];
        var drafts = house.Get<Drafts>();
        var draft = (await drafts.StartReplyAsync((await house.Mailbox.MessageAsync(subject)).Id, DraftMode.Reply, SyncedMailbox.Person, Cancel))!;
        Assert.Equal(SpamStatus.AutoSpam, await house.Mailbox.SpamStatusAsync(subject)); // only once it is sent
        await drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, "<div>It is on its way.</div>"), SyncedMailbox.Person, Cancel);

        Assert.NotNull((await house.Get<Outbox>().SendAsync(draft.Id, SyncedMailbox.Person, Cancel)).Outgoing);
        await house.Mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.ManualClean, await house.Mailbox.SpamStatusAsync(subject));
        Assert.Equal(ProcessingCause.CalledClean, (await LastRunAsync(subject)).Cause);
    }

    [Fact]
    public async Task WhatLookedSuspiciousAndIsFineIsProcessedAgain_AndWhatWasDoneIsNeitherDoneNorProposedAgain()
    {
        var subject = MeaningMail.Shown[0];
        Assert.Equal(SpamStatus.AutoClean, await house.Mailbox.SpamStatusAsync(subject));
        var (runs, answers) = ((await house.RunsAsync(subject)).Count, (await house.OutboxAsync(subject)).Count);

        await house.MarkAsync(subject, isSpam: false);

        Assert.Equal(SpamStatus.ManualClean, await house.Mailbox.SpamStatusAsync(subject));
        Assert.Equal((ProcessingCause.CalledClean, true), await LastRunAsync(subject) is var last ? (last.Cause, last.IsFinished) : default);
        Assert.Equal((1, 1), (runs, answers));
        Assert.Equal((1, 1), ((await house.RunsAsync(subject)).Count, (await house.OutboxAsync(subject)).Count));
    }

    [Fact]
    public async Task WhatAProgramSaysIsDueIsKeptButNotShown_UntilItIsNoSpam()
    {
        var subject = MeaningMail.Hidden[7];
        var ticket = await house.Mailbox.TicketAsync(subject);
        var (first, due) = (At(ticket.CreatedAt.AddHours(1)), At(ticket.CreatedAt.AddDays(9)));
        await PatchAsync(new TicketPatch(ticket.Id) { DueBy = new(true, due) });
        await PatchAsync(new TicketPatch(ticket.Id) { FirstResponseDueBy = new(true, first) });
        ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((null, null), (ticket.FirstResponseDueBy, ticket.DueBy));

        await house.Get<SpamDecisions>().MarkAsync([ticket.Id], isSpam: false, MeaningHouse.Anna, "web", Cancel);

        ticket = await house.Mailbox.TicketAsync(subject);
        Assert.Equal((first, due), (ticket.FirstResponseDueBy, ticket.DueBy));
    }

    [Fact]
    public async Task ATagThatAPersonGaveToSpamPromisesWhatItPromises_OnceItIsNone()
    {
        var subject = MeaningMail.Hidden[8];
        var ticket = await house.Mailbox.TicketAsync(subject);
        var soon = (await house.Get<TagEditing>().AddAsync(new TagInput { Name = "Soon", SlaHours = 2 }, Actor.Operator, "test", Cancel)).TagId!.Value;
        await house.Get<TicketTagging>().GiveAsync([ticket.Id], soon, MeaningHouse.Anna, "web", Cancel);
        Assert.Null((await house.Mailbox.TicketAsync(subject)).DueBy);

        await house.MarkAsync(subject, isSpam: false);

        Assert.Equal((await house.Mailbox.MessageAsync(subject)).ReceivedAt.AddHours(2), (await house.Mailbox.TicketAsync(subject)).DueBy);
        Assert.Equal(["Order", "Soon"], await house.TagsAsync(subject));
    }

    private static DateTimeOffset At(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    private async Task PatchAsync(TicketPatch patch) =>
        Assert.Equal([PatchOutcome.Done], (await house.Get<TicketPatching>().RunAsync([patch], MeaningHouse.Anna, "api", Cancel)).Outcomes);

    private Task<List<ActivityEntry>> ActivityAsync(long ticketId) =>
        house.ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.TicketId == ticketId).OrderBy(e => e.Sequence).ToListAsync(Cancel));

    private async Task<ProcessedRun> LastRunAsync(string subject) =>
        (await house.Get<ProcessingQueries>().OfTicketAsync(Reach.All, (await house.Mailbox.TicketAsync(subject)).Id, Cancel))[^1];
}
