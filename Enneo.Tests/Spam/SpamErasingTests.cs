using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Spam;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Spam;

/// <summary>Where there is no trash for old spam to go to, it is deleted here for good, after as long as elsewhere.</summary>
public sealed class SpamErasingTests : IAsyncLifetime
{
    private const string Address = "support@example.test";
    private const int Kept = 30;

    private readonly MailboxStore _store = new();
    private long _mailboxId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _mailboxId = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", Address, "Support", true), [], "test", Cancel);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData(MailboxMethod.Api, true)]
    [InlineData(MailboxMethod.Api, false)]
    [InlineData(MailboxMethod.Imap, false)]
    public async Task OldSpamIsErasedHere_AndNothingElse(MailboxMethod method, bool hasTrash)
    {
        await ArriveAsync("ancient spam", Kept + 31, isSpam: true);
        await ArriveAsync("old spam", Kept + 29, isSpam: true); // where there is a trash it would lie there
        await ArriveAsync("ancient mail", Kept + 31, isSpam: false);
        await BecomeAsync(method, hasTrash);
        Assert.Equal(0, await RunAsync());

        await _store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = Kept }, Actor.Operator, "test", Cancel);
        Assert.Equal(1, await RunAsync());
        Assert.Equal(0, await RunAsync());

        Assert.Equal(["ancient mail", "old spam"], await _store.ReadAsync(db => db.Tickets.Select(t => t.Subject).Order().ToListAsync(Cancel), Cancel));
        Assert.Equal(2, await _store.ReadAsync(db => db.Sources.CountAsync(Cancel), Cancel));
        Assert.Empty((await _store.Get<SearchQueries>().FindAsync(Reach.All, new(QueryReader.Read("ancient spam", DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc)), Cancel)).Hits);
        var ledger = (await _store.Get<MailboxReports>().ListAsync(Cancel)).Single().Ledger;
        Assert.Equal((3, 1, 0), (ledger.Announced, ledger.Erased, ledger.Difference));
        Assert.Equal(method is MailboxMethod.Api ? 2 : 3, ledger.OnServer); // a server keeps what it has
        Assert.Equal(0, await _store.ReadAsync(db => db.ServerChanges.CountAsync(Cancel), Cancel));
        Assert.Contains(await _store.ActivityAsync(Cancel), entry => entry.Kind is ActivityKind.SpamErased && entry.Changes.Contains("\"messages\":[null,1]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(31, 1)]
    [InlineData(29, 0)] // it can still be brought back
    public async Task SpamInTheTrashOfAMailboxWithoutAServerIsErasedToo(int daysInTrash, int erased)
    {
        await ArriveAsync("thrown away", Kept + 31, isSpam: true);
        await ArriveAsync("wanted and thrown away", Kept + 31, isSpam: false);
        await _store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = Kept }, Actor.Operator, "test", Cancel);
        var ids = await _store.ReadAsync(db => db.Messages.Select(m => m.Id).ToListAsync(Cancel), Cancel);
        Assert.Equal(2, (await _store.Get<Core.Tickets.MessageFiling>().MoveAsync(ids, FolderRole.Trash, Actor.Operator, "test", Cancel)).Moved.Count);
        await _store.Get<WriterLane>().RunAsync(
            (db, token) => db.Activity.Where(e => e.Kind == ActivityKind.MessageMoved).ExecuteUpdateAsync(set => set.SetProperty(e => e.At, TimeProvider.System.GetUtcNow().AddDays(-daysInTrash)), token), Cancel);

        Assert.Equal(erased, await RunAsync());

        Assert.Equal(erased == 1 ? ["wanted and thrown away"] : ["thrown away", "wanted and thrown away"], await _store.ReadAsync(db => db.Tickets.Select(t => t.Subject).Order().ToListAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task WhatSomebodyCalledClean_AndAllOfAMailboxInShadowMode_Stays()
    {
        await ArriveAsync("rescued", Kept + 60, isSpam: true);
        await _store.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings { KeptDays = Kept }, Actor.Operator, "test", Cancel);
        var ticket = await _store.ReadAsync(db => db.Tickets.Select(t => t.Id).SingleAsync(Cancel), Cancel);
        await SetShadowAsync(true);
        Assert.Equal(0, await RunAsync());
        await SetShadowAsync(false);
        await _store.Get<SpamDecisions>().MarkAsync([ticket], isSpam: false, Actor.Operator, "test", Cancel);

        Assert.Equal(0, await RunAsync());

        Assert.Equal(TicketPlace.Desk, await _store.ReadAsync(db => db.Tickets.Select(t => t.Place).SingleAsync(Cancel), Cancel));
    }

    /// <summary>Both, as they run by themselves.</summary>
    private async Task<int> RunAsync()
    {
        Assert.Equal(0, await _store.Get<SpamRetention>().RunAsync(Cancel)); // nothing goes to a trash
        return await _store.Get<SpamErasing>().RunAsync(Cancel);
    }

    private Task ArriveAsync(string subject, int daysAgo, bool isSpam) => _store.Get<MailImport>().ReceiveAsync(
        Address,
        new ImportedMail(
            FolderRole.Inbox,
            Encoding.UTF8.GetBytes($"From: x@elsewhere.example\r\nTo: {Address}\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@elsewhere.example>\r\nX-Spam-Flag: {(isSpam ? "YES" : "NO")}\r\n\r\n{subject}\r\n"),
            TimeProvider.System.GetUtcNow().AddDays(-daysAgo),
            Seen: false),
        Cancel);

    private Task BecomeAsync(MailboxMethod method, bool hasTrash) => _store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            await db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Method, method), token);
            await db.Folders.Where(f => f.Role == FolderRole.Trash && !hasTrash).ExecuteDeleteAsync(token);
        },
        Cancel);

    private Task SetShadowAsync(bool isShadow) => _store.Get<WriterLane>().RunAsync(
        (db, token) => db.Mailboxes.Where(m => m.Id == _mailboxId).ExecuteUpdateAsync(set => set.SetProperty(m => m.IsShadow, isShadow), token), Cancel);
}
