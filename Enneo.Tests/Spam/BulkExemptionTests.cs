using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>Whose mass mail is welcome.</summary>
public sealed class BulkExemptionTests : IAsyncLifetime
{
    private const string Shop = "news@shop.example";

    private readonly InboxStore _store = new();
    private Mailbox _support = null!;
    private Mailbox _sales = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Actor Anna => Actor.User(_store.AgentId);

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        await _store.MakeAdminAsync();
        (_support, _sales) = (await _store.AddMailboxAsync(), await _store.AddMailboxAsync("Sales"));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task WhoWasCalledNotSpamIsExemptInThatMailboxUntilItIsTakenBack()
    {
        var first = await _store.ReceiveAsync(_support, "News", $"Shop <{Shop}>");
        Assert.Equal((true, true), await HiddenAsync());

        var decisions = await _store.Get<SpamDecisions>().MarkAsync([first.TicketId], isSpam: false, Anna, "web", Cancel);
        Assert.Equal((false, true), await HiddenAsync());

        await _store.Get<SpamDecisions>().UndoAsync(decisions, Anna, "web", Cancel);
        Assert.Equal((true, true), await HiddenAsync());
    }

    [Theory]
    [InlineData(Shop)]
    [InlineData("shop.example")]
    public async Task WhoIsTrustedIsExemptWhereTheyAreTrusted(string sender)
    {
        await _store.Get<SpamSenders>().SetAsync(sender, _support.Id, isTrusted: true, Anna, "web", Cancel);
        Assert.Equal((false, true), await HiddenAsync());

        await _store.Get<SpamSenders>().SetAsync(sender, null, isTrusted: true, Anna, "web", Cancel);
        Assert.Equal((false, false), await HiddenAsync());
    }

    /// <summary>The team knows them. The model reads their mail in the other mailbox all the same, since what it is told would be shown there.</summary>
    [Fact]
    public async Task WhoWasWrittenToFromOneMailboxIsExemptInAll()
    {
        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.Contacts.Add(new Contact { MailboxId = _sales.Id, Address = Shop, Name = "Shop", Sent = 1, FirstAt = default, LastAt = default });
                await db.SaveChangesAsync(token);
            },
            Cancel);

        Assert.Equal((false, false), await HiddenAsync());
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.False(SenderKnowledge.Read(db, _support, [Shop]).IsCorrespondent(Shop));
        Assert.True(SenderKnowledge.Read(db, _sales, [Shop]).IsCorrespondent(Shop));
    }

    /// <returns>Whether the shop's next mail would be hidden in each mailbox.</returns>
    private async Task<(bool Support, bool Sales)> HiddenAsync() => (await IsHiddenAsync(_support), await IsHiddenAsync(_sales));

    private async Task<bool> IsHiddenAsync(Mailbox mailbox)
    {
        var raw = Encoding.UTF8.GetBytes($"From: Shop <{Shop}>\r\nTo: {mailbox.Address}\r\nSubject: News\r\nFeedback-ID: c42:platform\r\n\r\nNew kettles.\r\n");
        var parsed = await _store.Get<MessageParser>().ParseAsync(raw, Cancel);
        IncomingMessage mail = new(0, [], raw.Length, parsed, _store.Clock.GetUtcNow(), IsSeen: false, IsFlagged: false, FolderId: null, FolderRole.Inbox, IsHistory: false);
        await using var db = await _store.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        var verdict = Assert.Single(_store.Get<SpamIntake>().Judge(db, await db.Mailboxes.SingleAsync(m => m.Id == mailbox.Id, Cancel), [mail]));
        return verdict.OpensAs is SpamStatus.AutoSpam;
    }
}
