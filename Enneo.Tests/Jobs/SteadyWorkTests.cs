using Enneo.Core.Jobs;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Jobs;

/// <summary>A full disk ends no job that follows the log, and so not the program.</summary>
public sealed class SteadyWorkTests
{
    private const int Full = 13; // https://sqlite.org/rescode.html#full

    private readonly FakeTimeProvider _clock = new();
    private int _tries;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_database_fails_is_done_again_after_longer_and_longer_pauses_until_it_is_done()
    {
        var work = Steady().RunAsync(_ => ++_tries <= 6 ? throw new SqliteException("database or disk is full", Full) : Task.CompletedTask, Cancel);

        foreach (var (seconds, tries) in ((int, int)[])[(5, 2), (10, 3), (20, 4), (40, 5), (60, 6)])
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(tries - 1, _tries);
            _clock.Advance(TimeSpan.FromTicks(1));
            await EnneoStore.UntilAsync(() => Task.FromResult(_tries == tries), TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 5);
        }

        Assert.False(work.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await work;
        Assert.Equal(7, _tries);
    }

    [Fact]
    public async Task Another_fault_is_thrown_on_and_stopping_ends_the_pause()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => Steady().RunAsync(_ => throw new NotSupportedException(), Cancel));

        using CancellationTokenSource stopping = new();
        var work = Steady().RunAsync(_ => throw new IOException("There is not enough space on the disk."), stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
    }

    private SteadyWork Steady() => new(_clock, NullLogger<SteadyWork>.Instance);
}
