using System.Globalization;
using System.Text.Json;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Tags;

/// <summary>What a trial says of conditions on tags is what the real run did, whatever became of the tags since.</summary>
public sealed class TagTrialTests : IAsyncLifetime
{
    private const string Origin = "test";

    private static readonly string[] s_words = ["alpha", "beta", "gamma"];

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Fact]
    public async Task ATagThatAsksForAnotherIsFoundTogetherWithIt()
    {
        var finance = await _tags.AddAsync("Finance");
        var billing = await _tags.AddByConditionsAsync("Billing", new ConditionTest(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]));
        await SetAsync(finance, new(false, [Asks(billing)], []));
        var (_, ticket) = await _tags.ReceiveAsync("Your invoice");
        var (_, other) = await _tags.ReceiveAsync("Hello");
        await _tags.Tagging.GiveAsync([other], billing, _tags.Anna, Origin, Cancel); // later than its mail came

        Assert.Equal(["Billing", "Finance"], await _tags.TagsOfAsync(ticket));
        Assert.Equal([ticket], (await TrialAsync(new(false, [Asks(billing)], []), finance)).Select(match => match.TicketId));
    }

    /// <summary>Before any mail was processed, history for instance, the trial foretells the run.</summary>
    [Fact]
    public async Task WhatWasNeverProcessedIsTriedAsItIs()
    {
        var billing = await _tags.AddByConditionsAsync("Billing", new ConditionTest(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]));
        var found = await _tags.Store.ReceiveAsync(_tags.Mailbox, "Your invoice");
        var given = await _tags.Store.ReceiveAsync(_tags.Mailbox, "Hello");
        await _tags.Store.ReceiveAsync(_tags.Mailbox, "Neither");
        await _tags.Tagging.GiveAsync([given.TicketId], billing, _tags.Anna, Origin, Cancel);
        ConditionGroup conditions = new(false, [Asks(billing)], []);

        var tried = (await TrialAsync(conditions, null)).Select(match => match.TicketId).Order().ToList();
        await SetAsync(await _tags.AddAsync("Finance"), conditions);
        await _tags.ProcessAsync(found.MessageId, _tags.Mailbox);
        await _tags.ProcessAsync(given.MessageId, _tags.Mailbox);

        Assert.Equal([found.TicketId, given.TicketId], tried);
        Assert.Contains("Finance", await _tags.TagsOfAsync(found.TicketId));
        Assert.Contains("Finance", await _tags.TagsOfAsync(given.TicketId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task TheTrialIsTheRealRun(int seed)
    {
        Random random = new(seed);
        List<long> ids = [await _tags.AddAsync("Rest", input => input with { IsDefault = true })];
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await _tags.AddAsync($"Tag {i}"));
        }

        Dictionary<long, ConditionGroup> conditions = [];
        foreach (var id in ids.Skip(1).Take(4)) // the last one is for people and the automation
        {
            await SetAsync(id, conditions[id] = AnyConditions(random, ids));
        }

        var ofAutomation = AnyConditions(random, ids);
        var automation = await _tags.Get<AutomationEditing>().AddAsync(
            new AutomationInput { Name = "Tags", IsEnabled = true, Conditions = ofAutomation, Actions = [new(AutomationActionKind.Tag) { TagId = ids[^1] }] }, _tags.Anna, Origin, Cancel);
        await LiveAsync(random, ids);

        foreach (var (id, group) in conditions)
        {
            Assert.Equal(await FoundAsync(id), (await TrialAsync(group, id)).Select(match => match.MessageId).Order());
        }

        await using var db = await OpenAsync();
        var ran = await db.AutomationRuns.Where(run => run.AutomationId == automation.AutomationId).Select(run => run.MessageId).Order().ToListAsync(Cancel);
        var tried = await _tags.Get<ConditionTrial>().RunForAutomationAsync(Reach.All, ofAutomation, [], Cancel);
        Assert.Equal(ran, tried.Matches.Select(match => match.MessageId).Order());
    }

    /// <summary>Mails come, many into conversations that go on, and people give and take tags in between.</summary>
    private async Task LiveAsync(Random random, List<long> ids)
    {
        List<long> tickets = [];
        for (var number = 1; number <= 25; number++)
        {
            var answers = number > 1 && random.Next(2) == 0 ? random.Next(1, number) : 0;
            var headers = answers > 0 ? $"In-Reply-To: <m{answers}@example.net>\r\nReferences: <m{answers}@example.net>\r\n" : "";
            var (_, ticketId) = await _tags.ReceiveAsync($"{Pick(random, s_words)} {Pick(random, s_words)}", headers: headers);
            tickets.Add(ticketId);
            var tag = Pick(random, ids[1..]);
            await (random.Next(3) switch
            {
                0 => _tags.Tagging.GiveAsync([Pick(random, tickets)], tag, _tags.Anna, Origin, Cancel),
                1 => _tags.Tagging.TakeAsync([Pick(random, tickets)], tag, _tags.Anna, Origin, Cancel),
                _ => Task.CompletedTask,
            });
        }
    }

    private static ConditionGroup AnyConditions(Random random, List<long> ids) => new(
        random.Next(2) == 0,
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(3) switch
        {
            0 => new ConditionTest(ConditionField.Subject, ConditionOperator.Contains, [Pick(random, s_words)], random.Next(3) == 0),
            1 => new ConditionTest(ConditionField.Tag, ConditionOperator.IsEmpty, [], random.Next(2) == 0),
            _ => Asks(Pick(random, ids)) with { IsNegated = random.Next(2) == 0 },
        })],
        []);

    private static ConditionTest Asks(long tagId) => new(ConditionField.Tag, ConditionOperator.Equals, [tagId.ToString(CultureInfo.InvariantCulture)]);

    private static T Pick<T>(Random random, IReadOnlyList<T> among) => among[random.Next(among.Count)];

    private Task SetAsync(long tagId, ConditionGroup conditions) => _tags.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            var tag = await db.Tags.SingleAsync(t => t.Id == tagId, token);
            (tag.Detection, tag.Conditions) = (TagDetectionMode.Conditions, conditions);
            await db.SaveChangesAsync(token);
        },
        Cancel);

    private async Task<IReadOnlyList<TrialMatch>> TrialAsync(ConditionGroup conditions, long? tagId) =>
        (await _tags.Get<ConditionTrial>().RunAsync(Reach.All, conditions, [], Cancel, tagId)).Matches;

    /// <returns>The mails for which the real run found a tag.</returns>
    private async Task<List<long>> FoundAsync(long tagId)
    {
        await using var db = await OpenAsync();
        var records = await (
            from run in db.ProcessingRuns
            join record in db.ProcessingRecords on run.Id equals record.RunId
            where record.Step == "tags"
            orderby run.MessageId
            select new { run.MessageId, record.Details }).ToListAsync(Cancel);
        return [.. records.Where(record => JsonDocument.Parse(record.Details).RootElement.GetProperty("tags").EnumerateArray().Any(tag => tag.GetProperty("id").GetInt64() == tagId)).Select(record => record.MessageId)];
    }

    private Task<EnneoDbContext> OpenAsync() => _tags.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
}
