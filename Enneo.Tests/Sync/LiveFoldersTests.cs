using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>The whole program beside another mail program, without anybody asking it to look.</summary>
[Trait("Category", "Server")]
public sealed class LiveFoldersTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangesInAnyFolderAppearAndChangesHereArriveThere()
    {
        const string Address = "live@example.test";
        await dovecot.DeliverAsync(Address, Letter("one"), Cancelled);
        await using EnneoApp app = new();
        await app.InitializeAsync();
        await app.AddAsync(dovecot.Mailbox(Address) with { Data = dovecot.Mailbox(Address).Data with { PollSeconds = 3600 } }, Cancelled);
        await UntilPlaceAsync(app, "one", "INBOX");
        await UntilAsync(app, db => db.MailboxStatuses.AnyAsync(s => s.Mode == SyncMode.Idle, Cancelled));

        await dovecot.DeliverAsync(Address, Letter("spam"), Cancelled, "Junk");
        await UntilPlaceAsync(app, "spam", "Junk");

        await dovecot.SetFlagsAsync(Address, 1, MessageFlags.Flagged, set: true, Cancelled, "Junk");
        await UntilAsync(app, db => db.Messages.AnyAsync(m => m.Subject == "spam" && m.IsFlagged, Cancelled));

        await dovecot.MoveAsync(Address, [1], "Junk", "Archive", Cancelled);
        await UntilPlaceAsync(app, "spam", "Archive");

        await dovecot.CreateFolderAsync(Address, "New", Cancelled);
        await UntilAsync(app, db => db.Folders.AnyAsync(f => f.FullName == "New", Cancelled));

        var message = await ReadAsync(app, db => db.Messages.AsNoTracking().SingleAsync(m => m.Subject == "one", Cancelled));
        await app.Get<MessageFiling>().MoveAsync([message.Id], FolderRole.Trash, Actor.User(1), "web", Cancelled);
        await EnneoStore.UntilAsync(async () => (await dovecot.SubjectsAsync(Address, "Trash", Cancelled)).Contains("one"), s_patience, Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AMailboxIsRemovedWhileItSyncs(bool erase)
    {
        var other = $"kept-{erase}@example.test".ToLowerInvariant();
        var address = $"removed-{erase}@example.test".ToLowerInvariant();
        for (var i = 0; i < 120; i++)
        {
            await dovecot.DeliverAsync(address, Letter($"mail {i}"), Cancelled);
        }

        await using TcpProxy slow = new(dovecot.ImapsPort) { BytesPerSecond = 60_000 };
        await slow.InitializeAsync();
        await using EnneoApp app = new();
        await app.InitializeAsync();
        var kept = await app.AddAsync(dovecot.Mailbox(other), Cancelled);
        var id = await app.AddAsync(dovecot.Mailbox(address, imapPort: slow.Port), Cancelled);
        await UntilAsync(app, db => db.Ledger.AnyAsync(e => db.Folders.Any(f => f.Id == e.FolderId && f.MailboxId == id), Cancelled));

        Assert.True(await app.Get<MailboxRemoval>().RemoveAsync(id, erase, Actor.User(1), "web", Cancelled));

        Assert.DoesNotContain(await app.Get<MailboxQueries>().ListAsync(Reach.All, Cancelled), m => m.Id == id);
        if (erase)
        {
            await UntilAsync(app, async db => !await db.Mailboxes.AnyAsync(m => m.Id == id, Cancelled));
            Assert.Equal(0, await ReadAsync(app, async db =>
                await db.Messages.CountAsync(m => m.MailboxId == id, Cancelled) + await db.Tickets.CountAsync(t => t.MailboxId == id, Cancelled)
                + await db.Folders.CountAsync(f => f.MailboxId == id, Cancelled) + await db.Sources.CountAsync(Cancelled) + await db.ThreadKeys.CountAsync(k => k.MailboxId == id, Cancelled)));
        }
        else
        {
            Assert.NotEqual(0, await ReadAsync(app, db => db.Ledger.CountAsync(Cancelled)));
        }

        Assert.Equal(120, await dovecot.CountAsync(address, Cancelled)); // the server is never touched
        await dovecot.DeliverAsync(other, Letter("still working"), Cancelled);
        await UntilPlaceAsync(app, "still working", "INBOX");
        Assert.True(await ReadAsync(app, db => db.Mailboxes.AnyAsync(m => m.Id == kept && m.IsDefault, Cancelled)));
    }

    private static Task UntilPlaceAsync(EnneoApp app, string subject, string folder) => UntilAsync(app, async db =>
        (await (from message in db.Messages
                join place in db.MessageFolders on message.Id equals place.MessageId
                join lies in db.Folders on place.FolderId equals lies.Id
                where message.Subject == subject
                select lies.FullName).ToListAsync(Cancelled)) is [var only] && only == folder);

    private static Task UntilAsync(EnneoApp app, Func<EnneoDbContext, Task<bool>> isSo) => EnneoStore.UntilAsync(() => ReadAsync(app, isSo), s_patience, Cancelled);

    private static async Task<T> ReadAsync<T>(EnneoApp app, Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancelled);
        return await read(db);
    }
}
