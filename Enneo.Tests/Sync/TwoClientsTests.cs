using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>Enneo and another mail program do this and that to one mailbox, by a fixed seed; in the end both must see the same.</summary>
[Trait("Category", "Server")]
public sealed class TwoClientsTests : IAsyncLifetime
{
    private static readonly string[] s_folders = ["INBOX", "Archive", "Junk", "Trash", "Projects"];

    private DovecotServer? _dovecot;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_dovecot is not null)
        {
            await _dovecot.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(DovecotServer.WithoutCondstore)]
    [InlineData(DovecotServer.WithoutMove)]
    [InlineData(DovecotServer.WithoutQuickResync)]
    public Task AtTheEndBothSeeTheSame(string configuration) => PlayAsync(configuration, rounds: 12, seed: 20261125);

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("", 4711)]
    [InlineData("", 815)]
    [InlineData(DovecotServer.WithoutCondstore, 4712)]
    [InlineData(DovecotServer.WithoutMove, 4713)]
    [InlineData(DovecotServer.WithoutQuickResync, 4714)]
    public Task AtTheEndOfALongDayBothSeeTheSame(string configuration, int seed) => PlayAsync(configuration, rounds: 150, seed, atOnce: true);

    /// <param name="atOnce">The other program goes on while a sync runs.</param>
    private async Task PlayAsync(string configuration, int rounds, int seed, bool atOnce = false)
    {
        _dovecot = new DovecotServer { ExtraConfiguration = configuration };
        await _dovecot.InitializeAsync();
        await using var mailbox = await ConnectAsync(_dovecot);
        await _dovecot.CreateFolderAsync(mailbox.User, "Projects", Cancelled);
        for (var i = 0; i < 12; i++)
        {
            await _dovecot.DeliverAsync(mailbox.User, Letter($"mail {i}"), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        Random random = new(seed);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                await (random.Next(2) == 0 ? ActHereAsync(mailbox, random) : ActThereAsync(mailbox.User, random));
            }

            await Task.WhenAll(mailbox.SyncAsync(), atOnce ? TryThereAsync(mailbox.User, random) : Task.CompletedTask);
        }

        await SettleAsync(mailbox);
        await CompareAsync(mailbox);
    }

    private static async Task ActHereAsync(SyncedMailbox mailbox, Random random)
    {
        var ids = await mailbox.Store.ReadAsync(db => db.Messages.Where(m => m.OnServer).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(Cancelled), Cancelled);
        if (ids.Count == 0)
        {
            return;
        }

        long[] chosen = [ids[random.Next(ids.Count)], ids[random.Next(ids.Count)]];
        var filing = mailbox.Store.Get<MessageFiling>();
        switch (random.Next(8))
        {
            case 0:
                await filing.EraseAsync(chosen, Actor.User(1), "web", Cancelled);
                break;
            case 1 or 2:
                await mailbox.MarkAsync(chosen[0], random.Next(2) == 0);
                break;
            case 3 or 4:
                await filing.FlagAsync(chosen, random.Next(2) == 0, Actor.User(1), "web", Cancelled);
                break;
            default:
                var folder = await mailbox.FolderAsync(s_folders[random.Next(s_folders.Length)]);
                var tickets = await mailbox.Store.ReadAsync(db => db.Messages.Where(m => chosen.Contains(m.Id)).Select(m => m.TicketId).Distinct().ToListAsync(Cancelled), Cancelled);
                await mailbox.Store.Get<JunkFiling>().MoveToFolderAsync(tickets, folder.Id, Actor.User(1), "web", Cancelled);
                break;
        }
    }

    /// <summary>What it wanted to move may have been moved by a sync that runs.</summary>
    private async Task TryThereAsync(string user, Random random)
    {
        try
        {
            await ActThereAsync(user, random);
        }
        catch (ImapCommandException refused) when (refused.Response is ImapCommandResponse.No)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(refused.Message);
        }
    }

    private async Task ActThereAsync(string user, Random random)
    {
        using var client = await _dovecot!.OpenAsync(user, Cancelled);
        var folder = await client.GetFolderAsync(s_folders[random.Next(s_folders.Length)], Cancelled);
        await folder.OpenAsync(FolderAccess.ReadWrite, Cancelled);
        var uids = await folder.SearchAsync(MailKit.Search.SearchQuery.All, Cancelled);
        UniqueId[] chosen = uids.Count == 0 ? [] : [.. new[] { uids[random.Next(uids.Count)], uids[random.Next(uids.Count)] }.Distinct().Order()];
        switch (random.Next(6))
        {
            case 0:
                using (var letter = Letter($"arrived {random.Next()}"))
                {
                    await folder.AppendAsync(new AppendRequest(letter, random.Next(2) == 0 ? MessageFlags.Seen : MessageFlags.None), Cancelled);
                }

                break;
            case 1 when chosen.Length > 0:
                await folder.StoreAsync(chosen, new StoreFlagsRequest(random.Next(2) == 0 ? StoreAction.Add : StoreAction.Remove, MessageFlags.Seen), Cancelled);
                break;
            case 2 when chosen.Length > 0:
                await folder.StoreAsync(chosen, new StoreFlagsRequest(random.Next(2) == 0 ? StoreAction.Add : StoreAction.Remove, MessageFlags.Flagged), Cancelled);
                break;
            case 3 when chosen.Length > 0:
                await folder.StoreAsync(chosen, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted), Cancelled);
                await folder.ExpungeAsync(chosen, Cancelled);
                break;
            case 4 when chosen.Length > 0:
                var other = await client.GetFolderAsync(s_folders[random.Next(s_folders.Length)], Cancelled);
                if (other != folder)
                {
                    await folder.CopyToAsync(chosen, other, Cancelled);
                }

                break;
            case 5 when chosen.Length > 0:
                var target = await client.GetFolderAsync(s_folders[random.Next(s_folders.Length)], Cancelled);
                if (target != folder)
                {
                    await folder.MoveToAsync(chosen, target, Cancelled);
                }

                break;
        }

        await client.DisconnectAsync(true, Cancelled);
    }

    /// <summary>What was put off for a look comes due; a quiet folder of a server that counts no changes is looked into.</summary>
    private static async Task SettleAsync(SyncedMailbox mailbox)
    {
        for (var i = 0; i < 3; i++)
        {
            await mailbox.Store.Get<Core.Data.WriterLane>().RunAsync(
                async (db, token) =>
                {
                    await db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextAttemptAt, (DateTimeOffset?)null), token);
                    await db.Folders.ExecuteUpdateAsync(set => set.SetProperty(f => f.LookedAt, (DateTimeOffset?)null), token);
                },
                Cancelled);
            await mailbox.SyncAsync();
        }
    }

    private static async Task<string> HistoryAsync(SyncedMailbox mailbox, long ticketId)
    {
        var entries = await mailbox.Store.ReadAsync(db => db.Activity.Where(a => a.TicketId == ticketId).OrderBy(a => a.Sequence).ToListAsync(Cancelled), Cancelled);
        var folders = await mailbox.Store.ReadAsync(db => db.Folders.Select(f => f.Id + " " + f.FullName).ToListAsync(Cancelled), Cancelled);
        return string.Join("\n", entries.Select(entry => $"{entry.Kind} {entry.ActorKind} {entry.Changes}").Append(string.Join(", ", folders)));
    }

    private async Task CompareAsync(SyncedMailbox mailbox)
    {
        Assert.Empty(await mailbox.WaitingAsync());
        Assert.Equal(0, (await mailbox.LedgerAsync()).Difference);
        foreach (var name in s_folders)
        {
            var onServer = await _dovecot!.ListAsync(mailbox.User, Cancelled, name);
            var folder = await mailbox.FolderAsync(name);
            var ledger = await mailbox.Store.ReadAsync(
                db => db.Ledger.Where(e => e.FolderId == folder.Id && e.OnServer).OrderBy(e => e.Uid).Select(e => new { e.Uid, e.Seen, e.Flagged }).ToListAsync(Cancelled), Cancelled);
            Assert.Equal(
                onServer.Select(mail => (mail.Uid, mail.Flags.HasFlag(MessageFlags.Seen), mail.Flags.HasFlag(MessageFlags.Flagged))),
                ledger.Select(row => (row.Uid, row.Seen, row.Flagged)));

            var here = await mailbox.Store.ReadAsync(
                db => (from place in db.MessageFolders join message in db.Messages on place.MessageId equals message.Id where place.FolderId == folder.Id select message.Sha256!).ToListAsync(Cancelled), Cancelled);
            Assert.Equal(onServer.Select(mail => mail.Sha256).Distinct().Order(), here.Select(Convert.ToHexString).Order());
        }

        var messages = await mailbox.Store.ReadAsync(db => db.Messages.AsNoTracking().ToListAsync(Cancelled), Cancelled);
        foreach (var message in messages)
        {
            var roles = await mailbox.Store.ReadAsync(
                db => db.MessageFolders.Where(p => p.MessageId == message.Id).Join(db.Folders, p => p.FolderId, f => f.Id, (_, f) => f.Role).ToListAsync(Cancelled), Cancelled);
            var expected = !message.OnServer || roles.TrueForAll(role => role is FolderRole.Trash) ? TicketPlace.Trash
                : roles.TrueForAll(role => role is FolderRole.Trash or FolderRole.Junk) ? TicketPlace.Junk
                : TicketPlace.Desk;
            var ticket = await mailbox.TicketAsync(message.Subject);
            if (expected is TicketPlace.Desk && ticket.SpamStatus.IsSpam() && roles.Exists(role => role is FolderRole.Junk or FolderRole.Trash))
            {
                expected = TicketPlace.Junk; // copied out, not moved: what a person said of it stands
            }

            Assert.True(expected == ticket.Place, $"{expected} was expected, it is {ticket.Place} ({ticket.SpamStatus}), in {string.Join(", ", roles)}:\n{await HistoryAsync(mailbox, ticket.Id)}");
        }
    }
}
