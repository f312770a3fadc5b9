using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;

namespace Enneo.Tests.Tags;

/// <summary>Who or what gives tags to tickets, and whose word stands.</summary>
public sealed class TaggingTests : IAsyncLifetime
{
    private const string Origin = "test";

    private static readonly ConditionTest s_invoice = new(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]);

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Fact]
    public async Task APersonGivesAndTakes_AndTakesItBack()
    {
        var billing = await _tags.AddAsync("Billing");
        var (_, ticket) = await _tags.ReceiveAsync("Hello");

        var given = await _tags.Tagging.GiveAsync([ticket], billing, _tags.Anna, Origin, Cancel);
        Assert.Equal(["Billing"], await _tags.TagsOfAsync(ticket));
        Assert.Empty(await _tags.Tagging.GiveAsync([ticket], billing, _tags.Anna, Origin, Cancel));
        Assert.True(await _tags.Tagging.UndoAsync(given, _tags.Anna, Origin, Cancel));
        Assert.Empty(await _tags.TagsOfAsync(ticket));
        Assert.False(await _tags.Tagging.UndoAsync(given, _tags.Anna, Origin, Cancel));

        var told = await _tags.Get<ActivityQueries>().HistoryAsync(Reach.All, [ticket], Cancel);
        Assert.Equal(2, told.Count(entry => entry.Kind is ActivityKind.TicketTagged));
    }

    [Fact]
    public async Task WhatATagPromisedGoesWithIt_ButForWhatAPersonChangedMeanwhile()
    {
        var high = await _tags.AddAsync("High", input => input with { Priority = TicketPriority.High, SlaHours = 8 });
        var urgent = await _tags.AddAsync("Urgent", input => input with { Priority = TicketPriority.Urgent, SlaHours = 2 });
        var (_, ticket) = await _tags.ReceiveAsync("Hello");
        var plain = await PromisedAsync(ticket);

        var first = await _tags.Tagging.GiveAsync([ticket], high, _tags.Anna, Origin, Cancel);
        var promised = await PromisedAsync(ticket);
        Assert.Equal(TicketPriority.High, promised.Priority);
        var second = await _tags.Tagging.GiveAsync([ticket], urgent, _tags.Anna, Origin, Cancel);
        Assert.Equal((TicketPriority.Urgent, promised.DueBy - TimeSpan.FromHours(6)), ((await PromisedAsync(ticket)).Priority, (await PromisedAsync(ticket)).DueBy));
        await _tags.Tagging.UndoAsync(second, _tags.Anna, Origin, Cancel);
        Assert.Equal(promised, await PromisedAsync(ticket));

        await _tags.Get<TicketEditing>().SetPriorityAsync([ticket], TicketPriority.Low, _tags.Anna, Origin, Cancel);
        await _tags.Tagging.UndoAsync(first, _tags.Anna, Origin, Cancel);
        Assert.Equal(plain with { Priority = TicketPriority.Low }, await PromisedAsync(ticket));
    }

    [Fact]
    public async Task WhatAnotherTagPromisesStaysWhenOneIsTakenBack()
    {
        var one = await _tags.AddAsync("One", input => input with { Priority = TicketPriority.High });
        var other = await _tags.AddAsync("Other", input => input with { Priority = TicketPriority.High });
        var (_, ticket) = await _tags.ReceiveAsync("Hello");
        var first = await _tags.Tagging.GiveAsync([ticket], one, _tags.Anna, Origin, Cancel);
        await _tags.Tagging.GiveAsync([ticket], other, _tags.Anna, Origin, Cancel);

        await _tags.Tagging.UndoAsync(first, _tags.Anna, Origin, Cancel);

        Assert.Equal(TicketPriority.High, (await PromisedAsync(ticket)).Priority);
    }

    [Fact]
    public async Task ATagIsGivenOnlyWhereItApplies()
    {
        var other = await _tags.Store.AddMailboxAsync("Sales");
        var sales = await _tags.AddAsync("Lead", input => input with { MailboxIds = [other.Id] });
        var disabled = await _tags.AddAsync("Old", input => input with { Visibility = TagVisibility.Disabled });
        var (_, ticket) = await _tags.ReceiveAsync("Hello");

        Assert.Empty(await _tags.Tagging.GiveAsync([ticket], sales, _tags.Anna, Origin, Cancel));
        Assert.Empty(await _tags.Tagging.GiveAsync([ticket], disabled, _tags.Anna, Origin, Cancel));
    }

    [Fact]
    public async Task MailsFindTheirTags_WithTheReason_AndWhatNothingFindsGetsTheDefault()
    {
        await _tags.AddByConditionsAsync("Billing", s_invoice);
        await _tags.AddAsync("General", input => input with { IsDefault = true });
        var (_, invoice) = await _tags.ReceiveAsync("Your invoice");
        var (_, other) = await _tags.ReceiveAsync("Hello");

        var given = Assert.Single(await _tags.GivenAsync(invoice));
        Assert.Equal(TagSource.Conditions, given.Source);
        Assert.Equal([s_invoice], given.Reason.Tests);
        Assert.Equal(["General"], await _tags.TagsOfAsync(other));
    }

    [Fact]
    public async Task WhatAProgramWroteIsTaggedWhereItBeginsATicket_AndIsAnEventInAnother()
    {
        await _tags.AddByConditionsAsync("Billing", s_invoice);
        await _tags.AddAsync("General", input => input with { IsDefault = true });
        var (_, form) = await _tags.ReceiveAsync("Your invoice", headers: "Auto-Submitted: auto-generated\r\n");
        var (_, ticket) = await _tags.ReceiveAsync("Hello");
        var (_, same) = await _tags.ReceiveAsync("Your invoice: out of office", headers: "Auto-Submitted: auto-replied\r\nIn-Reply-To: <m2@example.net>\r\n");

        Assert.Equal(["Billing"], await _tags.TagsOfAsync(form));
        Assert.Equal(ticket, same);
        Assert.Equal(["General"], await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task TheDefaultGoesWhenSomethingMatches()
    {
        await _tags.AddAsync("General", input => input with { IsDefault = true });
        var (message, ticket) = await _tags.ReceiveAsync("Your invoice");
        Assert.Equal(["General"], await _tags.TagsOfAsync(ticket));

        await _tags.AddByConditionsAsync("Billing", s_invoice);
        await _tags.ProcessAsync(message, _tags.Mailbox);

        Assert.Equal(["Billing"], await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task WhatAPersonTookOffIsNotGivenAgain_AndWhatTheyGaveStays()
    {
        var billing = await _tags.AddByConditionsAsync("Billing", s_invoice);
        var vip = await _tags.AddAsync("Important");
        var (message, ticket) = await _tags.ReceiveAsync("Your invoice");
        await _tags.Tagging.TakeAsync([ticket], billing, _tags.Anna, Origin, Cancel);
        await _tags.Tagging.GiveAsync([ticket], vip, _tags.Anna, Origin, Cancel);

        await _tags.ProcessAsync(message, _tags.Mailbox);

        Assert.Equal(["Important"], await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task SpamGetsAllTagsForSpamOfItsMailboxAndNoOther()
    {
        var other = await _tags.Store.AddMailboxAsync("Sales");
        await _tags.AddByConditionsAsync("Billing", s_invoice);
        await _tags.AddAsync("General", input => input with { IsDefault = true });
        await _tags.AddAsync("Junk", input => input with { IsSpam = true });
        await _tags.AddAsync("Fraud", input => input with { IsSpam = true, MailboxIds = [_tags.Mailbox.Id] });
        await _tags.AddAsync("Elsewhere", input => input with { IsSpam = true, MailboxIds = [other.Id] });

        var (_, ticket) = await _tags.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);

        Assert.Equal(["Fraud", "Junk"], await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task WithoutATagForSpam_SpamGetsNone()
    {
        await _tags.AddAsync("General", input => input with { IsDefault = true });

        var (_, ticket) = await _tags.ReceiveAsync("Your invoice", status: SpamStatus.ManualSpam);

        Assert.Empty(await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task CalledSpamItsAutomaticTagsGo_CalledCleanTheyComeBack_APersonsStay()
    {
        await _tags.AddByConditionsAsync("Billing", s_invoice);
        await _tags.AddAsync("Junk", input => input with { IsSpam = true });
        var vip = await _tags.AddAsync("Important");
        var (_, ticket) = await _tags.ReceiveAsync("Your invoice");
        await _tags.Tagging.GiveAsync([ticket], vip, _tags.Anna, Origin, Cancel);

        await _tags.Get<SpamDecisions>().MarkAsync([ticket], isSpam: true, _tags.Anna, Origin, Cancel);
        Assert.Equal(["Important", "Junk"], await _tags.TagsOfAsync(ticket));

        await _tags.Get<SpamDecisions>().MarkAsync([ticket], isSpam: false, _tags.Anna, Origin, Cancel);
        await _tags.Get<MailProcessing>().RunDueAsync(Cancel);
        Assert.Equal(["Billing", "Important"], await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task MergingFoldsTags_AndTakingItBackPartsThem()
    {
        var (billing, vip) = (await _tags.AddAsync("Billing"), await _tags.AddAsync("Important"));
        var (_, first) = await _tags.ReceiveAsync("One");
        var (_, second) = await _tags.ReceiveAsync("Two");
        await _tags.Tagging.GiveAsync([first], billing, _tags.Anna, Origin, Cancel);
        await _tags.Tagging.GiveAsync([second], vip, _tags.Anna, Origin, Cancel);

        var merged = await _tags.Get<TicketRegrouping>().MergeAsync([first, second], _tags.Anna, Origin, Cancel);
        Assert.Equal(["Billing", "Important"], await _tags.TagsOfAsync(first));

        await _tags.Get<TicketRegrouping>().UndoAsync(merged.Done!, _tags.Anna, Origin, Cancel);
        Assert.Equal(["Billing"], await _tags.TagsOfAsync(first));
        Assert.Equal(["Important"], await _tags.TagsOfAsync(second));
    }

    [Fact]
    public async Task AListShowsWhatIsOpenAndHasTheTag_AndCountsIt()
    {
        var billing = await _tags.AddAsync("Billing");
        var (_, open) = await _tags.ReceiveAsync("One");
        var (_, closed) = await _tags.ReceiveAsync("Two");
        await _tags.ReceiveAsync("Three");
        await _tags.Tagging.GiveAsync([open, closed], billing, _tags.Anna, Origin, Cancel);
        await _tags.Get<TicketEditing>().SetStatusAsync([closed], TicketStatus.Closed, _tags.Anna, Origin, Cancel);

        var listed = await _tags.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null, TicketView.Tag, TagId: billing), null, 50, Cancel);

        Assert.Equal([open], listed.Select(ticket => ticket.Id));
        Assert.Equal(1, (await _tags.Get<TagQueries>().CountsAsync(Reach.All, Cancel))[billing]);
    }

    private async Task<Promised> PromisedAsync(long ticketId)
    {
        var ticket = Assert.Single(await _tags.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], Cancel));
        return new(ticket.Priority, ticket.FirstResponseDueBy, ticket.DueBy);
    }

    private sealed record Promised(TicketPriority Priority, DateTimeOffset? FirstResponseDueBy, DateTimeOffset? DueBy);
}
