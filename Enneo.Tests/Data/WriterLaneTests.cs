using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Tests.Mailboxes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Data;

public sealed class WriterLaneTests(MailboxStore store) : IClassFixture<MailboxStore>
{
    private readonly WriterLane _lane = store.Get<WriterLane>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WorkThatFailsIsUndoneAloneAndItsCallerLearnsWhy()
    {
        var before = AddAsync("before");
        var failing = _lane.RunAsync(
            async (db, token) =>
            {
                db.Settings.Add(new Setting { Name = "failing", Value = "" });
                await db.SaveChangesAsync(token);
                throw new InvalidOperationException("no");
            },
            Cancelled);
        var after = AddAsync("after");

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await Task.WhenAll(before, after);
        var names = await store.ReadAsync(db => db.Settings.Select(s => s.Name).ToListAsync(), Cancelled);
        Assert.Contains("before", names);
        Assert.Contains("after", names);
        Assert.DoesNotContain("failing", names);
    }

    [Fact]
    public async Task WhatFailsFirstTakesNothingWithIt()
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var failing = _lane.RunAsync(
            async (db, token) =>
            {
                db.Settings.Add(new Setting { Name = "first", Value = "" });
                await db.SaveChangesAsync(token);
                started.SetResult();
                await go.Task;
                throw new InvalidOperationException("no");
            },
            Cancelled);
        await started.Task; // so it begins its transaction
        var behind = AddAsync("behind the first");
        go.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await behind;
        var names = await store.ReadAsync(db => db.Settings.Select(s => s.Name).ToListAsync(), Cancelled);
        Assert.Contains("behind the first", names);
        Assert.DoesNotContain("first", names);
    }

    /// <summary>As SQLite does where the disk is full (https://sqlite.org/lang_transaction.html).</summary>
    [Fact]
    public async Task WhatEndsTheWholeTransactionIsWhyAllOfItFailed_AndTheLaneGoesOn()
    {
        TaskCompletionSource go = new();
        var holding = _lane.RunAsync((_, _) => go.Task, Cancelled);
        var ending = _lane.RunAsync(
            async (db, token) =>
            {
                await db.Database.ExecuteSqlRawAsync("ROLLBACK", token);
                throw new SqliteException("The disk is full", 13);
            },
            Cancelled);
        go.SetResult();

        Assert.Equal(13, (await Assert.ThrowsAsync<SqliteException>(() => ending)).SqliteErrorCode);
        Assert.True(await Record.ExceptionAsync(() => holding) is null or SqliteException { SqliteErrorCode: 13 }); // it was in the same transaction, or before it
        await AddAsync("after the disk was full");
        Assert.Contains("after the disk was full", await store.ReadAsync(db => db.Settings.Select(s => s.Name).ToListAsync(), Cancelled));
    }

    [Fact]
    public async Task PeopleGoBeforeBulk()
    {
        List<string> order = [];
        TaskCompletionSource started = new();
        TaskCompletionSource go = new();
        var holding = _lane.RunBulkAsync(
            async (_, _) =>
            {
                started.SetResult();
                await go.Task;
            },
            Cancelled);
        await started.Task;
        var bulk = _lane.RunBulkAsync((_, _) => Note(order, "bulk"), Cancelled);
        var person = _lane.RunAsync((_, _) => Note(order, "person"), Cancelled);
        go.SetResult();

        await Task.WhenAll(holding, bulk, person);
        Assert.Equal(["person", "bulk"], order);
    }

    [Fact]
    public async Task APauseKeepsTheLaneFreeOfTransactions()
    {
        var pause = await _lane.PauseAsync(Cancelled);
        var write = AddAsync("paused");
        Assert.NotSame(write, await Task.WhenAny(write, Task.Delay(100, Cancelled)));
        pause.Dispose();
        await write;
    }

    [Fact]
    public async Task TheLogKeepsTheOrderInWhichItIsTold_OverSeveralSavesOfOneWork()
    {
        var origin = Guid.NewGuid().ToString("N");

        await _lane.RunAsync(
            async (db, token) =>
            {
                for (var i = 0; i < 12; i++)
                {
                    db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteChanged, Actor.System, origin, TimeProvider.System, ticketId: i));
                    if (i % 4 == 3)
                    {
                        await db.SaveChangesAsync(token);
                    }
                }
            },
            Cancelled);

        var told = await store.ReadAsync(db => db.Activity.Where(e => e.Origin == origin).OrderBy(e => e.Sequence).Select(e => e.TicketId).ToListAsync(), Cancelled);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (long?)i), told);
    }

    [Fact]
    public async Task WhatIsDoneIsVisibleToReadersAtOnce()
    {
        await AddAsync("visible");
        Assert.True(await store.ReadAsync(db => db.Settings.AnyAsync(s => s.Name == "visible"), Cancelled));
    }

    private static Task Note(List<string> order, string what)
    {
        order.Add(what);
        return Task.CompletedTask;
    }

    private Task AddAsync(string name) => _lane.RunAsync(
        async (db, token) =>
        {
            db.Settings.Add(new Setting { Name = name, Value = "" });
            await db.SaveChangesAsync(token);
        },
        Cancelled);
}
