using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Tags;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>Nobody waits for an answer to spam. Once it is none, the time to answer runs from when the mail arrived.</summary>
public sealed class SpamDueTests : IAsyncLifetime
{
    private const string Origin = "test";
    private const int Hours = 4;

    private static readonly ConditionTest s_order = new(ConditionField.Subject, ConditionOperator.Contains, ["order"]);
    private static readonly (DateTimeOffset?, DateTimeOffset?) s_none = (null, null);

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SpamDecisions Decisions => _tags.Get<SpamDecisions>();

    public async ValueTask InitializeAsync()
    {
        await _tags.InitializeAsync();
        await _tags.AddAsync("Order", input => input with { SlaHours = Hours, Detection = TagDetectionMode.Conditions, Conditions = new(false, [s_order], []) });
        await _tags.AddAsync("Junk", input => input with { IsSpam = true, SlaHours = 1 });
    }

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Theory]
    [InlineData(SpamStatus.AutoSpam)]
    [InlineData(SpamStatus.AutoProgrammatic)]
    [InlineData(SpamStatus.ManualSpam)]
    public async Task AfterNotSpamTheTimeRunsFromArrival_NotFromTheClick(SpamStatus hiddenAs)
    {
        var ticket = await HiddenAsync("My order", hiddenAs);
        Assert.Equal(["Junk"], await _tags.TagsOfAsync(ticket));
        Assert.Equal(s_none, await DueAsync(ticket)); // nor does a tag for spam promise anything
        _tags.Store.Clock.Advance(TimeSpan.FromHours(3));

        await Decisions.MarkAsync([ticket], isSpam: false, _tags.Anna, Origin, Cancel);
        await _tags.Get<MailProcessing>().RunDueAsync(Cancel);

        var due = (await TicketAsync(ticket)).LastMessageAt.AddHours(Hours);
        Assert.Equal((due, due), await DueAsync(ticket));
    }

    [Fact]
    public async Task WhatBecomesSpamIsNotDueAnyMore_AndIsAgainOnceItIsNone()
    {
        var (_, ticket) = await _tags.ReceiveAsync("My order");
        var promised = await DueAsync(ticket);
        Assert.NotEqual(s_none, promised);

        var marked = await Decisions.MarkAsync([ticket], isSpam: true, _tags.Anna, Origin, Cancel);
        Assert.Equal(s_none, await DueAsync(ticket));
        await Decisions.UndoAsync(marked, _tags.Anna, Origin, Cancel);
        Assert.Equal(promised, await DueAsync(ticket));

        await Decisions.MarkAsync([ticket], isSpam: true, _tags.Anna, Origin, Cancel);
        _tags.Store.Clock.Advance(TimeSpan.FromHours(3));
        await Decisions.MarkAsync([ticket], isSpam: false, _tags.Anna, Origin, Cancel);
        await _tags.Get<MailProcessing>().RunDueAsync(Cancel);
        Assert.Equal(promised, await DueAsync(ticket));
    }

    [Fact]
    public async Task WhatAPersonSetComesBackAsTheySetIt()
    {
        var (_, ticket) = await _tags.ReceiveAsync("Hello");
        var wanted = _tags.Store.Clock.GetUtcNow().AddDays(9);
        await _tags.Get<TicketEditing>().SetDueAsync([ticket], null, wanted, _tags.Anna, Origin, Cancel);

        await Decisions.MarkAsync([ticket], isSpam: true, _tags.Anna, Origin, Cancel);
        Assert.Equal(s_none, await DueAsync(ticket));

        await Decisions.MarkAsync([ticket], isSpam: false, _tags.Anna, Origin, Cancel);
        Assert.Equal((null, wanted), await DueAsync(ticket));
    }

    [Fact]
    public async Task ATagThatAPersonGivesToSpamPromisesNothing_NorDoesWhatIsMergedIntoIt()
    {
        var (_, spam) = await _tags.ReceiveAsync("Hello", status: SpamStatus.ManualSpam);
        var (_, wanted) = await _tags.ReceiveAsync("My order");
        var given = await _tags.AddAsync("Soon", input => input with { SlaHours = 2 });

        await _tags.Tagging.GiveAsync([spam], given, _tags.Anna, Origin, Cancel);
        Assert.Equal(s_none, await DueAsync(spam));

        await _tags.Get<TicketRegrouping>().MergeAsync([spam, wanted], _tags.Anna, Origin, Cancel);
        var merged = await TicketAsync(spam);
        Assert.Equal((SpamStatus.ManualSpam, s_none), (merged.SpamStatus, (merged.FirstResponseDueBy, merged.DueBy)));
    }

    /// <summary>A rule about its header said so, or a server or a person meanwhile, before it was processed.</summary>
    private async Task<long> HiddenAsync(string subject, SpamStatus status)
    {
        var received = await _tags.Store.ReceiveAsync(_tags.Mailbox, subject);
        await _tags.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                (await db.Tickets.SingleAsync(t => t.Id == received.TicketId, token)).SpamStatus = status;
                db.SpamVerdicts.Add(new SpamVerdict { MessageId = received.MessageId, MailboxId = _tags.Mailbox.Id, Stage = SpamStage.Header, Rule = HeaderRule.SpamAssassin, IsSpam = true, JudgedAt = _tags.Store.Clock.GetUtcNow() });
                await db.SaveChangesAsync(token);
            },
            Cancel);
        await _tags.ProcessAsync(received.MessageId, _tags.Mailbox);
        return received.TicketId;
    }

    private async Task<(DateTimeOffset? First, DateTimeOffset? Whole)> DueAsync(long ticketId)
    {
        var ticket = await TicketAsync(ticketId);
        return (ticket.FirstResponseDueBy, ticket.DueBy);
    }

    private async Task<TicketSummary> TicketAsync(long ticketId) => Assert.Single(await _tags.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], Cancel));
}
