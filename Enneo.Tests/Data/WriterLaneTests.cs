using Enneo.Core.Data;
using Enneo.Tests.Mailboxes;
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
