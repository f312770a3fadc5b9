using Enneo.Core.Identity;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using MimeKit;

namespace Enneo.Tests.Search;

[Trait("Category", "Server")]
public sealed class FoundOverImapTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AMailThatArrivesIsFoundByBodyAttachmentAndSender()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await dovecot.DeliverAsync(mailbox.User, WithAttachment(), Cancel);
        await dovecot.DeliverAsync(mailbox.User, SyncedMailbox.Letter("Something else"), Cancel);
        await mailbox.SyncAsync();

        foreach (var typed in (string[])["Zählerstand", "zahlers", "filename:ablesung.pdf", "from:jonas", "jonas.weber@kunde.test", "subject:haus"])
        {
            Assert.Equal(["Unser Haus"], await FindAsync(mailbox, typed));
        }
    }

    [Fact]
    public async Task AMailThatLiesInTwoFoldersIsFoundOnce()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        var letter = WithAttachment();
        await dovecot.DeliverAsync(mailbox.User, letter, Cancel);
        await dovecot.DeliverAsync(mailbox.User, letter, Cancel);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        Assert.Equal(["Unser Haus"], await FindAsync(mailbox, "zählerstand"));
    }

    [Fact]
    public async Task AFirstSyncOfManyIsReadForTheSearchOnceItIsHere()
    {
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot);
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], 250);
        await dovecot.FillMaildirAsync(mailbox.User, folder["mails"], Cancel);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await dovecot.DeliverAsync(mailbox.User, WithAttachment(), Cancel);
        await mailbox.SyncAsync();
        Assert.Equal(["Unser Haus"], await FindAsync(mailbox, "zählerstand")); // what comes later waits for nothing
        Assert.Contains(QueryText.StillReading, (await PageAsync(mailbox, "zählerstand")).Notes);

        await mailbox.Store.Get<SearchRebuild>().ContinueAsync(Cancel);

        var page = await PageAsync(mailbox, "mailbox:" + mailbox.User);
        Assert.Equal(251, page.Count!.Known);
        Assert.Empty(page.Notes);
    }

    private static MimeMessage WithAttachment() => new()
    {
        From = { new MailboxAddress("Jonas Weber", "jonas.weber@kunde.test") },
        To = { new MailboxAddress("Support", "support@example.test") },
        Subject = "Unser Haus",
        Body = new BodyBuilder
        {
            HtmlBody = "<p>Der <b>Zählerstand</b> ist 48213.</p>",
            Attachments = { { "Ablesung.pdf", new MemoryStream("%PDF-1.4"u8.ToArray()), new ContentType("application", "pdf") } },
        }.ToMessageBody(),
    };

    private static Task<SearchPage> PageAsync(SyncedMailbox mailbox, string typed) =>
        mailbox.Store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read(typed, TimeProvider.System.GetUtcNow(), TimeZoneInfo.Utc)), Cancel);

    private static async Task<IEnumerable<string>> FindAsync(SyncedMailbox mailbox, string typed) =>
        (await PageAsync(mailbox, typed)).Hits.Select(hit => string.Concat(hit.Subject.Select(piece => piece.Text)));
}
