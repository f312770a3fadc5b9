using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sync;

/// <summary>The real program, killed while it carries changes to the server.</summary>
public sealed class PushKillTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const string Address = "pushed@example.test";
    private const int Mails = 60;
    private const int Kills = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kills_lose_no_change_and_double_no_mail()
    {
        for (var i = 0; i < Mails; i++)
        {
            await dovecot.DeliverAsync(Address, SyncedMailbox.Letter($"mail {i:00}"), Cancel);
        }

        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(Address), Cancel);
        await using (var first = await EnneoProcess.StartAsync(folder["data"], Cancel))
        {
            await EnneoStore.UntilAsync(() => store.ReadAsync(async db => await db.Messages.CountAsync(Cancel) == Mails && await db.Folders.CountAsync(f => f.IsSynced && f.HistoryComplete, Cancel) == 6, Cancel), s_patience, Cancel);
            await first.StopAsync(Cancel);
        }

        var ids = await store.ReadAsync(db => db.Messages.OrderBy(m => m.Subject).Select(m => m.Id).ToListAsync(Cancel), Cancel);
        var filing = store.Get<MessageFiling>();
        Random random = new(20261125);
        for (var life = 0; life < Kills; life++)
        {
            long[] chosen = [.. ids.Skip(life * (Mails / Kills)).Take(Mails / Kills)];
            await filing.MoveAsync(chosen, FolderRole.Archive, Actor.User(1), "web", Cancel);
            await filing.FlagAsync(chosen, flagged: true, Actor.User(1), "web", Cancel);
            await using var enneo = EnneoProcess.Start(folder["data"]);
            await enneo.ReadyAsync(Cancel, "healthz");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300)), TimeProvider.System, Cancel);
            await enneo.KillAsync();
        }

        await using var last = EnneoProcess.Start(folder["data"]);
        await EnneoStore.UntilAsync(() => store.ReadAsync(async db => !await db.ServerChanges.AnyAsync(Cancel), Cancel), s_patience, Cancel);
        await EnneoStore.UntilAsync(async () => (await store.ReportAsync(mailbox, Cancel)).Ledger is { Difference: 0, OnServer: Mails }, s_patience, Cancel);
        await last.StopAsync(Cancel);

        const int Moved = Mails / Kills * Kills;
        var archived = await dovecot.ListAsync(Address, Cancel, "Archive");
        Assert.Equal(Enumerable.Range(0, Moved).Select(i => $"mail {i:00}"), archived.Select(mail => mail.Parse().Subject).Order(StringComparer.Ordinal));
        Assert.All(archived, mail => Assert.True(mail.Flags.HasFlag(MessageFlags.Flagged)));
        Assert.Equal(Mails - Moved, await dovecot.CountAsync(Address, Cancel));
        Assert.Equal(Mails, await store.ReadAsync(db => db.Messages.CountAsync(Cancel), Cancel));
    }
}
