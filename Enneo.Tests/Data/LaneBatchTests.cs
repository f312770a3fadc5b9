using Enneo.Core.Data;
using Enneo.Tests.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Data;

/// <summary>What waits for the writer lane at once goes through it together, and what is wrong with one concerns no other.</summary>
public sealed class LaneBatchTests : IClassFixture<MailboxStore>
{
    private readonly MailboxStore _store;
    private readonly WriterLane _lane;
    private readonly LaneBatch<string, int> _batch;
    private readonly List<int> _works = [];
    private readonly string _test = Guid.NewGuid().ToString("N");

    public LaneBatchTests(MailboxStore store)
    {
        (_store, _lane) = (store, store.Get<WriterLane>());
        _batch = new(_lane, AddAsync);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWaitsAtOnceIsOneWork_AndEachIsToldItsOwn()
    {
        var lengths = await WhileTheLaneIsHeldAsync("a", "bb", "ccc");

        var told = await Task.WhenAll(lengths);
        Assert.Equal([1, 2, 3], told);
        Assert.Equal([3], _works);
        var done = await NamesAsync();
        Assert.Equal(["a", "bb", "ccc"], done);
    }

    [Fact]
    public async Task WhatIsWrongWithOneConcernsNoOther_AndNothingIsDoneTwice()
    {
        var lengths = await WhileTheLaneIsHeldAsync("a", "wrong", "ccc");

        Assert.Equal("wrong", (await Assert.ThrowsAsync<InvalidOperationException>(() => lengths[1])).Message);
        Assert.Equal((1, 3), (await lengths[0], await lengths[2]));
        Assert.Equal([3, 1, 1, 1], _works);
        var done = await NamesAsync();
        Assert.Equal(["a", "ccc"], done);
    }

    [Fact]
    public async Task WhoHasGoneMeanwhileIsLeftOut()
    {
        using CancellationTokenSource gone = new();
        var release = await HoldAsync();
        var (staying, leaving) = (_batch.RunAsync("stays", Cancel), _batch.RunAsync("leaves", gone.Token));
        await gone.CancelAsync();
        release.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(5, await staying);
        Assert.Equal("stays", Assert.Single(await NamesAsync()));
    }

    [Fact]
    public async Task WhatIsTooMuchForOneWorkComesWithTheNext()
    {
        var lengths = await WhileTheLaneIsHeldAsync([.. Enumerable.Range(0, 75).Select(number => $"{number:D2}")]);

        Assert.All(await Task.WhenAll(lengths), length => Assert.Equal(2, length));
        Assert.Equal([32, 32, 11], _works);
        Assert.Equal(75, (await NamesAsync()).Count);
    }

    [Fact]
    public async Task WhatHasSomethingAroundItIsAlone()
    {
        List<string> order = [];
        var release = await HoldAsync();
        var plain = _batch.RunAsync("plain", Cancel);
        var around = _lane.WithinAsync(
            async (_, work, _) =>
            {
                order.Add("before");
                await work();
                order.Add("after");
            },
            () => _batch.RunAsync("around", Cancel));
        release.SetResult();

        await Task.WhenAll(plain, around);
        Assert.Equal(["before", "after"], order);
        Assert.Equal([1, 1], _works);
    }

    [Fact]
    public async Task NobodyWaitsForALaneThatIsClosed()
    {
        await using MailboxStore other = new();
        await other.InitializeAsync();
        var lane = other.Get<WriterLane>();
        LaneBatch<string, int> batch = new(lane, AddAsync);
        await lane.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => batch.RunAsync("late", Cancel));
    }

    private async Task<Task<int>[]> WhileTheLaneIsHeldAsync(params string[] names)
    {
        var release = await HoldAsync();
        Task<int>[] lengths = [.. names.Select(name => _batch.RunAsync(name, Cancel))];
        release.SetResult();
        return lengths;
    }

    private async Task<TaskCompletionSource> HoldAsync()
    {
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = _lane.RunAsync(
            async (_, _) =>
            {
                held.SetResult();
                await release.Task;
            },
            Cancel);
        await held.Task;
        return release;
    }

    private async Task<IReadOnlyList<int>> AddAsync(EnneoDbContext db, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        _works.Add(names.Count);
        foreach (var name in names)
        {
            db.Settings.Add(new Setting { Name = $"{_test} {name}", Value = "" });
            await db.SaveChangesAsync(cancellationToken);
            if (name == "wrong")
            {
                throw new InvalidOperationException(name);
            }
        }

        return [.. names.Select(name => name.Length)];
    }

    private Task<List<string>> NamesAsync() => _store.ReadAsync(
        db => db.Settings.Where(s => s.Name.StartsWith(_test)).OrderBy(s => s.Name).Select(s => s.Name.Substring(_test.Length + 1)).ToListAsync(), Cancel);
}
