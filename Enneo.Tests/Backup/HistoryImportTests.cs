using Enneo.Core.Activity;
using Enneo.Core.Backup;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Backup;

public sealed class HistoryImportTests : IAsyncLifetime
{
    private const string Address = "support@example.test";
    private readonly TemporaryFolder _folder = new();
    private EnneoStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", Address, "Support", true), [], "test", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task WhatWasExportedComesBackByteForByte()
    {
        await using var other = await EnneoStore.CreateAsync(_folder["other"], Cancel);
        var mails = GeneratedMail.Many(60).Select(mail => mail.Source).Append("From: a@example.test\r\nSubject: last\r\n\r\nFrom here\r\n>From there\r\n\r\n\r\nFrom \r\n"u8.ToArray()).ToList();
        var start = new DateTimeOffset(2024, 3, 4, 9, 0, 0, TimeSpan.Zero);
        var id = await other.Get<MailImport>().AddAsync(
            new ImportedMailbox("Support", Address, "Support", true),
            [.. mails.Select((raw, index) => new ImportedMail(FolderRole.Inbox, raw, start.AddHours(index), true))], "test", Cancel);
        await using (var file = File.Create(_folder["all.mbox"]))
        {
            await other.Get<MailboxExport>().WriteAsync(id, file, Cancel);
        }

        var outcome = await ImportAsync("all.mbox");

        Assert.Equal((61, 0, 0), (outcome.Imported, outcome.AlreadyHere, outcome.Strange.Count));
        var expected = await other.ReadAsync(db => db.Messages.OrderBy(m => m.ReceivedAt).Select(m => new { m.Sha256, m.ReceivedAt, m.Subject }).ToListAsync(Cancel), Cancel);
        var actual = await _store.ReadAsync(db => db.Messages.OrderBy(m => m.ReceivedAt).Select(m => new { m.Sha256, m.ReceivedAt, m.Subject }).ToListAsync(Cancel), Cancel);
        Assert.Equal(expected.Select(m => (Convert.ToHexString(m.Sha256!), m.ReceivedAt, m.Subject)), actual.Select(m => (Convert.ToHexString(m.Sha256!), m.ReceivedAt, m.Subject)));
    }

    [Fact]
    public async Task ItIsHistory_ClosedReadAndFound_AndAnnouncesNothing()
    {
        await WriteAsync("one.eml", Letter("Meter", "<1@kunde.test>"));

        await ImportAsync("one.eml");

        var ticket = await _store.ReadAsync(db => db.Tickets.SingleAsync(Cancel), Cancel);
        Assert.Equal((TicketStatus.Closed, TicketPlace.Desk, 0), (ticket.Status, ticket.Place, ticket.UnreadCount));
        Assert.True((await _store.ReadAsync(db => db.Messages.SingleAsync(Cancel), Cancel)).IsHistory);
        Assert.DoesNotContain("TicketCreated", await _store.ReadAsync(db => db.Activity.Select(e => e.Kind.ToString()).ToListAsync(Cancel), Cancel));
        var found = await _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read("meter", TimeProvider.System.GetUtcNow(), TimeZoneInfo.Utc)), Cancel);
        Assert.Single(found.Hits);
    }

    [Fact]
    public async Task ItCanBeRepeated_EvenWithFieldsThatAnotherProgramAdded()
    {
        await WriteAsync("one.eml", Letter("Meter", "<1@kunde.test>"));
        await ImportAsync("one.eml");
        await WriteAsync("again.mbox", "From - Mon Mar  4 09:00:00 2024\nX-Mozilla-Status: 0001\n" + Letter("Meter", "<1@kunde.test>").ReplaceLineEndings("\n"));

        var outcome = await ImportAsync("again.mbox");

        Assert.Equal((0, 1), (outcome.Imported, outcome.AlreadyHere));
        Assert.Equal(1, await _store.ReadAsync(db => db.Messages.CountAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task AFolderIsReadWithAllBelow_ConversationsComeTogether_AndWhatIsNoMailIsNamed()
    {
        await WriteAsync("mail/Inbox/cur/1:2,S", Letter("Meter", "<1@kunde.test>").ReplaceLineEndings("\n"));
        await WriteAsync("mail/Sent", "From - Mon Mar  4 10:00:00 2024\n" + Letter("Re: Meter", "<2@example.test>", from: Address, answers: "<1@kunde.test>").ReplaceLineEndings("\n"));
        await WriteAsync("mail/Inbox.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->");

        var outcome = await ImportAsync("mail");

        Assert.Equal(2, outcome.Imported);
        Assert.EndsWith("Inbox.msf", Assert.Single(outcome.Strange), StringComparison.Ordinal);
        Assert.Equal(2, (await _store.ReadAsync(db => db.Tickets.SingleAsync(Cancel), Cancel)).MessageCount);
        Assert.Equal(
            [MessageDirection.In, MessageDirection.Out],
            await _store.ReadAsync(db => db.Messages.OrderBy(m => m.SentAt).Select(m => m.Direction).ToListAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task ItCanBePutIntoTheTrashAndBack_AndBeDeletedForGood()
    {
        await WriteAsync("one.eml", Letter("Meter", "<1@kunde.test>"));
        await ImportAsync("one.eml");
        var ticket = (await _store.ReadAsync(db => db.Tickets.SingleAsync(Cancel), Cancel)).Id;
        var (filing, erasing) = (_store.Get<TicketFiling>(), _store.Get<TrashErasing>());

        var filed = await filing.MoveAsync([ticket], FolderRole.Trash, Actor.Operator, "web", Cancel);
        Assert.Equal([ticket], await ListedAsync(TicketView.Trash));
        Assert.Empty(await ListedAsync(TicketView.Closed));

        await filing.UndoMoveAsync(filed, Actor.Operator, "web", Cancel);
        Assert.Equal([ticket], await ListedAsync(TicketView.Closed));
        Assert.Equal(0, await _store.ReadAsync(db => db.MessageFolders.CountAsync(Cancel), Cancel));

        await filing.MoveAsync([ticket], FolderRole.Trash, Actor.Operator, "web", Cancel);
        await filing.MoveAsync([ticket], FolderRole.Inbox, Actor.Operator, "web", Cancel);
        Assert.Equal([ticket], await ListedAsync(TicketView.Closed));
        Assert.Equal(0, await erasing.CountAsync(ErasingScope.Of([ticket]), Actor.Operator, Cancel));

        await filing.MoveAsync([ticket], FolderRole.Trash, Actor.Operator, "web", Cancel);
        await filing.StarAsync([ticket], true, Actor.Operator, "web", Cancel);
        await filing.MarkAsync([ticket], false, Actor.Operator, "web", Cancel);
        Assert.Equal(0, await _store.ReadAsync(db => db.ServerChanges.CountAsync(Cancel), Cancel)); // no server is to learn of it
        Assert.Equal(1, await erasing.RunAsync(ErasingScope.Of([ticket]), Actor.Operator, "web", Cancel));
        Assert.Equal(1, await _store.Get<ErasingHere>().RunAsync(Cancel));

        Assert.Equal((0, 0, 0, 0), await _store.ReadAsync(
            async db => (await db.Messages.CountAsync(Cancel), await db.Tickets.CountAsync(Cancel), await db.Sources.CountAsync(Cancel), await db.ServerChanges.CountAsync(Cancel)), Cancel));
        var found = await _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read("meter", TimeProvider.System.GetUtcNow(), TimeZoneInfo.Utc)), Cancel);
        Assert.Empty(found.Hits);
    }

    [Fact]
    public async Task TheCommandSaysWhatItTook_AndRefusesWhileAServerRuns()
    {
        await WriteAsync("one.eml", Letter("Meter", "<1@kunde.test>"));
        string[] command = ["mailbox", "import", "--address", Address, "--file", _folder["one.eml"]];
        await using (var server = await EnneoProcess.StartAsync(_folder["data"], Cancel))
        {
            Assert.Contains("A server is running", (await EnneoCommand.RunAsync(_folder["data"], command, Cancel)).Errors, StringComparison.Ordinal);
            await server.StopAsync(Cancel);
        }

        var taken = await EnneoCommand.RunAsync(_folder["data"], command, Cancel);

        Assert.Equal($"Took 1 mails into {Address}; 0 were there already, 0 could not be taken.", taken.Output.Trim());
        var missing = await EnneoCommand.RunAsync(_folder["data"], [.. command[..^1], _folder["none.mbox"]], Cancel);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("none.mbox", missing.Errors, StringComparison.Ordinal);
    }

    private async Task<HistoryImported> ImportAsync(string path) => await _store.Get<HistoryImport>().RunAsync(
        (await _store.Get<MailboxQueries>().FindByAddressAsync(Reach.All, Address, Cancel))!.Value, _folder[path], new Progress<int>(), Cancel);

    private async Task<IReadOnlyList<long>> ListedAsync(TicketView view) =>
        [.. (await _store.Get<TicketQueries>().ListAsync(Reach.All, new(null, view), null, 10, Cancel)).Select(ticket => ticket.Id)];

    private async Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        await File.WriteAllTextAsync(_folder[path], text, Cancel);
    }

    private static string Letter(string subject, string id, string from = "marta@kunde.test", string? answers = null) =>
        $"From: {from}\r\nTo: {(from == Address ? "marta@kunde.test" : Address)}\r\nSubject: {subject}\r\nMessage-ID: {id}\r\n"
        + (answers is null ? "" : $"In-Reply-To: {answers}\r\n")
        + "Date: Mon, 04 Mar 2024 09:00:00 +0000\r\n\r\nThe meter says 4711.\r\n";
}
