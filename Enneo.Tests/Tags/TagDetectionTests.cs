using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;

namespace Enneo.Tests.Tags;

/// <summary>How mails find their tags.</summary>
public sealed class TagDetectionTests : IAsyncLifetime
{
    private const string Origin = "test";

    private static readonly string[] s_refunds =
        ["Please refund the broken kettle", "I want my money back for the kettle", "Refund for order missing", "Kettle broken, send the money back", "The refund has not arrived"];

    private static readonly string[] s_others =
        ["When do you open tomorrow", "Is the workshop on Friday still on", "Directions to your shop please", "Do you repair bicycles", "Opening hours at Easter"];

    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    /// <summary>Trying conditions out tells of the very mails that get the tag when they come in.</summary>
    [Fact]
    public async Task WhatATrialWouldHaveMatchedIsWhatTheRunMatches()
    {
        ConditionGroup conditions = new(false, [new(ConditionField.Language, ConditionOperator.Equals, ["de"]), new(ConditionField.Body, ConditionOperator.Matches, [@"rechnung|\b\d{3}\b"])], []);
        List<(long MessageId, long TicketId)> mails = [];
        for (var i = 0; i < 12; i++)
        {
            var text = i % 2 == 0 ? "Guten Tag, meine letzte Rechnung über das Wasser stimmt leider nicht, bitte prüfen Sie das." : $"Hello, my invoice number {i + 200} is not correct, please look into it again.";
            var mail = await _tags.Store.ReceiveAsync(_tags.Mailbox, $"Mail {i}", text: i == 4 ? "Guten Tag, wann haben Sie morgen denn geöffnet, ich komme gerne vorbei." : text);
            mails.Add((mail.MessageId, mail.TicketId));
        }

        var trial = await _tags.Get<ConditionTrial>().RunAsync(Reach.All, conditions, [], Cancel);
        await _tags.AddAsync("Billing", input => input with { Detection = TagDetectionMode.Conditions, Conditions = conditions });
        List<long> tagged = [];
        foreach (var (messageId, ticketId) in mails)
        {
            await _tags.ProcessAsync(messageId, _tags.Mailbox);
            tagged.AddRange(await _tags.TagsOfAsync(ticketId) is ["Billing"] ? [messageId] : []);
        }

        Assert.Equal(12, trial.Tried);
        Assert.Equal(5, tagged.Count);
        Assert.Equal(tagged, trial.Matches.Select(match => match.MessageId).Order());
    }

    [Fact]
    public async Task AllMailOfAMailboxHasItsTag()
    {
        var sales = await _tags.Store.AddMailboxAsync("Sales");
        await _tags.AddAsync("Lead", input => input with { Detection = TagDetectionMode.Mailbox, MailboxIds = [sales.Id] });

        Assert.Equal(["Lead"], await _tags.TagsOfAsync((await _tags.ReceiveAsync("Hello", mailbox: sales)).TicketId));
        Assert.Empty(await _tags.TagsOfAsync((await _tags.ReceiveAsync("Hello")).TicketId));
    }

    [Fact]
    public async Task AModelIsSilentUntilPeopleGaveTheTagOftenEnough_ThenGivesItWithReasons()
    {
        var refund = await _tags.AddAsync("Refund", input => input with { Detection = TagDetectionMode.Ai });
        for (var i = 0; i < 12; i++)
        {
            await _tags.ReceiveAsync($"Question {i}", $"{s_others[i % s_others.Length]}, we are {i + 2} people.");
        }

        for (var i = 0; i < TagModelState.Needed; i++)
        {
            Assert.Equal(TagModelState.Needed - i, (await StateAsync(refund)).Missing);
            var mail = await _tags.ReceiveAsync($"Complaint {i}", $"{s_refunds[i % s_refunds.Length]}, it cost {i + 20} euros.");
            Assert.Empty(await _tags.TagsOfAsync(mail.TicketId));
            await _tags.Tagging.GiveAsync([mail.TicketId], refund, _tags.Anna, Origin, Cancel);
        }

        var state = await StateAsync(refund);
        Assert.False(state.IsSilent, $"{state}");
        var found = await _tags.ReceiveAsync("Complaint", "The kettle is broken, please refund my money, it cost 45 euros.");
        var other = await _tags.ReceiveAsync("Question", "Do you open on Friday, we are 3 people.");
        var given = Assert.Single(await _tags.GivenAsync(found.TicketId));
        Assert.Equal(TagSource.Ai, given.Source);
        Assert.NotEmpty(given.Reason.Words!);
        Assert.Empty(await _tags.TagsOfAsync(other.TicketId));
    }

    /// <summary>Examples that have nothing in common teach nothing, and what would often be wrong is not said.</summary>
    [Fact]
    public async Task AModelThatWouldOftenBeWrongStaysSilent()
    {
        var whim = await _tags.AddAsync("Whim", input => input with { Detection = TagDetectionMode.Ai });
        for (var i = 0; i < 24; i++)
        {
            var mail = await _tags.ReceiveAsync("Hello", $"{s_others[i % s_others.Length]}");
            if (i % 2 == 0)
            {
                await _tags.Tagging.GiveAsync([mail.TicketId], whim, _tags.Anna, Origin, Cancel);
            }
        }

        var state = await StateAsync(whim);
        Assert.True(state is { Missing: 0, IsSilent: true }, $"{state}");
    }

    [Fact]
    public async Task SearchFindsWhatHasATag()
    {
        var billing = await _tags.AddAsync("Billing");
        var refunds = await _tags.AddAsync("Refund wanted", input => input with { ParentId = billing });
        var (_, one) = await _tags.ReceiveAsync("First");
        var (_, two) = await _tags.ReceiveAsync("Second");
        var (_, three) = await _tags.ReceiveAsync("Third");
        await _tags.Tagging.GiveAsync([one, two], billing, _tags.Anna, Origin, Cancel);
        await _tags.Tagging.GiveAsync([two], refunds, _tags.Anna, Origin, Cancel);

        Assert.Equal([one, two], await FindAsync("tag:billing"));
        Assert.Equal([two], await FindAsync("tag:billing tag:\"refund wanted\""));
        Assert.Equal([two], await FindAsync("tag:refund"));
        Assert.Equal([three], await FindAsync("-tag:billing"));
        Assert.Equal([one], await FindAsync("first tag:Billing"));
        Assert.Empty(await FindAsync("tag:nothing"));
    }

    private Task<TagModelState> StateAsync(long tagId) => _tags.Get<TagModels>().StateAsync(tagId, Cancel);

    private async Task<List<long>> FindAsync(string text)
    {
        var page = await _tags.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read(text, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)), Cancel);
        return [.. page.Hits.Select(hit => hit.TicketId).Order()];
    }
}
