using System.Security.Cryptography;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Sync;

/// <summary>A mailbox in shadow mode: whatever is done here, its servers are as they were.</summary>
[Trait("Category", "Server")]
public sealed class ShadowModeTests(DovecotServer dovecot) : IClassFixture<DovecotServer>, IAsyncLifetime
{
    private static readonly FolderRole[] s_targets = [FolderRole.Archive, FolderRole.Junk, FolderRole.Trash, FolderRole.Inbox];

    private readonly SmtpSink _sink = new() { User = Office.Address };
    private readonly string _user = dovecot.NewUser();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Actor Anna => Actor.User(Office.Person);

    public ValueTask InitializeAsync() => _sink.InitializeAsync();

    public ValueTask DisposeAsync() => _sink.DisposeAsync();

    [Fact]
    public async Task AnHourOfWorkLeavesTheServerAsItWas()
    {
        await using var office = await OpenAsync(mails: 12);
        var before = Maildir();
        Random random = new(20261125);
        for (var minute = 0; minute < 60; minute++)
        {
            await ActAsync(office, random);
            if (minute % 6 == 0)
            {
                await SyncAsync(office);
                await office.DeliverAsync(TimeSpan.FromMinutes(1));
                await office.FileAsync();
            }
        }

        var waiting = await office.Get<WaitingChanges>().OfMailboxAsync(Reach.All, office.MailboxId, Cancel);
        Assert.NotEmpty(waiting.Changes);
        Assert.All(waiting.First, change => Assert.True(change.IsOnlyHere));
        Assert.Equal(before, Maildir());
        Assert.Empty(_sink.Received);
        Assert.Equal(0, _sink.Connections);
    }

    [Fact]
    public async Task GoingLiveUndoesWhatWasDoneHereAndFromThenOnAStarReachesTheServer()
    {
        await using var office = await OpenAsync(mails: 2);
        var before = Maildir();
        var filing = office.Get<MessageFiling>();
        var ids = await IdsAsync(office);
        await filing.FlagAsync([ids[0]], true, Anna, "web", Cancel);
        await office.Get<ReadState>().MarkAsync([ids[0]], true, Anna, "web", Cancel);
        await filing.MoveAsync([ids[1]], FolderRole.Archive, Anna, "web", Cancel);

        Assert.True(await office.Get<GoingLive>().RunAsync(office.MailboxId, applyChanges: false, Anna, "web", Cancel));
        Assert.False(await office.Get<GoingLive>().RunAsync(office.MailboxId, applyChanges: false, Anna, "web", Cancel));
        await SyncAsync(office);

        Assert.Equal(before, Maildir());
        var messages = await office.ReadAsync(db => db.Messages.AsNoTracking().OrderBy(m => m.Id).ToListAsync(Cancel));
        Assert.All(messages, message => Assert.Equal((false, false), (message.IsFlagged, message.IsSeen)));
        Assert.Equal(["INBOX", "INBOX"], await PlacesAsync(office));

        await filing.FlagAsync([ids[0]], true, Anna, "web", Cancel);
        await SyncAsync(office);

        Assert.Single(await dovecot.ListAsync(_user, Cancel), mail => mail.Flags.HasFlag(MessageFlags.Flagged));
    }

    [Fact]
    public async Task GoingLiveMayTellTheServerWhatWasDoneHere()
    {
        await using var office = await OpenAsync(mails: 2);
        var ids = await IdsAsync(office);
        await office.Get<MessageFiling>().FlagAsync([ids[0]], true, Anna, "web", Cancel);
        await office.Get<MessageFiling>().MoveAsync([ids[1]], FolderRole.Archive, Anna, "web", Cancel);

        await office.Get<GoingLive>().RunAsync(office.MailboxId, applyChanges: true, Anna, "web", Cancel);
        await SyncAsync(office);

        Assert.True(Assert.Single(await dovecot.ListAsync(_user, Cancel)).Flags.HasFlag(MessageFlags.Flagged));
        Assert.Single(await dovecot.ListAsync(_user, Cancel, "Archive"));
    }

    [Fact]
    public async Task WhatTheServerSaysMeanwhileShowsOnceItIsLive()
    {
        await using var office = await OpenAsync(mails: 1);
        var id = Assert.Single(await IdsAsync(office));
        await office.Get<MessageFiling>().FlagAsync([id], true, Anna, "web", Cancel);
        await office.Get<MessageFiling>().FlagAsync([id], false, Anna, "web", Cancel);
        await dovecot.SetFlagsAsync(_user, 1, MessageFlags.Flagged, true, Cancel);
        await SyncAsync(office);
        var before = await office.ReadAsync(db => db.Messages.Select(m => m.IsFlagged).SingleAsync(Cancel));

        await office.Get<GoingLive>().RunAsync(office.MailboxId, applyChanges: false, Anna, "web", Cancel);

        Assert.False(before);
        Assert.True(await office.ReadAsync(db => db.Messages.Select(m => m.IsFlagged).SingleAsync(Cancel)));
    }

    [Fact]
    public async Task SendingSaysWhyNothingLeavesAndKeepsTheDraft()
    {
        await using var office = await OpenAsync(mails: 1);
        var draft = await office.WriteAsync(messageId: Assert.Single(await IdsAsync(office)));

        var result = await office.Outbox.SendAsync(draft.Id, Office.Person, Cancel);
        var steps = await office.Get<ConnectionTest>().SendAsync((await office.Get<MailboxEditing>().FindAsync(office.MailboxId, Cancel))!, office.MailboxId, Office.Customer, Cancel).ToListAsync(Cancel);

        Assert.Null(result.Outgoing);
        Assert.Contains("shadow mode", result.Problem, StringComparison.Ordinal);
        Assert.NotNull(await office.Drafts.FindAsync(draft.Id, Office.Person, Cancel));
        Assert.Equal(StepState.Failed, Assert.Single(steps).State);
        Assert.Contains("shadow mode", steps[0].Text, StringComparison.Ordinal);
        Assert.Equal(0, _sink.Connections);
    }

    [Fact]
    public async Task WhatWaitedToLeaveWaitsOnAndBecomesADraftAgain()
    {
        await using var office = await OpenAsync(mails: 0, shadow: false);
        var outgoing = await office.WriteAndSendAsync();
        await office.Get<MailboxEditing>().EnterShadowAsync(office.MailboxId, Anna, "web", Cancel);

        await office.DeliverAsync(TimeSpan.FromDays(3));
        var begun = await office.Get<OutgoingRecords>().BeginAsync(outgoing.Id, new Dictionary<string, SmtpAnswer>(), Cancel);
        var state = await office.StateAsync(outgoing.Id);
        await office.Get<GoingLive>().RunAsync(office.MailboxId, applyChanges: true, Anna, "web", Cancel);
        await office.DeliverAsync(TimeSpan.FromDays(1));

        Assert.False(begun);
        Assert.Equal(DeliveryState.Queued, state);
        Assert.NotNull(await office.Drafts.FindForTicketAsync(outgoing.TicketId, Office.Person, Cancel));
        Assert.Empty(await office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel));
        Assert.Equal(0, _sink.Connections);
    }

    /// <summary>Whoever asks a connector for one of its servers gets a client that cannot change anything.</summary>
    [Fact]
    public async Task NoWayLeadsPastIt()
    {
        await using var office = await OpenAsync(mails: 1);
        var mailbox = await office.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(Cancel));
        var credentials = office.Get<MailboxCredentials>();
        using var client = await office.Get<ImapConnector>().ConnectAsync(mailbox.ImapEndpoint, credentials.For(mailbox.Imap), Cancel);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadOnly, Cancel);
        var archive = await client.GetFolderAsync("Archive", Cancel);
        using var letter = Office.Letter();
        UniqueId[] uids = [new(1)];
        StoreFlagsRequest star = new(StoreAction.Add, MessageFlags.Flagged);
        Func<Task>[] ways =
        [
            () => office.Get<SmtpConnector>().ConnectAsync(mailbox.SmtpEndpoint, credentials.For(mailbox.Smtp), Cancel),
            () => inbox.StoreAsync(uids, star, Cancel),
            () => inbox.MoveToAsync(uids, archive, Cancel),
            () => inbox.CopyToAsync(uids, archive, Cancel),
            () => inbox.ExpungeAsync(uids, Cancel),
            () => inbox.ExpungeAsync(Cancel),
            () => archive.AppendAsync(new AppendRequest(letter), Cancel),
            () => archive.OpenAsync(FolderAccess.ReadWrite, Cancel),
            () => archive.CreateAsync("Below", isMessageFolder: true, Cancel),
            () => archive.RenameAsync(client.GetFolder(client.PersonalNamespaces[0]), "Elsewhere", Cancel),
            () => archive.DeleteAsync(Cancel),
            () => archive.UnsubscribeAsync(Cancel),
        ];
        var before = Maildir();

        foreach (var way in ways)
        {
            var refusal = await Assert.ThrowsAnyAsync<Exception>(way);
            Assert.True(refusal is InvalidOperationException or FolderNotOpenException, refusal.ToString());
        }

        Assert.Equal(before, Maildir());
        Assert.Equal(0, _sink.Connections);
    }

    /// <summary>Something that an agent does with a conversation.</summary>
    private static async Task ActAsync(Office office, Random random)
    {
        var ids = await IdsAsync(office);
        long[] chosen = [ids[random.Next(ids.Count)]];
        var filing = office.Get<MessageFiling>();
        switch (random.Next(7))
        {
            case 0:
                await filing.FlagAsync(chosen, random.Next(2) == 0, Anna, "web", Cancel);
                break;
            case 1:
                await office.Get<ReadState>().MarkAsync(chosen, random.Next(2) == 0, Anna, "web", Cancel);
                break;
            case 2 or 3:
                await filing.MoveAsync(chosen, s_targets[random.Next(s_targets.Length)], Anna, "web", Cancel);
                break;
            case 4:
                await filing.EraseAsync(ids, Anna, "web", Cancel);
                break;
            case 5:
                var draft = await office.WriteAsync(messageId: chosen[0]);
                await office.Outbox.SendAsync(draft.Id, Office.Person, Cancel);
                break;
            default:
                var ticketId = await office.ReadAsync(db => db.Messages.Where(m => m.Id == chosen[0]).Select(m => m.TicketId).SingleAsync(Cancel));
                await office.Get<TicketEditing>().SetStatusAsync([ticketId], TicketStatus.Closed, Anna, "web", Cancel);
                break;
        }
    }

    private async Task<Office> OpenAsync(int mails, bool shadow = true)
    {
        for (var i = 0; i < mails; i++)
        {
            using var letter = Office.Letter($"Question {i}");
            await dovecot.DeliverAsync(_user, letter, Cancel, flags: i % 3 == 2 ? MessageFlags.Seen : MessageFlags.None);
        }

        var input = dovecot.Mailbox(_user, _sink);
        var office = await Office.OpenAsync(input with { Data = input.Data with { Shadow = shadow, ClosingArchives = true } });
        await SyncAsync(office);
        return office;
    }

    private static Task SyncAsync(Office office) => office.Get<MailboxSync>().RunAsync(office.MailboxId, Cancel);

    private static Task<List<long>> IdsAsync(Office office) =>
        office.ReadAsync(db => db.Messages.Where(m => m.Direction == MessageDirection.In).OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(Cancel));

    private static Task<List<string>> PlacesAsync(Office office) =>
        office.ReadAsync(db => db.MessageFolders.OrderBy(p => p.MessageId).Join(db.Folders, p => p.FolderId, f => f.Id, (_, f) => f.FullName).ToListAsync(Cancel));

    /// <summary>Every mail of every folder with its flags, which stand in its file's name, and its bytes. What Dovecot remembers of them is no part of it.</summary>
    private List<string> Maildir()
    {
        var root = dovecot.Maildir(_user);
        return
        [
            .. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is "cur" or "new")
                .Select(file => $"{Path.GetRelativePath(root, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")
                .Concat(Directory.EnumerateDirectories(root, ".*").Select(folder => Path.GetRelativePath(root, folder)))
                .Append(File.ReadAllText(Path.Combine(root, "subscriptions")))
                .Order(StringComparer.Ordinal),
        ];
    }
}
