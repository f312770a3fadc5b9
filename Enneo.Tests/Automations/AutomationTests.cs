using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Tags;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Automations;

/// <summary>What is done by itself when conditions hold, and what never is.</summary>
public sealed class AutomationTests : IAsyncLifetime
{
    private const string Origin = "test";

    private static readonly ConditionGroup s_invoices = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["invoice"])], []);

    private readonly TagStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhatMeetsTheConditionsIsTaggedAssignedAndClosed_AndTheLogSaysWhy()
    {
        var billing = await _store.AddAsync("Billing");
        await AddAsync("Invoices", new(AutomationActionKind.Tag) { TagId = billing }, new(AutomationActionKind.Assign) { PersonId = _store.Store.AgentId }, new(AutomationActionKind.Status) { Status = TicketStatus.Pending });

        var (_, ticket) = await _store.ReceiveAsync("Your invoice");
        var (_, other) = await _store.ReceiveAsync("Hello");

        var found = Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticket], Cancel));
        Assert.Equal((TicketStatus.Pending, _store.Store.AgentId), (found.Status, found.AssigneeId));
        Assert.Equal(["Billing"], await _store.TagsOfAsync(ticket));
        var run = Assert.Single(await RunsAsync(ticket));
        Assert.Equal(["Tag", "Assign", "Status"], run.Done);
        Assert.Contains("invoice", run.Because, StringComparison.Ordinal);
        Assert.Empty(await RunsAsync(other));
    }

    [Fact]
    public async Task NeverForSpam_AndNotWhenSwitchedOff()
    {
        var id = await AddAsync("Invoices", new AutomationAction(AutomationActionKind.Status) { Status = TicketStatus.Closed });
        var (_, spam) = await _store.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);
        await _store.Get<AutomationEditing>().UpdateAsync(id, await InputAsync(id) with { IsEnabled = false }, _store.Anna, Origin, Cancel);
        var (_, later) = await _store.ReceiveAsync("Your invoice");

        Assert.Empty(await RunsAsync(spam));
        Assert.Empty(await RunsAsync(later));
    }

    [Fact]
    public async Task CalledClean_ItIsOnlyProposed()
    {
        await AddAsync("Invoices", new AutomationAction(AutomationActionKind.Status) { Status = TicketStatus.Closed });
        var (_, ticket) = await _store.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);

        await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: false, _store.Anna, Origin, Cancel);
        await _store.Get<MailProcessing>().RunDueAsync(Cancel);

        Assert.True(Assert.Single(await RunsAsync(ticket)).IsProposed);
        Assert.Equal(TicketStatus.Open, Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticket], Cancel)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatWasProposedIsDoneOnceWhenAPersonSaysSo_OrNot(bool perform)
    {
        await AddAsync("Invoices", new AutomationAction(AutomationActionKind.Status) { Status = TicketStatus.Closed });
        await AnswerAsync("We got it.");
        var (_, ticket) = await _store.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);
        await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: false, _store.Anna, Origin, Cancel);
        await _store.Get<MailProcessing>().RunDueAsync(Cancel);
        var proposals = await _store.Get<AutomationProposals>().OfTicketAsync(Reach.All, ticket, Cancel);
        Assert.Equal(["Invoices", null], proposals.Select(proposal => proposal.Name));
        Assert.Empty(await OutboxAsync());

        foreach (var proposal in proposals)
        {
            Assert.True(await (perform
                ? _store.Get<AutomationProposals>().PerformAsync(proposal.Id, _store.Anna, Origin, Cancel)
                : _store.Get<AutomationProposals>().DismissAsync(proposal.Id, _store.Anna, Origin, Cancel)));
            Assert.False(await _store.Get<AutomationProposals>().PerformAsync(proposal.Id, _store.Anna, Origin, Cancel));
        }

        Assert.Empty(await _store.Get<AutomationProposals>().OfTicketAsync(Reach.All, ticket, Cancel));
        Assert.Equal(perform ? 1 : 0, (await OutboxAsync()).Count);
        Assert.Equal(perform ? TicketStatus.Closed : TicketStatus.Open, Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticket], Cancel)).Status);
    }

    [Fact]
    public async Task OfATicketEachThingIsProposedOnce_AndNothingWhileItIsSpamAgain()
    {
        await AddAsync("Invoices", new AutomationAction(AutomationActionKind.Status) { Status = TicketStatus.Closed });
        await AnswerAsync("We got it.");
        var (first, ticket) = await _store.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);
        await _store.ReceiveAsync("Re: Your invoice", headers: $"In-Reply-To: <{await MessageIdAsync(first)}>\r\n");
        var (decisions, proposals) = (_store.Get<SpamDecisions>(), _store.Get<AutomationProposals>());
        foreach (var isSpam in new[] { false, true, false })
        {
            await decisions.MarkAsync([ticket], isSpam, _store.Anna, Origin, Cancel);
            await _store.Get<MailProcessing>().RunDueAsync(Cancel);
        }

        var offered = await proposals.OfTicketAsync(Reach.All, ticket, Cancel);
        await decisions.MarkAsync([ticket], isSpam: true, _store.Anna, Origin, Cancel);

        Assert.Equal(["Invoices", null], offered.Select(proposal => proposal.Name));
        Assert.Empty(await proposals.OfTicketAsync(Reach.All, ticket, Cancel));
        Assert.False(await proposals.PerformAsync(offered[0].Id, _store.Anna, Origin, Cancel));
        await decisions.MarkAsync([ticket], isSpam: false, _store.Anna, Origin, Cancel);
        Assert.True(await proposals.PerformAsync(offered[0].Id, _store.Anna, Origin, Cancel)); // it was not lost
    }

    [Theory]
    [InlineData(ProcessingCause.Arrival, false)]
    [InlineData(ProcessingCause.CalledClean, true)]
    public async Task TriedAgain_AMailGoesOnFromWhatFailed_AndWhatWasDoneIsNotDoneAgain(ProcessingCause cause, bool isProposed)
    {
        await AddAsync("Invoices", new AutomationAction(AutomationActionKind.Note) { Text = "Look at this." });
        var (message, ticket) = await _store.ReceiveAsync("Your invoice", status: isProposed ? SpamStatus.ManualSpam : null);
        if (isProposed)
        {
            await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: false, _store.Anna, Origin, Cancel);
            await _store.Get<MailProcessing>().RunDueAsync(Cancel);
        }

        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var run = await db.ProcessingRuns.AsNoTracking().OrderByDescending(r => r.Id).FirstAsync(token);
                Assert.Equal(cause, run.Cause);
                await db.ProcessingRecords.Where(r => r.RunId == run.Id && r.Step == "tags").ExecuteUpdateAsync(set => set.SetProperty(r => r.Outcome, StepOutcome.Failed), token);
            },
            Cancel);
        Assert.True(await _store.Get<ProcessingRetry>().RunAsync(ticket, _store.Anna, Origin, Cancel));
        await _store.Get<MailProcessing>().RunDueAsync(Cancel);

        var again = (await _store.Get<ProcessingQueries>().OfTicketAsync(Reach.All, ticket, Cancel))[^1];
        Assert.Equal(["tags", "automations", "autoReply", "analysis"], again.Records.Select(record => record.Step).OrderBy(step => Array.IndexOf(["tags", "automations", "autoReply", "analysis"], step)));
        Assert.Equal(isProposed, Assert.Single(await RunsAsync(ticket)).IsProposed);
        var thread = await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, ticket, Cancel);
        Assert.Equal(isProposed ? 0 : 1, thread!.Messages.Count(written => written.IsNote));
        Assert.Equal(message, again.MessageId);
    }

    [Fact]
    public async Task AMailboxAnswersOncePerSenderAndTicket_MarkedAsAutomatic()
    {
        await AnswerAsync("Dear %NAME%, we got \"%SUBJECT%\".");
        var (message, ticket) = await _store.ReceiveAsync("Broken kettle");
        await _store.ProcessAsync(message, _store.Mailbox);

        var outgoing = Assert.Single(await OutboxAsync());
        Assert.Equal((ticket, "marta@example.net"), (outgoing.TicketId, Assert.Single(outgoing.Recipients).Address));
        using var mail = await SourceAsync(outgoing.MessageId);
        Assert.Equal("auto-replied", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("Re: Broken kettle", mail.Subject);
        Assert.Equal("Dear Marta Nowak, we got \"Broken kettle\".", mail.TextBody!.Trim());
        Assert.NotEmpty(mail.InReplyTo!);

        await _store.ReceiveAsync("Another matter");
        Assert.Equal(2, (await OutboxAsync()).Count);
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-generated\r\n", "robot@example.net")]
    [InlineData("Precedence: bulk\r\n", "news@example.net")]
    [InlineData("List-Id: <list.example.net>\r\n", "list@example.net")]
    [InlineData("X-Auto-Response-Suppress: All\r\n", "marta@example.net")]
    [InlineData("Return-Path: <>\r\n", "marta@example.net")]
    [InlineData("", "no-reply@example.net")]
    [InlineData("", "MAILER-DAEMON@example.net")]
    [InlineData("", "support@example.com")] // ourselves
    public async Task ProgramsAndOurselvesAreNotAnswered(string headers, string from)
    {
        await AnswerAsync("We got it.");

        await _store.ReceiveAsync("Hello", from: from, headers: headers);

        Assert.Empty(await OutboxAsync());
    }

    [Fact]
    public async Task SpamIsNotAnswered_AndNobodyGetsMoreThanFiveADay()
    {
        await AnswerAsync("We got it.");
        await _store.ReceiveAsync("Spam", status: SpamStatus.ManualSpam);
        Assert.Empty(await OutboxAsync());

        for (var i = 0; i < 8; i++)
        {
            await _store.ReceiveAsync($"Again {i}");
        }

        Assert.Equal(5, (await OutboxAsync()).Count);
    }

    [Fact]
    public async Task WhatIsIncompleteIsRefusedByField()
    {
        var result = await _store.Get<AutomationEditing>().AddAsync(new AutomationInput { Actions = [new(AutomationActionKind.Tag)] }, _store.Anna, Origin, Cancel);

        Assert.Equal(["actions", "conditions.conditions", "name"], result.Errors.Keys.Order());
    }

    private async Task<long> AddAsync(string name, params AutomationAction[] actions)
    {
        var result = await _store.Get<AutomationEditing>().AddAsync(
            new AutomationInput { Name = name, IsEnabled = true, Conditions = s_invoices, Actions = actions }, _store.Anna, Origin, Cancel);
        Assert.Empty(result.Errors);
        return result.AutomationId!.Value;
    }

    private async Task<AutomationInput> InputAsync(long id) => AutomationInput.Of((await _store.Get<AutomationQueries>().ListAsync(Cancel)).Single(automation => automation.Id == id));

    private async Task AnswerAsync(string text) =>
        Assert.True(await _store.Get<AutomationEditing>().SetAutoReplyAsync(_store.Mailbox.Id, true, text, _store.Anna, Origin, Cancel));

    private async Task<string> MessageIdAsync(long messageId)
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return (await db.Messages.SingleAsync(m => m.Id == messageId, Cancel)).InternetMessageId;
    }

    private Task<IReadOnlyList<AutomationRun>> RunsAsync(long ticketId) => _store.Get<AutomationRuns>().OfTicketAsync(Reach.All, ticketId, Cancel);

    private async Task<List<OutgoingMessage>> OutboxAsync()
    {
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await db.Outbox.AsNoTracking().ToListAsync(Cancel);
    }

    private async Task<MimeMessage> SourceAsync(long messageId)
    {
        using var source = (await _store.Get<MessageReader>().FindSourceAsync(Reach.All, messageId, Cancel))!;
        return await MimeMessage.LoadAsync(new MemoryStream(source.Memory.ToArray()), Cancel);
    }
}
