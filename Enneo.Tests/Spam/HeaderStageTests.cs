using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>The first stage, on mail that comes over IMAP.</summary>
[Trait("Category", "Server")]
public sealed class HeaderStageTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Spam-Flag", "YES", HeaderRule.SpamAssassin)]
    [InlineData("X-Spam-Status", "Yes, score=9.1 required=5.0", HeaderRule.SpamAssassin)]
    [InlineData("X-Forefront-Antispam-Report", "CIP:192.0.2.1;SCL:9;SFV:SPM", HeaderRule.Exchange)]
    [InlineData("X-MS-Exchange-Organization-SCL", "6", HeaderRule.Exchange)]
    [InlineData("Feedback-ID", "c42:platform", HeaderRule.Bulk)]
    [InlineData("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.example", HeaderRule.Dmarc)]
    public async Task AMailThatARuleFindsOpensASpamTicketWithTheEvidence(string field, string value, HeaderRule rule)
    {
        await using var mailbox = await WithHistoryAsync();

        await dovecot.ArriveAsync(mailbox, Wanted("found").With(field, value));
        await mailbox.SyncAsync();

        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("found"));
        Assert.Equal(TicketPlace.Junk, (await mailbox.TicketAsync("found")).Place);
        Assert.DoesNotContain(await mailbox.TicketsAsync(), ticket => ticket.Subject == "found");
        var verdict = await mailbox.VerdictAsync("found");
        Assert.Equal((SpamStage.Header, rule, true), (verdict!.Stage, verdict.Rule, verdict.IsSpam));
        Assert.StartsWith(field + ": ", verdict.Evidence, StringComparison.Ordinal);
        Assert.Equal(["INBOX"], await mailbox.PlacesAsync("found")); // it stays where it lies on the server
    }

    [Fact]
    public async Task TheModelIsNotAskedAboutItAndItsSenderIsNoContact()
    {
        await using var mailbox = await WithHistoryAsync();
        await dovecot.ArriveAsync(mailbox, Wanted("found", "eve@elsewhere.example").With("X-Spam-Flag", "YES"));
        await mailbox.SyncAsync();

        await mailbox.ProcessAsync();

        var verdict = await mailbox.VerdictAsync("found");
        Assert.Equal((SpamStage.Header, null, null), (verdict!.Stage, verdict.Probability, verdict.NotAsked));
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("found"));
        await dovecot.ArriveAsync(mailbox, Wanted("Re: found", "eve@elsewhere.example").With("X-Spam-Flag", "YES").With("In-Reply-To", $"<{(await mailbox.MessageAsync("found")).InternetMessageId}>"));
        await mailbox.SyncAsync();
        Assert.Equal((await mailbox.MessageAsync("found")).TicketId, (await mailbox.MessageAsync("Re: found")).TicketId);
        Assert.False(await IsContactAsync(mailbox, "eve@elsewhere.example"));
    }

    [Theory]
    [InlineData("X-Spam-Flag", "YES")]
    [InlineData("Feedback-ID", "c42:platform")]
    public async Task RulesCanBeSwitchedOffEachAndAll(string field, string value)
    {
        await using var mailbox = await WithHistoryAsync();
        await mailbox.SetAsync(spam => (spam.SpamAssassinRule, spam.BulkRule) = (false, false));
        await dovecot.ArriveAsync(mailbox, Wanted("one").With(field, value));
        await mailbox.SyncAsync();
        await mailbox.SetAsync(spam => (spam.SpamAssassinRule, spam.BulkRule, spam.Headers) = (true, true, false));
        await dovecot.ArriveAsync(mailbox, Wanted("two").With(field, value));
        await mailbox.SyncAsync();

        Assert.Equal((null, null), (await mailbox.SpamStatusAsync("one"), await mailbox.SpamStatusAsync("two")));
        Assert.Null(await mailbox.VerdictAsync("one"));
    }

    [Fact]
    public async Task ALaterMailOfAConversationIsShownWithItsFindingButHidesNothing()
    {
        await using var mailbox = await WithHistoryAsync();
        var first = Wanted("Chairs");
        await dovecot.ArriveAsync(mailbox, first);
        var second = Wanted("Re: Chairs").With("Feedback-ID", "c42:helpdesk").With("In-Reply-To", $"<{first.MessageId}>");
        await dovecot.ArriveAsync(mailbox, second);
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        var ticket = await mailbox.TicketAsync("Re: Chairs");
        Assert.Equal((2, SpamStatus.AutoClean, TicketPlace.Desk), (ticket.MessageCount, ticket.SpamStatus, ticket.Place));
        Assert.Equal(HeaderRule.Bulk, (await mailbox.VerdictAsync("Re: Chairs"))!.Rule);
    }

    [Fact]
    public async Task AMailThatTheServerPutIntoJunkIsProgrammaticallySpam()
    {
        await using var mailbox = await WithHistoryAsync();

        await dovecot.ArriveAsync(mailbox, Wanted("junked"), "Junk");
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoProgrammatic, await mailbox.SpamStatusAsync("junked"));
        Assert.Equal(SpamStage.Server, (await mailbox.VerdictAsync("junked"))!.Stage);
    }

    [Fact]
    public async Task HistoryIsJudgedByItsHeaderAloneAndTriggersNothing()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        var longAgo = TimeProvider.System.GetUtcNow().AddDays(-3);
        await dovecot.DeliverAsync(mailbox.User, Wanted("flagged").With("X-Spam-Flag", "YES"), Cancelled, internalDate: longAgo);
        await dovecot.DeliverAsync(mailbox.User, Obvious(), Cancelled, internalDate: longAgo);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("flagged"));
        Assert.Null(await mailbox.SpamStatusAsync(Pills));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.ProcessingRuns.CountAsync(Cancelled), Cancelled));
        Assert.DoesNotContain(await mailbox.Store.ActivityAsync(Cancelled), entry => entry.Kind is ActivityKind.TicketSpamChanged);
    }

    [Theory]
    [InlineData("INBOX")]
    [InlineData("Sent")]
    public async Task WhomSomebodyHasWrittenToIsNeverMassMailWhateverFolderComesFirst(string first)
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        var longAgo = TimeProvider.System.GetUtcNow().AddDays(-3);
        await mailbox.AddAsync($"""["INBOX"]""");
        var sent = Wanted("to them", mailbox.User);
        sent.To.Clear();
        sent.To.Add(new MimeKit.MailboxAddress("Shop", "news@shop.example"));
        if (first == "INBOX")
        {
            await dovecot.DeliverAsync(mailbox.User, Wanted("news", "news@shop.example").With("Feedback-ID", "c42:platform"), Cancelled, internalDate: longAgo);
            await mailbox.SyncAsync();
            Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("news"));
        }

        await dovecot.DeliverAsync(mailbox.User, sent, Cancelled, "Sent", internalDate: longAgo);
        await mailbox.SyncAsync();
        await mailbox.Store.Get<Core.Mailboxes.FolderEditing>().SetSyncedAsync((await mailbox.FolderAsync("Sent")).Id, true, Actor.User(SyncedMailbox.Person), "web", Cancelled);
        await mailbox.SyncAsync();
        if (first == "Sent")
        {
            await dovecot.DeliverAsync(mailbox.User, Wanted("news", "news@shop.example").With("Feedback-ID", "c42:platform"), Cancelled, internalDate: longAgo);
            await mailbox.SyncAsync();
        }

        Assert.Equal(first == "INBOX" ? SpamStatus.AutoClean : null, await mailbox.SpamStatusAsync("news"));
        Assert.Equal(TicketPlace.Desk, (await mailbox.TicketAsync("news")).Place);
    }

    [Fact]
    public async Task BlockedSendersAreSpamAndTrustedOnesAreNotWhateverTheirHeaderSays()
    {
        await using var mailbox = await WithHistoryAsync();
        await mailbox.Store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.SpamSenders.AddRange(
                    new SpamSender { Sender = "blocked.example", IsTrusted = false, CreatedAt = TimeProvider.System.GetUtcNow() },
                    new SpamSender { Sender = "good@blocked.example", IsTrusted = true, MailboxId = mailbox.Id, CreatedAt = TimeProvider.System.GetUtcNow() });
                await db.SaveChangesAsync(token);
            },
            Cancelled);

        await dovecot.ArriveAsync(mailbox, Wanted("bad", "eve@mail.blocked.example"));
        await dovecot.ArriveAsync(mailbox, Obvious("good", "good@blocked.example").With("Feedback-ID", "c42:platform"));
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();

        Assert.Equal((SpamStatus.AutoProgrammatic, SpamStatus.AutoClean), (await mailbox.SpamStatusAsync("bad"), await mailbox.SpamStatusAsync("good")));
        Assert.Equal((SpamStage.SenderList, "blocked.example"), await mailbox.VerdictAsync("bad") is { } bad ? (bad.Stage, bad.Evidence) : default);
        Assert.Equal(NotAsked.TrustedSender, (await mailbox.VerdictAsync("good"))!.NotAsked);
    }

    [Fact]
    public async Task WhereTheMailboxWantsItWhatIsFoundGoesToJunkOnTheServerToo()
    {
        await using var mailbox = await WithHistoryAsync();
        await mailbox.SetAsync(spam => spam.JunkMoves = Core.Mailboxes.JunkMoves.ByAll);

        await dovecot.ArriveAsync(mailbox, Wanted("found").With("X-Spam-Flag", "YES"));
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        Assert.Equal("found", Assert.Single(await dovecot.ListAsync(mailbox.User, Cancelled, "Junk")).Parse().Subject);
        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("found")); // nobody takes our own move for a person's word
    }

    private async Task<SyncedMailbox> WithHistoryAsync()
    {
        var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        return mailbox;
    }

    private static Task<bool> IsContactAsync(SyncedMailbox mailbox, string address) =>
        mailbox.Store.ReadAsync(db => db.Contacts.AnyAsync(c => c.Address == address, Cancelled), Cancelled);
}
