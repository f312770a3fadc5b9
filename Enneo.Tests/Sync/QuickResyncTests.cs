using System.Diagnostics;
using Enneo.Core.Sync;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using MailKit;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>Servers that tell what has gone since the last look (RFC 7162): nothing is listed to find that out.</summary>
[Trait("Category", "Server")]
public sealed class QuickResyncTests : IAsyncLifetime
{
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
    [InlineData("", 0)]
    [InlineData(DovecotServer.WithoutQuickResync, 1)]
    public async Task AnExpungeIsToldWhereTheServerCanAndElseFoundByListing(string configuration, int listings)
    {
        await using var mailbox = await OpenAsync(configuration, 5);
        await mailbox.Store.Get<ImapSessions>().DisposeAsync();
        var before = Listings(mailbox.User);
        await _dovecot!.ExpungeAsync(mailbox.User, [2], Cancelled);
        await _dovecot!.SetFlagsAsync(mailbox.User, 3, MessageFlags.Flagged, true, Cancelled);

        await mailbox.SyncAsync();

        Assert.Equal(listings, Listings(mailbox.User) - before);
        Assert.Equal(new LedgerCounts(5, 5, 0, 0, 0, 0, 0, 4, 0), await mailbox.LedgerAsync());
        Assert.True((await mailbox.MessageAsync("mail 2")).IsFlagged);
        Assert.False((await mailbox.MessageAsync("mail 1")).OnServer);
    }

    [Fact]
    public async Task WhatHappensWhileTheInboxIsOpenIsToldToo()
    {
        await using var mailbox = await OpenAsync("", 5);
        var before = Listings(mailbox.User);
        await _dovecot!.ExpungeAsync(mailbox.User, [1, 2, 5], Cancelled);

        await mailbox.SyncAsync();
        await mailbox.SyncAsync();

        Assert.Equal(before, Listings(mailbox.User));
        Assert.Equal(new LedgerCounts(5, 5, 0, 0, 0, 0, 0, 2, 0), await mailbox.LedgerAsync());
    }

    [Fact]
    public async Task AnEmptiedFolderIsEmptyHere()
    {
        await using var mailbox = await OpenAsync("", 3);
        await _dovecot!.ExpungeAsync(mailbox.User, [1, 2, 3], Cancelled);

        await mailbox.SyncAsync();

        Assert.Equal((0, 0), ((await mailbox.LedgerAsync()).OnServer, (await mailbox.LedgerAsync()).Difference));
    }

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public async Task AmongTwentyThousandOneExpungeIsToldAtOnce()
    {
        const int Mails = 20_000;
        _dovecot = new DovecotServer { ExtraConfiguration = DovecotServer.WithWireLog };
        await _dovecot.InitializeAsync();
        await using var mailbox = await ConnectAsync(_dovecot);
        using TemporaryFolder folder = new();
        GeneratedMail.WriteMaildir(folder["mails"], Mails);
        await _dovecot.FillMaildirAsync(mailbox.User, folder["mails"], Cancelled);
        await _dovecot.PrepareWireLogAsync(mailbox.User, Cancelled);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();
        await mailbox.Store.Get<ImapSessions>().DisposeAsync();
        var before = Listings(mailbox.User);
        await _dovecot.ExpungeAsync(mailbox.User, [Mails / 2], Cancelled);

        var started = Stopwatch.GetTimestamp();
        await mailbox.SyncAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{Mails} mails, one expunged: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms with sign-in");

        Assert.Equal(before, Listings(mailbox.User));
        Assert.Equal((Mails - 1, 0), ((await mailbox.LedgerAsync()).OnServer, (await mailbox.LedgerAsync()).Difference));
    }

    private async Task<SyncedMailbox> OpenAsync(string configuration, int mails)
    {
        _dovecot = new DovecotServer { ExtraConfiguration = configuration + "\n" + DovecotServer.WithWireLog };
        await _dovecot.InitializeAsync();
        var mailbox = await ConnectAsync(_dovecot);
        await _dovecot.PrepareWireLogAsync(mailbox.User, Cancelled);
        for (var i = 0; i < mails; i++)
        {
            await _dovecot.DeliverAsync(mailbox.User, Letter($"mail {i}"), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.SyncAsync();
        return mailbox;
    }

    /// <summary>How often all UIDs of a folder were asked for.</summary>
    private int Listings(string user) => _dovecot!.WireLog(user).Count(line => line.Contains("SEARCH", StringComparison.Ordinal) && line.EndsWith(" ALL", StringComparison.Ordinal));
}
