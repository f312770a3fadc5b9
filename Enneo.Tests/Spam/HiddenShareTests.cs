using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Spam;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>A rule or the model that hides too much is noticed, and stays noticed until an admin has dealt with it.</summary>
public sealed class HiddenShareTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _mailbox = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    private HiddenShares Shares => _store.Get<HiddenShares>();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await _store.MakeAdminAsync();
        _mailbox = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhatHidTooMuchOnFridayIsThereOnMonday_AndAllThatItHidSinceComesBack()
    {
        await _store.HideAsync(_mailbox, 25, HeaderRule.Bulk);
        await Shares.WatchAsync(Cancel);
        _store.Clock.Advance(TimeSpan.FromHours(30));
        await _store.HideAsync(_mailbox, 30, HeaderRule.Bulk); // more than come back in one transaction
        _store.Clock.Advance(TimeSpan.FromHours(40));
        await Shares.WatchAsync(Cancel);

        var share = Assert.Single(await FindAsync());
        Assert.Equal((HeaderRule.Bulk, 25, 25, true, 55), (share.Rule, share.Hidden, share.Count, share.IsOn, share.StillHidden));

        Assert.Equal(55, await Shares.StopAsync(_mailbox.Id, HeaderRule.Bulk, Actor.Operator, "test", Cancel));
        Assert.Empty(await FindAsync());
        await using var db = await _store.Get<IDbContextFactory<Core.Data.EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.False((await db.Mailboxes.SingleAsync(Cancel)).Spam.BulkRule);
        Assert.False(await db.Tickets.AnyAsync(t => t.SpamStatus != SpamStatus.AutoClean, Cancel));
        Assert.Equal(
            [("tripped", ActorKind.System), ("restored", ActorKind.Operator)],
            (await db.Activity.Where(e => e.Kind == ActivityKind.SpamBreakerChanged).OrderBy(e => e.Sequence).ToListAsync(Cancel)).Select(e => (e.Changes.Contains("tripped", StringComparison.Ordinal) ? "tripped" : "restored", e.ActorKind)));
    }

    [Fact]
    public async Task WhatPeopleSaidMeanwhileStands()
    {
        var tickets = await _store.HideAsync(_mailbox, 25, rule: null);
        await Shares.WatchAsync(Cancel);
        await _store.Get<SpamDecisions>().MarkAsync(tickets[..3], isSpam: true, Actor.User(_store.AgentId), "web", Cancel);

        Assert.Equal(22, await Shares.StopAsync(_mailbox.Id, rule: null, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task WhatAnAdminLetPassIsRaisedAgainOnlyByNewMail()
    {
        await _store.HideAsync(_mailbox, 25, HeaderRule.Dmarc);
        await Shares.WatchAsync(Cancel);
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        await using (InboxScreen screen = new(_store, isAdmin: true))
        {
            var notice = screen.Render<HiddenShareNotice>();
            await notice.WaitForElement("[data-dismiss-rule]").ClickAsync();
            Assert.Empty(notice.FindAll("[data-hides-much]"));
        }

        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        await Shares.WatchAsync(Cancel);
        Assert.Empty(await FindAsync());

        await _store.HideAsync(_mailbox, 21, HeaderRule.Dmarc);
        await Shares.WatchAsync(Cancel);
        Assert.Equal((21, 21, 21), Assert.Single(await FindAsync()) is { } share ? (share.Hidden, share.Count, share.StillHidden) : default);
    }

    [Fact]
    public async Task WhatIsOffByNowCanStillBeRestored()
    {
        await _store.HideAsync(_mailbox, 25, HeaderRule.Bulk);
        await Shares.WatchAsync(Cancel);
        await _store.Get<MailboxSpamEditing>().SetAsync(_mailbox.Id, new SpamWishes { Rules = new() { Bulk = false } }, Actor.Operator, "test", Cancel);
        await using InboxScreen screen = new(_store, isAdmin: true);
        var notice = screen.Render<HiddenShareNotice>();

        Assert.Equal(SpamText.Restore, notice.WaitForElement("[data-stop-rule]").TextContent);
        await notice.Find("[data-stop-rule]").ClickAsync();

        Assert.Empty(notice.FindAll("[data-hides-much]"));
        Assert.Contains("25", notice.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    /// <summary>Nine of 29 conversations, and of 89 mails.</summary>
    [Fact]
    public async Task MailsAreCountedNotConversations()
    {
        await _store.HideAsync(_mailbox, 9, HeaderRule.Bulk);
        for (var i = 0; i < 20; i++)
        {
            await _store.ReceiveAsync(_mailbox, $"Question {i}", at: _store.Clock.GetUtcNow());
        }

        for (var i = 0; i < 60; i++)
        {
            await _store.ReceiveAsync(_mailbox, "Re: Question 19", answers: "m29@example.net", at: _store.Clock.GetUtcNow());
        }

        await Shares.WatchAsync(Cancel);

        Assert.Empty(await FindAsync());
    }

    /// <summary>One hidden conversation of seven mails, beside fourteen others: a third of 21 mails.</summary>
    [Fact]
    public async Task FurtherMailOfAHiddenConversationIsHiddenMailToo()
    {
        await _store.HideAsync(_mailbox, 1, rule: null);
        for (var i = 0; i < 6; i++)
        {
            await _store.ReceiveAsync(_mailbox, "Re: Offer 0", answers: "m1@example.net", at: _store.Clock.GetUtcNow());
        }

        for (var i = 0; i < 14; i++)
        {
            await _store.ReceiveAsync(_mailbox, $"Question {i}", at: _store.Clock.GetUtcNow());
        }

        await Shares.WatchAsync(Cancel);

        Assert.Equal((7, 21, 1), Assert.Single(await FindAsync()) is { } share ? (share.Hidden, share.Count, share.StillHidden) : default);
    }

    private Task<IReadOnlyList<HiddenShare>> FindAsync() => Shares.FindAsync(Reach.All, Cancel);
}
