using System.Security.Cryptography;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

[Trait("Category", "Server")]
public sealed class MailboxSyncTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachMailIsImportedOnceByteForByteAndNothingIsMarkedRead()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        for (var i = 0; i < 60; i++)
        {
            await dovecot.DeliverAsync(mailbox.User, Letter($"#{i}"), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        Assert.Equal(new LedgerCounts(60, 60, 0, 0, 0, 0, 0, 60, 0), await mailbox.LedgerAsync());
        var onServer = await dovecot.ListAsync(mailbox.User, Cancelled);
        Assert.All(onServer, mail => Assert.False(mail.Flags.HasFlag(MessageFlags.Seen)));
        var hashes = await mailbox.Store.ReadAsync(db => db.Messages.Select(m => m.Sha256!).ToListAsync(), Cancelled);
        Assert.Equal(onServer.Select(mail => mail.Sha256).Order(), hashes.Select(Convert.ToHexString).Order());
        foreach (var id in await mailbox.Store.ReadAsync(db => db.Messages.Select(m => m.Id).ToListAsync(), Cancelled))
        {
            var source = await mailbox.Store.Get<MessageReader>().FindSourceAsync(Reach.All, id, Cancelled);
            Assert.Contains(Convert.ToHexString(SHA256.HashData(source!.Memory.Span)), hashes.Select(Convert.ToHexString));
        }
    }

    [Fact]
    public async Task NewsIsOpenAndAnnouncedHistoryIsNot()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("old"), Cancelled, internalDate: TimeProvider.System.GetUtcNow().AddDays(-40));
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await dovecot.DeliverAsync(mailbox.User, Letter("new"), Cancelled, internalDate: TimeProvider.System.GetUtcNow().AddSeconds(2));
        await mailbox.SyncAsync();

        Assert.Equal("new", Assert.Single(await mailbox.TicketsAsync()).Subject);
        Assert.Equal("old", Assert.Single(await mailbox.TicketsAsync(closed: true)).Subject);
        var received = (await mailbox.Store.ActivityAsync(Cancelled)).Count(e => e.Kind is Core.Activity.ActivityKind.MessageReceived);
        Assert.Equal(1, received);
    }

    [Fact]
    public async Task SeenGoesBothWays()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        var uid = await dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        var ticket = Assert.Single(await mailbox.TicketsAsync());
        var message = Assert.Single(await mailbox.MessagesAsync(ticket.Id));

        await mailbox.MarkAsync(message.Id, seen: true);
        await mailbox.SyncAsync();
        Assert.True((await dovecot.ListAsync(mailbox.User, Cancelled))[0].Flags.HasFlag(MessageFlags.Seen));

        await mailbox.MarkAsync(message.Id, seen: false);
        await mailbox.SyncAsync();
        Assert.False((await dovecot.ListAsync(mailbox.User, Cancelled))[0].Flags.HasFlag(MessageFlags.Seen));

        await dovecot.SetFlagsAsync(mailbox.User, uid, MessageFlags.Seen, true, Cancelled);
        await mailbox.SyncAsync();
        Assert.Equal(0, Assert.Single(await mailbox.TicketsAsync()).UnreadCount);
    }

    [Fact]
    public async Task WhatIsDeletedOnTheServerStaysHereAndTheLedgerStillBalances()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        var uid = await dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("two"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await dovecot.ExpungeAsync(mailbox.User, [uid], Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(new LedgerCounts(2, 2, 0, 0, 0, 0, 0, 1, 0), await mailbox.LedgerAsync());
        Assert.Equal(1, await mailbox.Store.ReadAsync(db => db.Messages.CountAsync(m => !m.OnServer), Cancelled));
    }

    [Fact]
    public async Task ANewUidValidityDoublesNothing()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        for (var i = 0; i < 5; i++)
        {
            await dovecot.DeliverAsync(mailbox.User, Letter($"#{i}"), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await dovecot.SetUidValidityAsync(mailbox.User, "INBOX", 1_999_999_999, Cancelled);
        await mailbox.SyncAsync();

        var ledger = await mailbox.LedgerAsync();
        Assert.Equal((5, 5, 5, 0), (ledger.Imported, ledger.Duplicate, ledger.OnServer, ledger.Difference));
        Assert.Equal(5, (await mailbox.TicketsAsync()).Count);
        Assert.Equal(5, await mailbox.Store.ReadAsync(db => db.Messages.CountAsync(m => m.OnServer), Cancelled));
    }

    [Fact]
    public async Task WhatACrashLeftUnparsedIsTakenInAtTheNextRun()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        await dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.Store.Get<Core.Data.WriterLane>().RunAsync(
            (db, token) => db.Database.ExecuteSqlRawAsync(
                "UPDATE ledger SET AwaitsIntake = 1, MessageId = NULL; DELETE FROM messages; DELETE FROM tickets; DELETE FROM thread_keys; DELETE FROM ticket_participants", token),
            Cancelled);

        await mailbox.SyncAsync();

        Assert.Equal("one", Assert.Single(await mailbox.TicketsAsync()).Subject);
        Assert.Equal(new LedgerCounts(1, 1, 0, 0, 0, 0, 0, 1, 0), await mailbox.LedgerAsync());
    }

    [Fact]
    public async Task AMailThatCannotBeReadIsKeptAndListedAndTheNextOnesComeIn()
    {
        await using var mailbox = await ConnectAsync(dovecot);
        byte[] poison = [.. "Subject: huge\r\nX-Filler: "u8, .. Enumerable.Repeat((byte)'a', 400_000), .. "\r\n\r\nbody\r\n"u8];
        await dovecot.DeliverAsync(mailbox.User, poison, Cancelled);
        await dovecot.DeliverAsync(mailbox.User, Letter("fine"), Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        var ledger = await mailbox.LedgerAsync();
        Assert.Equal((2, 1, 1, 0), (ledger.Announced, ledger.Imported, ledger.Failed, ledger.Difference));
        var failed = Assert.Single(await mailbox.Store.Get<MailboxReports>().FailedAsync(mailbox.Id, Cancelled));
        Assert.NotEmpty(failed.Failure);
        Assert.Equal(poison.Length, (await mailbox.Store.Get<MessageReader>().FindSourceAsync(Reach.All, failed.MessageId!.Value, Cancelled))!.Length);
        Assert.Contains(await mailbox.TicketsAsync(), t => t.Subject == "huge");
    }
}
