using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tags.Detection;
using Enneo.Tests.Servers;
using Enneo.Tests.Spam;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Tags;

[Trait("Category", "Server")]
public sealed class TagsOverImapTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);

    private static readonly string[] s_refunds =
        ["Please refund the broken kettle", "I want my money back for the kettle", "Refund for order missing", "Kettle broken, send the money back", "The refund has not arrived"];

    private static readonly string[] s_others =
        ["When do you open tomorrow", "Is the workshop on Friday still on", "Directions to your shop please", "Do you repair bicycles", "Opening hours at Easter"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMailThatArrivesGetsTheTagOfItsConditions_HistoryDoesNot()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, SyncedMailbox.Letter("Your old invoice"), Cancel);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        ConditionGroup conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]), new(ConditionField.FromDomain, ConditionOperator.Equals, ["customer.example"])], []);
        var added = await mailbox.Store.Get<TagEditing>().AddAsync(
            new TagInput { Name = "Billing", Detection = TagDetectionMode.Conditions, Conditions = conditions }, Actor.System, "test", Cancel);

        await dovecot.ArriveAsync(mailbox, SyncedMailbox.Letter("Your new invoice"));
        await dovecot.ArriveAsync(mailbox, SyncedMailbox.Letter("Something else"));
        await mailbox.SyncAsync();
        await mailbox.Store.Get<MailProcessing>().RunDueAsync(Cancel);

        var given = Assert.Single(await TagsAsync(mailbox, "Your new invoice"));
        Assert.Equal((added.TagId, TagSource.Conditions), (given.TagId, given.Source));
        Assert.Equal(2, given.Reason.Tests!.Count);
        Assert.Empty(await TagsAsync(mailbox, "Something else"));
        Assert.Empty(await TagsAsync(mailbox, "Your old invoice"));
    }

    /// <summary>A model that has learned its tag, a default and one for spam: of a mail that comes over a real server.</summary>
    [Fact]
    public async Task SpamGetsNeitherTheDefaultNorWhatAModelFinds_AndBothComeOnceSomebodySaysThatItIsNone()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        await AddAsync(mailbox, new TagInput { Name = "General", IsDefault = true });
        await AddAsync(mailbox, new TagInput { Name = "Junk", IsSpam = true });
        var refund = await AddAsync(mailbox, new TagInput { Name = "Refund", Detection = TagDetectionMode.Ai });
        await TeachAsync(mailbox, refund);

        await dovecot.ArriveAsync(mailbox, Saying("hidden complaint", "The kettle is broken, please refund my money, it cost 45 euros.").With("X-Spam-Flag", "YES"));
        await dovecot.ArriveAsync(mailbox, Saying("hidden question", "Do you open on Friday, we are 3 people.").With("X-Spam-Flag", "YES"));
        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();
        Assert.Equal(["Junk"], await NamesAsync(mailbox, "hidden complaint"));
        Assert.Equal(["Junk"], await NamesAsync(mailbox, "hidden question"));

        long[] both = [(await mailbox.TicketAsync("hidden complaint")).Id, (await mailbox.TicketAsync("hidden question")).Id];
        await mailbox.Store.Get<SpamDecisions>().MarkAsync(both, isSpam: false, s_anna, "web", Cancel);
        await mailbox.ProcessAsync();
        Assert.Equal(["Refund"], await NamesAsync(mailbox, "hidden complaint"));
        Assert.Equal(TagSource.Ai, Assert.Single(await TagsAsync(mailbox, "hidden complaint")).Source);
        Assert.Equal(["General"], await NamesAsync(mailbox, "hidden question"));
    }

    private static async Task<long> AddAsync(SyncedMailbox mailbox, TagInput tag) =>
        (await mailbox.Store.Get<TagEditing>().AddAsync(tag, Actor.System, "test", Cancel)).TagId!.Value;

    /// <summary>As many mails as a model needs, and as many that the tag is not for.</summary>
    private async Task TeachAsync(SyncedMailbox mailbox, long tagId)
    {
        for (var i = 0; i < TagModelState.Needed; i++)
        {
            await dovecot.ArriveAsync(mailbox, Saying($"complaint {i}", $"{s_refunds[i % s_refunds.Length]}, it cost {i + 20} euros."));
            await dovecot.ArriveAsync(mailbox, Saying($"question {i}", $"{s_others[i % s_others.Length]}, we are {i + 2} people."));
        }

        await mailbox.SyncAsync();
        await mailbox.ProcessAsync();
        for (var i = 0; i < TagModelState.Needed; i++)
        {
            await mailbox.Store.Get<TicketTagging>().GiveAsync([(await mailbox.TicketAsync($"complaint {i}")).Id], tagId, s_anna, "test", Cancel);
        }

        Assert.False((await mailbox.Store.Get<TagModels>().StateAsync(tagId, Cancel)).IsSilent);
    }

    private static MimeMessage Saying(string subject, string text)
    {
        var mail = SyncedMailbox.Letter(subject, $"{subject.Replace(' ', '.')}@customer.example");
        mail.Body = new TextPart("plain") { Text = text };
        return mail;
    }

    private static async Task<List<string>> NamesAsync(SyncedMailbox mailbox, string subject)
    {
        var given = (await TagsAsync(mailbox, subject)).Select(tag => tag.TagId).ToList();
        return await mailbox.Store.ReadAsync(db => db.Tags.Where(t => given.Contains(t.Id)).Select(t => t.Name).Order().ToListAsync(Cancel), Cancel);
    }

    private static async Task<List<GivenTag>> TagsAsync(SyncedMailbox mailbox, string subject)
    {
        var ticket = (await mailbox.TicketAsync(subject)).Id;
        return [.. (await mailbox.Store.Get<TagQueries>().OfTicketsAsync(Reach.All, [ticket], Cancel))[ticket]];
    }
}
