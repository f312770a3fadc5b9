using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>What admins see and set.</summary>
[Trait("Category", "Server")]
public sealed class SpamSettingsTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(.9999, .5)]
    [InlineData(.5, .1)]
    [InlineData(.001, .0001)]
    public async Task TheDryRunSaysWhatTheRealRunThenDoes(double spamFrom, double unsureFrom)
    {
        await using var mailbox = await WithMailAsync(Obvious("one"), Wanted("two"), Wanted("three", "ben@other.example"));
        await mailbox.ProcessAsync();
        SpamSettings wanted = new() { SpamThreshold = spamFrom, UnsureThreshold = unsureFrom };

        var read = await mailbox.Store.Get<SpamTrial>().ReadAsync(Reach.All, null, Cancelled);
        var tried = SpamDryRun.Of(read with { Mails = [.. read.Mails.Where(mail => mail.Subject != "earlier")] }, wanted);
        await mailbox.Store.Get<SpamSettingsEditing>().SaveAsync(wanted, Actor.Operator, "test", Cancelled);
        foreach (var mail in new[] { Obvious("one again"), Wanted("two again"), Wanted("three again", "ben@other.example") })
        {
            await dovecot.ArriveAsync(mailbox, mail);
        }

        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();
        var real = await mailbox.Store.ReadAsync(
            db => db.SpamVerdicts.OrderByDescending(v => v.MessageId).Take(3).Select(v => new { v.IsSpam, v.IsSuspicious }).ToListAsync(Cancelled), Cancelled);

        Assert.Equal(3, tried.Count);
        Assert.Equal((tried.Spam, tried.Suspicious), (real.Count(mail => mail.IsSpam == true), real.Count(mail => mail.IsSuspicious)));
    }

    [Fact]
    public async Task TheModelsStateCountsWhatPeopleSaidAgainstWhatItHadThought()
    {
        await using var mailbox = await WithMailAsync(Obvious("one"), Wanted("two"));
        await mailbox.ProcessAsync();
        await mailbox.Store.Get<SpamDecisions>().MarkAsync([(await mailbox.TicketAsync("one")).Id], false, Actor.User(SyncedMailbox.Person), "web", Cancelled);
        await mailbox.Store.Get<SpamDecisions>().MarkAsync([(await mailbox.TicketAsync("two")).Id], true, Actor.User(SyncedMailbox.Person), "web", Cancelled);
        await mailbox.Store.Get<SpamLearning>().CatchUpAsync(Cancelled);

        var state = await mailbox.Store.Get<SpamModelStates>().FindAsync(Cancelled);

        Assert.Equal((1, 1, 0, 1, 0, 1), (state.Spam, state.Clean, state.SpamAsSpam, state.SpamAsClean, state.CleanAsClean, state.CleanAsSpam));
        Assert.Equal((2, 0), Assert.Single(state.Weeks) is { } week ? (week.Lessons, week.Right) : default);

        await mailbox.Store.Get<SpamLearning>().ResetAsync(Actor.Operator, "test", Cancelled);
        Assert.Equal(0, (await mailbox.Store.Get<SpamModelStates>().FindAsync(Cancelled)).Lessons);
    }

    [Fact]
    public async Task WhatHidesTooMuchIsNoticedSwitchedOffAndTakenBack()
    {
        await using var mailbox = await WithMailAsync();
        for (var i = 0; i < 20; i++)
        {
            var mail = Wanted($"mail {i}", $"person{i}@customer.example");
            await dovecot.ArriveAsync(mailbox, i < 8 ? mail.With("Feedback-ID", "c42:platform") : mail);
        }

        await mailbox.SyncAsync();
        await mailbox.Store.Get<HiddenShares>().WatchAsync(Cancelled);
        var share = Assert.Single(await mailbox.Store.Get<HiddenShares>().FindAsync(Reach.All, Cancelled));
        Assert.Equal((HeaderRule.Bulk, 8, 20), (share.Rule, share.Hidden, share.Count));

        var restored = await mailbox.Store.Get<HiddenShares>().StopAsync(mailbox.Id, HeaderRule.Bulk, Actor.Operator, "test", Cancelled);

        Assert.Equal(8, restored);
        Assert.Equal(21, (await mailbox.TicketsAsync()).Count);
        Assert.False((await mailbox.Store.MailboxAsync(mailbox.Id, Cancelled)).Spam.BulkRule);
        Assert.Empty(await mailbox.Store.Get<HiddenShares>().FindAsync(Reach.All, Cancelled));
    }

    [Theory]
    [InlineData("anna@Customer.example", "anna@customer.example")]
    [InlineData(" @customer.example ", "customer.example")]
    [InlineData("customer", null)]
    [InlineData("a b@customer.example", null)]
    [InlineData("a@b@customer.example", null)]
    [InlineData("", null)]
    public async Task ASenderIsAnAddressOrADomain(string entered, string? kept)
    {
        await using var mailbox = await WithMailAsync();

        Assert.Equal(kept is not null, await mailbox.Store.Get<SpamSenders>().SetAsync(entered, null, true, Actor.Operator, "test", Cancelled));

        Assert.Equal(kept is null ? [] : [kept], (await mailbox.Store.Get<SpamSenders>().ListAsync(Reach.All, Cancelled)).Select(entry => entry.Sender));
    }

    [Fact]
    public async Task OnlyWhoSeesAllMailboxesSpeaksForAll()
    {
        await using var mailbox = await WithMailAsync();
        var senders = mailbox.Store.Get<SpamSenders>();

        Assert.False(await senders.SetAsync("customer.example", null, true, Actor.User(SyncedMailbox.Person), "web", Cancelled));
        Assert.True(await senders.SetAsync("customer.example", mailbox.Id, true, Actor.User(SyncedMailbox.Person), "web", Cancelled));
    }

    [Fact]
    public async Task SettingsOfAMailboxAreWrittenDownWithWhatTheyWere()
    {
        await using var mailbox = await WithMailAsync();

        await mailbox.Store.Get<MailboxSpamEditing>().SetAsync(mailbox.Id, new SpamWishes { Rules = new SpamRuleWishes { Dmarc = false }, JunkMoves = JunkMoves.ByAll }, Actor.Operator, "test", Cancelled);

        var spam = (await mailbox.Store.MailboxAsync(mailbox.Id, Cancelled)).Spam;
        Assert.Equal((false, true, JunkMoves.ByAll), (spam.DmarcRule, spam.BulkRule, spam.JunkMoves));
        Assert.Contains(await mailbox.Store.ActivityAsync(Cancelled), entry => entry.Kind is ActivityKind.MailboxChanged && entry.Changes.Contains("\\u0022dmarc\\u0022:false", StringComparison.Ordinal));
    }

    /// <summary>As news.</summary>
    private async Task<SyncedMailbox> WithMailAsync(params IReadOnlyList<MimeKit.MimeMessage> mails)
    {
        var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        foreach (var mail in mails)
        {
            await dovecot.ArriveAsync(mailbox, mail);
        }

        await mailbox.SyncAsync();
        return mailbox;
    }
}
