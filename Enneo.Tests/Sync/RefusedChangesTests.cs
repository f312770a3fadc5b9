using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Sync.SyncedMailbox;

namespace Enneo.Tests.Sync;

/// <summary>Servers that do not take what was changed here: it is said, in their words, and a person decides.</summary>
[Trait("Category", "Server")]
public sealed class RefusedChangesTests : IAsyncLifetime
{
    private const string Access = """
        protocol imap {
          mail_plugins = quota notify acl imap_quota imap_zlib
        }
        plugin {
          acl = vfile
        }
        """;

    private readonly DovecotServer _dovecot = new() { ExtraConfiguration = Access };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static Actor Anna => Actor.User(1);

    public ValueTask InitializeAsync() => _dovecot.InitializeAsync();

    public ValueTask DisposeAsync() => _dovecot.DisposeAsync();

    [Theory]
    [InlineData("lr")] // read only
    [InlineData("lrs")] // \Seen and nothing else
    public async Task AFolderThatMayOnlyBeReadKeepsItsMailAndTheRestOfTheQueueGoesOn(string rights)
    {
        await using var mailbox = await ConnectAsync(_dovecot);
        await _dovecot.DeliverAsync(mailbox.User, Letter("locked"), Cancelled, "Projects");
        await _dovecot.DeliverAsync(mailbox.User, Letter("free"), Cancelled);
        await GrantAsync(mailbox.User, "Projects", rights);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await mailbox.FlagAsync("locked", flagged: true);
        await mailbox.MoveAsync("locked", FolderRole.Archive);
        await mailbox.FlagAsync("free", flagged: true);
        await mailbox.MoveAsync("free", FolderRole.Archive);
        await mailbox.SyncAsync();

        Assert.Equal(["free"], await _dovecot.SubjectsAsync(mailbox.User, "Archive", Cancelled));
        Assert.True(Assert.Single(await _dovecot.ListAsync(mailbox.User, Cancelled, "Archive")).Flags.HasFlag(MessageFlags.Flagged));
        Assert.Equal(["locked"], await _dovecot.SubjectsAsync(mailbox.User, "Projects", Cancelled));
        var refused = await RefusedAsync(mailbox, "locked");
        Assert.Equal([ServerChangeKind.Flagged, ServerChangeKind.Move], refused.Select(change => change.Kind));
        Assert.All(refused, change => Assert.Contains("Projects", change.Refusal, StringComparison.Ordinal));
        Assert.True((await mailbox.MessageAsync("locked")).IsFlagged); // here it is as its reader wanted it
        Assert.Equal(["Archive"], await mailbox.PlacesAsync("locked"));
    }

    [Fact]
    public async Task AFolderThatTakesNothingIsNamedWithTheServersWords()
    {
        await using var mailbox = await ConnectAsync(_dovecot);
        await _dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled);
        await _dovecot.CreateFolderAsync(mailbox.User, "Projects", Cancelled);
        await GrantAsync(mailbox.User, "Projects", "lr");
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await mailbox.Store.Get<MessageFiling>().MoveToFolderAsync([(await mailbox.MessageAsync("one")).Id], (await mailbox.FolderAsync("Projects")).Id, Anna, "web", Cancelled);
        await mailbox.SyncAsync();

        Assert.Equal(["one"], await _dovecot.SubjectsAsync(mailbox.User, "INBOX", Cancelled));
        var refused = Assert.Single(await RefusedAsync(mailbox, "one"));
        Assert.Equal("Projects", refused.Folder);
        Assert.Contains("ermission", refused.Refusal, StringComparison.Ordinal); // Dovecot: [NOPERM] Permission denied
        Assert.Contains("ermission", (await mailbox.Store.Get<MailboxQueries>().ListAsync(Reach.All, Cancelled))[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsRefusedTimeAndAgainWaitsForAPersonWhoMayUndoItOrTryItOnceMore()
    {
        await using var mailbox = await ConnectAsync(_dovecot);
        await _dovecot.DeliverAsync(mailbox.User, Letter("one"), Cancelled, "Projects");
        await GrantAsync(mailbox.User, "Projects", "lr");
        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        await mailbox.FlagAsync("one", flagged: true);
        await mailbox.MoveAsync("one", FolderRole.Archive);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            await mailbox.Store.Get<Core.Data.WriterLane>().RunAsync(
                (db, token) => db.ServerChanges.ExecuteUpdateAsync(set => set.SetProperty(c => c.NextAttemptAt, (DateTimeOffset?)null), token), Cancelled);
            await mailbox.SyncAsync();
        }

        var waiting = await mailbox.WaitingAsync();
        Assert.Equal([true, true], waiting.Select(change => change.AwaitsPerson));
        Assert.Equal([5, 5], waiting.Select(change => change.Attempts));
        var decisions = mailbox.Store.Get<WaitingChangeDecisions>();
        await decisions.UndoAsync([waiting.Single(change => change.Kind is ServerChangeKind.Move).Id], Anna, "web", Cancelled);
        Assert.Equal(["Projects"], await mailbox.PlacesAsync("one"));

        await GrantAsync(mailbox.User, "Projects", "lrwstipekxa");
        await mailbox.Store.Get<ImapSessions>().DisposeAsync(); // Dovecot remembers rights as long as a session lasts
        await decisions.TryAgainAsync([waiting.Single(change => change.Kind is ServerChangeKind.Flagged).Id], Anna, "web", Cancelled);
        await mailbox.SyncAsync();

        Assert.Empty(await mailbox.WaitingAsync());
        Assert.True(Assert.Single(await _dovecot.ListAsync(mailbox.User, Cancelled, "Projects")).Flags.HasFlag(MessageFlags.Flagged));
        Assert.Null((await mailbox.Store.Get<MailboxQueries>().ListAsync(Reach.All, Cancelled))[0].Message);
    }

    [Fact]
    public async Task WithoutMoveNothingIsCopiedThatCannotLeave()
    {
        await using DovecotServer plain = new() { ExtraConfiguration = Access + "\n" + DovecotServer.WithoutMove };
        await plain.InitializeAsync();
        await using var mailbox = await ConnectAsync(plain);
        await plain.DeliverAsync(mailbox.User, Letter("one"), Cancelled, "Projects");
        await GrantAsync(mailbox.User, "Projects", "lrswi", plain);
        await mailbox.AddAsync();
        await mailbox.SyncAsync();

        await mailbox.MoveAsync("one", FolderRole.Archive);
        await mailbox.SyncAsync();

        Assert.Empty(await plain.ListAsync(mailbox.User, Cancelled, "Archive"));
        Assert.Single(await RefusedAsync(mailbox, "one"));
    }

    [Fact]
    public async Task ACopyThatAFullMailboxDoesNotTakeIsSaidAndFiledOnceThereIsRoom()
    {
        const string Quota = """
            plugin {
              quota_rule = *:storage=30K
            }
            """;
        await using DovecotServer small = new() { ExtraConfiguration = Quota };
        await small.InitializeAsync();
        await using SmtpSink sink = new() { User = Office.Address };
        await sink.InitializeAsync();
        var user = small.NewUser();
        var filling = await small.DeliverAsync(user, Large(24_000), Cancelled);
        await using var office = await Office.OpenAsync(small.Mailbox(user, sink));
        var large = await office.SendAsync(await office.WriteAsync("<div>" + new string('x', 8_000) + "</div>"));
        var little = await office.WriteAndSendAsync();
        await office.DeliverAsync();

        await office.FileAsync();

        var status = Assert.Single(await office.Outbox.ForTicketAsync(Reach.All, large.TicketId, Cancelled));
        Assert.Equal(DeliveryState.Sent, status.State);
        Assert.Contains("uota", status.CopyRefusal, StringComparison.Ordinal); // Dovecot: [OVERQUOTA] Quota exceeded
        Assert.Equal(SentCopyState.Done, (await office.RowAsync(little.Id)).SentCopy); // the smaller one still fits
        await small.ExpungeAsync(user, [filling], Cancelled);
        Assert.True(await office.Outbox.FileCopyAgainAsync(large.Id, Office.Person, Cancelled));
        await office.FileAsync();

        Assert.Equal((SentCopyState.Done, null), ((await office.RowAsync(large.Id)).SentCopy, (await office.RowAsync(large.Id)).FilingRefusal));
        Assert.Equal(2, (await small.ListAsync(user, Cancelled, "Sent")).Count);
        Assert.Equal(2, sink.Received.Count);
    }

    [Fact]
    public async Task APersonMayDoWithoutTheCopy()
    {
        await using DovecotServer full = new() { ExtraConfiguration = "plugin {\n  quota_rule = *:storage=1K\n}" };
        await full.InitializeAsync();
        await using SmtpSink sink = new() { User = Office.Address };
        await sink.InitializeAsync();
        await using var office = await Office.OpenAsync(full.Mailbox(full.NewUser(), sink));
        var outgoing = await office.WriteAndSendAsync();
        await office.DeliverAsync();
        await office.FileAsync();

        Assert.True(await office.Outbox.DoWithoutCopyAsync(outgoing.Id, Office.Person, Cancelled));

        var row = await office.RowAsync(outgoing.Id);
        Assert.Equal((DeliveryState.Sent, SentCopyState.None, null, null), (row.State, row.SentCopy, row.FilingAt, row.FilingRefusal));
    }

    private static MimeKit.MimeMessage Large(int bytes)
    {
        var letter = Letter("filling");
        letter.Body = new MimeKit.TextPart("plain") { Text = string.Join("\n", Enumerable.Repeat(new string('x', 70), bytes / 71)) };
        return letter;
    }

    private static async Task<IReadOnlyList<WaitingChange>> RefusedAsync(SyncedMailbox mailbox, string subject) =>
        await mailbox.Store.Get<WaitingChanges>().OfTicketAsync(Reach.All, (await mailbox.MessageAsync(subject)).TicketId, Cancelled);

    private Task GrantAsync(string user, string folder, string rights) => GrantAsync(user, folder, rights, _dovecot);

    private static Task GrantAsync(string user, string folder, string rights, DovecotServer server) =>
        File.WriteAllTextAsync(Path.Combine(server.Maildir(user, folder), "dovecot-acl"), $"owner {rights}\n", Cancelled);
}
