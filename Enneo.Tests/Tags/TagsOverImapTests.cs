using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Processing;
using Enneo.Core.Tags;
using Enneo.Tests.Servers;
using Enneo.Tests.Spam;
using Enneo.Tests.Sync;

namespace Enneo.Tests.Tags;

[Trait("Category", "Server")]
public sealed class TagsOverImapTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
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

    private static async Task<List<GivenTag>> TagsAsync(SyncedMailbox mailbox, string subject)
    {
        var ticket = (await mailbox.TicketAsync(subject)).Id;
        return [.. (await mailbox.Store.Get<TagQueries>().OfTicketsAsync(Reach.All, [ticket], Cancel))[ticket]];
    }
}
