using System.Security.Cryptography;
using Enneo.Core.Activity;
using Enneo.Core.Backup;
using Enneo.Core.Data;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Tests.Mail;
using Enneo.Tests.Sending;
using Enneo.Tests.Servers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Backup;

/// <summary>Backups by the program's own command, of a data directory that a server uses, and what becomes of them.</summary>
public sealed class BackupTests(DovecotServer dovecot) : IClassFixture<DovecotServer>, IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task MadeWhileMailComesIn_AndRestoredElsewhere_TheyHoldWhatWasThere()
    {
        const int Mails = 600;
        GeneratedMail.WriteMaildir(_folder["mails"], Mails, seed: 3);
        await dovecot.FillMaildirAsync("saved@example.test", _folder["mails"], Cancel);
        await using var store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox("saved@example.test"), Cancel);
        await using var enneo = await EnneoProcess.StartAsync(_folder["data"], Cancel);
        await EnneoStore.UntilAsync(async () => await CountAsync(store) > 0, s_patience, Cancel, everyMilliseconds: 5);
        await BackUpAsync();
        await EnneoStore.UntilAsync(async () => (await store.ReportAsync(mailbox, Cancel)) is { Status.ProgressTotal: 0, Status.LastSyncAt: not null }, s_patience, Cancel);
        await BackUpAsync();
        Assert.Equal(0, await enneo.StopAsync(Cancel));

        var names = new BackupFolder(_folder["backups"]).List();
        Assert.Equal(2, names.Count);
        await RestoreAsync("early", "--snapshot", names[1]);
        await RestoreAsync("late");

        await using var late = EnneoStore.Open(_folder["late"]);
        Assert.Equal(await ContentAsync(store), await ContentAsync(late));
        await using var early = EnneoStore.Open(_folder["early"]);
        var content = await ContentAsync(early);
        Assert.InRange(content.Sources.Count, 1, Mails);
        Assert.Subset((await ContentAsync(store)).Sources.ToHashSet(), content.Sources.ToHashSet());
    }

    [Fact]
    public async Task WhatLeftSinceIsNotSentAgain_WhatCameSinceIsFetchedAgain()
    {
        await using SmtpSink sink = new() { OfferStartTls = true, User = "restored@example.test" };
        await sink.InitializeAsync();
        await using var store = await EnneoStore.CreateAsync(_folder["data"], Cancel, AnswerQueue.AtOnce);
        await store.AddAsync(dovecot.Mailbox("restored@example.test", sink), Cancel);
        AnswerQueue queue = new(store, _folder["data"], dovecot, "restored@example.test");
        IReadOnlyList<long> received;
        await using (var first = await EnneoProcess.StartAsync(_folder["data"], Cancel, settings: AnswerQueue.AtOnce))
        {
            received = await queue.ReceiveAsync(1, Cancel);
            await first.StopAsync(Cancel);
        }

        await queue.AnswerAsync(received, Cancel);
        await BackUpAsync();
        await using (var since = await EnneoProcess.StartAsync(_folder["data"], Cancel, settings: AnswerQueue.AtOnce))
        {
            await EnneoStore.UntilAsync(async () => (await queue.OutgoingAsync(Cancel))[0].SentCopy == SentCopyState.Done, s_patience, Cancel);
            await dovecot.DeliverAsync("restored@example.test", Letter("Came since"), Cancel, internalDate: TimeProvider.System.GetUtcNow());
            await EnneoStore.UntilAsync(async () => await CountAsync(store) == 3, s_patience, Cancel);
            await since.StopAsync(Cancel);
        }

        var restored = await EnneoProcess.RunAsync(_folder["data"], ["restore", _folder["backups"]], Cancel);
        SqliteConnection.ClearAllPools(); // this process still held the database that was set aside
        store.Get<ReadingContexts>().CloseIdle();
        Assert.Contains("1 answers waited in the outbox", restored.Output, StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Uncertain, Assert.Single(await queue.OutgoingAsync(Cancel)).State);

        await using var again = await EnneoProcess.StartAsync(_folder["data"], Cancel, settings: AnswerQueue.AtOnce);
        await EnneoStore.UntilAsync(async () => (await queue.OutgoingAsync(Cancel))[0].State == DeliveryState.Sent, s_patience, Cancel);
        await EnneoStore.UntilAsync(async () => await CountAsync(store) == 3, s_patience, Cancel);
        Assert.Single(sink.Received);
        Assert.Equal("Came since", await store.ReadAsync(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Subject).LastAsync(Cancel), Cancel));
        await BackUpAsync(); // the new mail lies in a segment that no earlier backup has
    }

    [Theory]
    [InlineData("enneo.db", "is not the one that was saved")]
    [InlineData("backup.json", "is not a finished backup")]
    [InlineData("000001.seg", "is damaged")]
    public async Task ADamagedOneIsRefused_AndTheDataStays(string file, string words)
    {
        await FillAsync("data", "damaged@example.test");
        await BackUpAsync();
        await DamageAsync(Directory.EnumerateFiles(_folder["backups"], file, SearchOption.AllDirectories).Single());
        var before = await File.ReadAllBytesAsync(_folder["data/enneo.db"], Cancel);

        var result = await EnneoCommand.RunAsync(_folder["data"], ["restore", _folder["backups"]], Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["data/enneo.db"], Cancel));
        Assert.Empty(Directory.EnumerateDirectories(_folder["data"], "replaced-*"));
    }

    [Theory]
    [InlineData("enneo.db")]
    [InlineData("segments")]
    [InlineData("")]
    public async Task ARestoreThatWasCutShortIsFinishedByTheNextStart(string alreadyMoved)
    {
        await FillAsync("data", "cut@example.test");
        await FillAsync("other", "new@example.test");
        await FoldLogAsync(_folder["other/enneo.db"]);
        var ready = Directory.CreateDirectory(_folder["data/restored-20260304-090000"]).FullName;
        foreach (var part in new[] { "enneo.db", "segments", "keys" })
        {
            Directory.Move(_folder["other/" + part], Path.Combine(ready, part));
        }

        if (alreadyMoved.Length > 0)
        {
            Directory.CreateDirectory(_folder["data/replaced-20260304-090000"]);
            Directory.Move(_folder["data/" + alreadyMoved], _folder["data/replaced-20260304-090000/" + alreadyMoved]);
        }

        var status = await EnneoCommand.RunAsync(_folder["data"], ["mailbox", "status"], Cancel);

        Assert.Contains("new@example.test", status.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["data/replaced-20260304-090000/enneo.db"]));
        Assert.True(Directory.Exists(_folder["data/replaced-20260304-090000/segments"]));
        Assert.False(Directory.Exists(ready));
    }

    [Fact]
    public async Task OneFolderHoldsTheBackupsOfOneInstallation()
    {
        await FillAsync("data", "one@example.test");
        await FillAsync("other", "other@example.test");
        await BackUpAsync();

        var result = await EnneoCommand.RunAsync(_folder["other"], ["backup", _folder["backups"]], Cancel);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("backups of another installation", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheNightsThatAreKeptAreTheLastOnes_AndRawMailIsSavedOnce()
    {
        await FillAsync("data", "nights@example.test");
        await using var store = EnneoStore.Open(_folder["data"]);
        var creation = store.Get<BackupCreation>();
        List<string> made = [];
        for (var night = 0; night < 4; night++)
        {
            made.Add((await creation.RunAsync(_folder["backups"], withKeys: false, kept: 2, Actor.System, "backup", Cancel)).Snapshot!);
        }

        Assert.Equal([made[3], made[2]], new BackupFolder(_folder["backups"]).List());
        Assert.Single(Directory.EnumerateFiles(_folder["backups"], "*.seg", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateDirectories(_folder["backups"], "keys", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WithTheKeysAMailboxNeedsNoNewPassword()
    {
        await FillAsync("data", "keys@example.test");
        await BackUpAsync("--with-keys");
        await RestoreAsync("elsewhere");

        await using var store = EnneoStore.Open(_folder["elsewhere"]);
        var mailbox = await store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(Cancel), Cancel);
        Assert.Equal(DovecotServer.Password, store.Get<Enneo.Core.Mailboxes.MailboxCredentials>().For(mailbox.Imap).Password);
    }

    [Fact]
    public async Task ARunningServerIsNotRestoredUnderItsFeet()
    {
        await FillAsync("data", "running@example.test");
        await BackUpAsync();
        await using var enneo = await EnneoProcess.StartAsync(_folder["data"], Cancel);

        var result = await EnneoCommand.RunAsync(_folder["data"], ["restore", _folder["backups"]], Cancel);

        Assert.Equal((1, $"A server uses the data in {_folder["data"]}. Stop it first."), (result.ExitCode, result.Errors.Trim()));
    }

    /// <summary>A data directory with one mailbox and its mail.</summary>
    private async Task FillAsync(string data, string address)
    {
        await dovecot.DeliverAsync(address, Letter("Before the backup"), Cancel);
        await using var store = await EnneoStore.CreateAsync(_folder[data], Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(address), Cancel);
        await store.Get<Enneo.Core.Sync.MailboxSync>().RunAsync(mailbox, Cancel);
    }

    /// <summary>All that was written then stands in the database itself.</summary>
    private static async Task FoldLogAsync(string database)
    {
        SqliteConnection.ClearAllPools();
        await using SqliteConnection connection = new($"Data Source={database};Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE";
        Assert.Equal("delete", await command.ExecuteScalarAsync(Cancel));
    }

    private static MimeMessage Letter(string subject) => new(
        [MailboxAddress.Parse("customer@example.test")], [MailboxAddress.Parse("team@example.test")], subject, new TextPart("plain") { Text = subject });

    private async Task BackUpAsync(params string[] options)
    {
        var result = await EnneoCommand.RunAsync(_folder["data"], ["backup", _folder["backups"], .. options], Cancel);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private async Task RestoreAsync(string data, params string[] options)
    {
        var result = await EnneoCommand.RunAsync(_folder[data], ["restore", _folder["backups"], .. options], Cancel);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private static async Task DamageAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        bytes[bytes.Length / 2] ^= 0x5A;
        bytes[0] ^= 0x5A;
        await File.WriteAllBytesAsync(path, bytes, Cancel);
    }

    private static Task<int> CountAsync(EnneoStore store) => store.ReadAsync(db => db.Messages.CountAsync(Cancel), Cancel);

    private static async Task<Content> ContentAsync(EnneoStore store)
    {
        var sources = await store.ReadAsync(db => db.Sources.AsNoTracking().OrderBy(s => s.Id).ToListAsync(Cancel), Cancel);
        List<string> hashes = [];
        foreach (var source in sources)
        {
            hashes.Add(Convert.ToHexString(SHA256.HashData(await store.Get<MessageStore>().ReadAsync(source, Cancel))));
        }

        return new Content(
            hashes,
            await store.ReadAsync(db => db.Messages.OrderBy(m => m.Id).Select(m => $"{m.Id} {m.TicketId} {m.Subject} {m.IsSeen}").ToListAsync(Cancel), Cancel),
            await store.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => $"{t.Id} {t.Status} {t.MessageCount} {t.People}").ToListAsync(Cancel), Cancel),
            await store.ReadAsync(db => db.Ledger.OrderBy(e => e.Id).Select(e => $"{e.FolderId} {e.Uid} {e.Outcome} {e.OnServer} {e.MessageId}").ToListAsync(Cancel), Cancel));
    }

    private sealed record Content(IReadOnlyList<string> Sources, IReadOnlyList<string> Messages, IReadOnlyList<string> Tickets, IReadOnlyList<string> Ledger)
    {
        public bool Equals(Content? other) => other is not null
            && Sources.SequenceEqual(other.Sources) && Messages.SequenceEqual(other.Messages) && Tickets.SequenceEqual(other.Tickets) && Ledger.SequenceEqual(other.Ledger);

        public override int GetHashCode() => HashCode.Combine(Sources.Count, Messages.Count, Tickets.Count, Ledger.Count);
    }
}
