using Enneo.Core.Conditions;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;

namespace Enneo.Tests.Tags;

public sealed class TagEditingTests : IAsyncLifetime
{
    private const string Origin = "test";

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Fact]
    public async Task ATagKeepsEverythingThatIsSaidOfIt()
    {
        TagInput input = new()
        {
            Name = " Refunds ",
            ParentId = await _tags.AddAsync("Billing"),
            Type = TagType.Product,
            Visibility = TagVisibility.Private,
            Colour = TagColour.Teal,
            Complexity = 3,
            SlaHours = 8,
            Priority = TicketPriority.High,
            Channels = ["email"],
            MailboxIds = [_tags.Mailbox.Id],
            Detection = TagDetectionMode.AiOrConditions,
            Conditions = new(true, [new(ConditionField.Body, ConditionOperator.Matches, ["refund(s|ed)?"])], []),
            AssignmentIds = [_tags.Store.AgentId],
        };
        var added = await _tags.Editing.AddAsync(input, _tags.Anna, Origin, Cancel);

        var tag = (await _tags.Get<TagQueries>().FindAsync(added.TagId!.Value, Cancel))!;
        Assert.Equivalent(input with { Name = "Refunds" }, TagInput.Of(tag), strict: true);
        Assert.Equal(_tags.Store.AgentId, tag.ModifiedBy);
        Assert.Equal("Billing / Refunds", (await ListAsync()).Single(listed => listed.Id == tag.Id).FullName);
    }

    [Fact]
    public async Task ThereIsOneDefaultTag()
    {
        var first = await _tags.AddAsync("First", input => input with { IsDefault = true });
        var second = await _tags.AddAsync("Second", input => input with { IsDefault = true });

        Assert.Equal([second], (await ListAsync()).Where(tag => tag.IsDefault).Select(tag => tag.Id));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task WhatCannotBeIsRefusedByField()
    {
        var billing = await _tags.AddAsync("Billing");
        var refunds = await _tags.AddAsync("Refunds", input => input with { ParentId = billing });

        await RefusedAsync("name", new TagInput());
        await RefusedAsync("name", new TagInput { Name = "billing" });
        await RefusedAsync("isSpam", new TagInput { Name = "Both", IsSpam = true, IsDefault = true });
        await RefusedAsync("parentId", new TagInput { Name = "Lost", ParentId = 99 });
        await RefusedAsync("mailboxIds", new TagInput { Name = "Lost", MailboxIds = [99] });
        await RefusedAsync("channels", new TagInput { Name = "Lost", Channels = ["pigeon"] });
        await RefusedAsync("slaHours", new TagInput { Name = "Slow", SlaHours = 0 });
        await RefusedAsync("conditions.conditions", new TagInput { Name = "Empty", Detection = TagDetectionMode.Conditions });
        var below = await _tags.Editing.MoveAsync(billing, refunds, 0, _tags.Anna, Origin, Cancel);
        Assert.Equal(["parentId"], below.Errors.Keys);
    }

    [Fact]
    public async Task MovesInTheTree_AndWhatStoodUnderADeletedOneStandsInItsPlace()
    {
        var (a, b, c) = (await _tags.AddAsync("A"), await _tags.AddAsync("B"), await _tags.AddAsync("C"));
        await _tags.Editing.MoveAsync(c, null, 0, _tags.Anna, Origin, Cancel);
        Assert.Equal([c, a, b], (await ListAsync()).Select(tag => tag.Id));

        await _tags.Editing.MoveAsync(b, a, 0, _tags.Anna, Origin, Cancel);
        Assert.Equal(["C", "A", "A / B"], (await ListAsync()).Select(tag => tag.FullName));

        Assert.True(await _tags.Editing.DeleteAsync(a, _tags.Anna, Origin, Cancel));
        Assert.Equal(["B", "C"], (await ListAsync()).Select(tag => tag.FullName).Order());
        Assert.False(await _tags.Editing.DeleteAsync(a, _tags.Anna, Origin, Cancel));
    }

    private Task<IReadOnlyList<TagListing>> ListAsync() => _tags.Get<TagQueries>().ListAsync(Cancel);

    private async Task RefusedAsync(string field, TagInput input) => Assert.Equal([field], (await _tags.Editing.AddAsync(input, _tags.Anna, Origin, Cancel)).Errors.Keys);
}
