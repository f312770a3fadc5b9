using Enneo.Core.Activity;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>Newsletters over IMAP: sorted sender by sender, tried before they are hidden, or only tagged.</summary>
[Trait("Category", "Server")]
public sealed class MassMailTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HiddenMassMailIsListedBySender_UntilTheSenderIsKept()
    {
        await using var mailbox = await WithMailAsync(News("one"), News("two"), News("three", "club@other.example"), Wanted("wanted"));

        var senders = await SendersAsync(mailbox);
        Assert.Equal([("news@shop.example", 2), ("club@other.example", 1)], senders.Select(sender => (sender.Address, sender.Count)));
        Assert.Equal((true, false), (senders[0].CanUnsubscribe, senders[0].IsVouched));
        Assert.Equal(2, await mailbox.Store.Get<MassMail>().CountSendersAsync(Reach.All, mailbox.Id, Cancelled));

        await mailbox.Store.Get<SpamDecisions>().MarkAsync([.. await HiddenOfAsync(mailbox, "news@shop.example")], isSpam: false, s_anna, "web", Cancelled);
        Assert.Equal("club@other.example", Assert.Single(await SendersAsync(mailbox)).Address);
    }

    [Fact]
    public async Task WhereMassMailIsOnlyTagged_ItStaysInSightWithItsFindingAndTheTagsForSpam()
    {
        await using var mailbox = await ConnectAsync();
        await AddSpamTagAsync(mailbox);
        await mailbox.SetAsync(spam => spam.BulkTagsOnly = true);

        await ArriveAsync(mailbox, News("news"));
        await mailbox.ProcessAsync();

        var ticket = await mailbox.TicketAsync("news");
        Assert.Equal((SpamStatus.AutoClean, TicketPlace.Desk), (ticket.SpamStatus, ticket.Place));
        var verdict = await mailbox.VerdictAsync("news");
        Assert.Equal((SpamStage.Header, HeaderRule.Bulk, false), (verdict!.Stage, verdict.Rule, verdict.IsSpam));
        Assert.Equal(["Junk"], await TagsAsync(mailbox, ticket.Id));
        Assert.Empty(await SendersAsync(mailbox));

        await mailbox.Store.Get<SpamDecisions>().MarkAsync([ticket.Id], isSpam: false, s_anna, "web", Cancelled);
        Assert.Empty(await TagsAsync(mailbox, ticket.Id));
    }

    [Fact]
    public async Task WhereMassMailIsOnlyTagged_TheModelStillHidesSpamAmongIt()
    {
        await using var mailbox = await ConnectAsync();
        await mailbox.SetAsync(spam => spam.BulkTagsOnly = true);

        await ArriveAsync(mailbox, Obvious("Offer").With("Feedback-ID", "c42:platform"));
        await mailbox.ProcessAsync();

        Assert.Equal(SpamStatus.AutoSpam, await mailbox.SpamStatusAsync("Offer"));
        Assert.Equal((SpamStage.Model, true), await mailbox.VerdictAsync("Offer") is { } verdict ? (verdict.Stage, verdict.IsSpam) : default);
    }

    [Fact]
    public async Task TheRuleIsTriedOnTheLastMails_AndWhomSomebodyHasWrittenToStays()
    {
        await using var mailbox = await WithMailAsync(News("one"), News("two"), News("three", "club@other.example"), Wanted("wanted"));
        await mailbox.Store.Get<WriterLane>().RunAsync(
            (db, token) =>
            {
                db.Contacts.Add(new Contact { MailboxId = mailbox.Id, Address = "club@other.example", Name = "Club", FirstAt = default, LastAt = default, Sent = 1 });
                return db.SaveChangesAsync(token);
            },
            Cancelled);
        await mailbox.SetAsync(spam => spam.BulkRule = false); // it is tried whether it is on or not

        var result = await mailbox.Store.Get<MassMailTrial>().RunAsync(mailbox.Id, Cancelled);

        Assert.Equal((5, 2), (result!.Mails, result.HiddenMails));
        Assert.Equal(new TrialSender("news@shop.example", "Anna Weber", 2), Assert.Single(result.Hidden));
        Assert.Equal("club@other.example", Assert.Single(result.WrittenTo).Address);
    }

    private static MimeMessage News(string subject, string from = "news@shop.example") => Wanted(subject, from)
        .With("Feedback-ID", "c42:platform")
        .With("List-Unsubscribe", "<https://shop.example/u>")
        .With("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");

    private static Task<IReadOnlyList<MassMailSender>> SendersAsync(SyncedMailbox mailbox) =>
        mailbox.Store.Get<MassMail>().SendersAsync(Reach.All, mailbox.Id, Cancelled);

    private static Task<IReadOnlyList<long>> HiddenOfAsync(SyncedMailbox mailbox, string address) =>
        mailbox.Store.Get<SpamSenders>().HiddenOfAsync(Reach.All, address, mailbox.Id, Cancelled);

    private static Task AddSpamTagAsync(SyncedMailbox mailbox) => mailbox.Store.Get<TagEditing>().AddAsync(new TagInput { Name = "Junk", IsSpam = true }, Actor.Operator, "test", Cancelled);

    private static async Task<List<string>> TagsAsync(SyncedMailbox mailbox, long ticketId) => await mailbox.Store.ReadAsync(
        db => (from given in db.TicketTags
               where given.TicketId == ticketId && !given.IsTakenOff
               join tag in db.Tags on given.TagId equals tag.Id
               orderby tag.Name
               select tag.Name).ToListAsync(Cancelled),
        Cancelled);

    private Task<SyncedMailbox> ConnectAsync() => SyncedMailbox.ConnectAsync(dovecot, "earlier");

    private async Task<SyncedMailbox> WithMailAsync(params MimeMessage[] mails)
    {
        var mailbox = await ConnectAsync();
        await ArriveAsync(mailbox, mails);
        return mailbox;
    }

    private async Task ArriveAsync(SyncedMailbox mailbox, params MimeMessage[] mails)
    {
        foreach (var mail in mails)
        {
            await dovecot.ArriveAsync(mailbox, mail);
        }

        await mailbox.SyncAsync();
    }
}
