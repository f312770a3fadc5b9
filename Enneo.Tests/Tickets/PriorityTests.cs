using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Tags;

namespace Enneo.Tests.Tickets;

/// <summary>How urgent a conversation is, and by when it is to be answered.</summary>
public sealed class PriorityTests : IAsyncLifetime
{
    private const string Origin = "test";

    private readonly TagStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TicketEditing Editing => _store.Get<TicketEditing>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task APersonSetsThePriority_WhichCanBeTakenBack()
    {
        var (_, ticket) = await _store.ReceiveAsync("Broken kettle");
        Assert.Equal(TicketPriority.Medium, (await FindAsync(ticket)).Priority);

        var changes = await Editing.SetPriorityAsync([ticket], TicketPriority.Low, _store.Anna, Origin, Cancel);
        Assert.Equal(TicketPriority.Low, (await FindAsync(ticket)).Priority);
        Assert.Empty(await Editing.SetPriorityAsync([ticket], TicketPriority.Low, _store.Anna, Origin, Cancel));
        Assert.Contains(
            await _store.Get<ActivityQueries>().HistoryAsync(Reach.All, [ticket], Cancel),
            entry => entry is { Kind: ActivityKind.TicketPriorityChanged, Changes: """{"priority":["Medium","Low"]}""" });

        await Editing.UndoAsync(changes, _store.Anna, Origin, Cancel);
        Assert.Equal(TicketPriority.Medium, (await FindAsync(ticket)).Priority);
    }

    [Fact]
    public async Task MergedConversationsAreAsUrgentAsTheMostUrgent_UntilThatIsUndone()
    {
        var (_, one) = await _store.ReceiveAsync("Broken kettle");
        var (_, two) = await _store.ReceiveAsync("Another kettle");
        var soon = _store.Store.Clock.GetUtcNow().AddHours(1);
        await Editing.SetPriorityAsync([two], TicketPriority.Urgent, _store.Anna, Origin, Cancel);
        await Editing.SetDueAsync([two], soon, soon.AddHours(1), _store.Anna, Origin, Cancel);

        var merged = await _store.Get<TicketRegrouping>().MergeAsync([one, two], _store.Anna, Origin, Cancel);
        Assert.Equal((TicketPriority.Urgent, soon, soon.AddHours(1)), Pressing(await FindAsync(one)));

        await _store.Get<TicketRegrouping>().UndoAsync(merged.Done!, _store.Anna, Origin, Cancel);
        Assert.Equal((TicketPriority.Medium, null, null), Pressing(await FindAsync(one)));
        Assert.Equal((TicketPriority.Urgent, soon, soon.AddHours(1)), Pressing(await FindAsync(two)));
    }

    [Fact]
    public async Task ATagRaisesThePriorityAndNeverLowersIt()
    {
        var urgent = await _store.AddAsync("Outage", tag => tag with { Priority = TicketPriority.High });
        var mild = await _store.AddAsync("Newsletter", tag => tag with { Priority = TicketPriority.Low });
        var (_, ticket) = await _store.ReceiveAsync("Nothing works");

        await _store.Tagging.GiveAsync([ticket], urgent, _store.Anna, Origin, Cancel);
        await _store.Tagging.GiveAsync([ticket], mild, _store.Anna, Origin, Cancel);

        Assert.Equal(TicketPriority.High, (await FindAsync(ticket)).Priority);
    }

    [Fact]
    public async Task ATagsTimeRunsFromTheArrivalOfWhatWaits()
    {
        await _store.AddAsync("Outage", tag => tag with
        {
            SlaHours = 4,
            Detection = Core.Tags.TagDetectionMode.Conditions,
            Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["outage"])], []),
        });
        var (_, ticket) = await _store.ReceiveAsync("An outage");

        var found = await FindAsync(ticket);

        Assert.Equal(found.LastMessageAt.AddHours(4), found.FirstResponseDueBy);
        Assert.Equal(found.FirstResponseDueBy, found.NextDue);
        await Editing.SetStatusAsync([ticket], TicketStatus.Closed, _store.Anna, Origin, Cancel);
        Assert.Null((await FindAsync(ticket)).NextDue);
    }

    [Fact]
    public async Task AnAutomationSetsThePriorityAndWritesANote()
    {
        var added = await _store.Get<AutomationEditing>().AddAsync(
            new AutomationInput
            {
                Name = "Outages",
                IsEnabled = true,
                Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["outage"])], []),
                Actions = [new(AutomationActionKind.Priority) { Priority = TicketPriority.Urgent }, new(AutomationActionKind.Note) { Text = "%NAME% reports an <outage>." }],
            },
            _store.Anna, Origin, Cancel);
        Assert.Empty(added.Errors);

        var (_, ticket) = await _store.ReceiveAsync("An outage");

        var thread = (await _store.Get<TicketQueries>().FindThreadAsync(Reach.All, ticket, Cancel))!;
        Assert.Equal(TicketPriority.Urgent, thread.Ticket.Priority);
        Assert.Equal((true, "Enneo", "Marta Nowak reports an <outage>."), (thread.Messages[^1].IsNote, thread.Messages[^1].FromName, thread.Messages[^1].Snippet));
        await using var db = await _store.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<Core.Data.EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.Empty(db.Set<OutgoingMessage>());
    }

    private static (TicketPriority, DateTimeOffset?, DateTimeOffset?) Pressing(TicketSummary ticket) => (ticket.Priority, ticket.FirstResponseDueBy, ticket.DueBy);

    private async Task<TicketSummary> FindAsync(long ticketId) => Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], Cancel));
}
