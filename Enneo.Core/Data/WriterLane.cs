using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Enneo.Core.Data;

/// <summary>
/// The one place from which the database is changed. SQLite has one writer; here writers queue in
/// the process, people before bulk, instead of polling a lock, and small changes that wait together
/// share a commit. Work given to the lane must not talk to a network.
/// </summary>
public sealed class WriterLane : IAsyncDisposable
{
    private static readonly TimeSpan s_groupBudget = TimeSpan.FromMilliseconds(5);

    private readonly Channel<LaneWork> _interactive = Channel.CreateUnbounded<LaneWork>(new() { SingleReader = true });
    private readonly Channel<LaneWork> _bulk = Channel.CreateUnbounded<LaneWork>(new() { SingleReader = true });
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly AsyncLocal<LaneAround?> _around = new();
    private readonly string _connectionString;
    private readonly Lazy<Task> _loop;

    public WriterLane(DataDirectory directory)
    {
        _connectionString = EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadWrite);
        _loop = new(() => Task.Run(LoopAsync));
    }

    /// <summary>Raised after each commit, on the lane's own thread: signal only, do not work in it.</summary>
    public event Action? Committed;

    /// <summary>Something stands around what is given to the lane now: see <see cref="WithinAsync{T}"/>.</summary>
    internal bool IsWithin => _around.Value is not null;

    /// <summary>So many works wait for their turn.</summary>
    public int Waiting => _waiting.CurrentCount;

    /// <summary>Runs <paramref name="work"/> in a transaction, committed (and on disk) when the task completes.</summary>
    public Task<T> RunAsync<T>(Func<EnneoDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        EnqueueAsync(_interactive, work, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Func<EnneoDbContext, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunAsync(WithoutResult(work), cancellationToken);

    /// <summary>As <see cref="RunAsync{T}"/>, but behind everything a person waits for. Keep a batch near 50 ms.</summary>
    public Task<T> RunBulkAsync<T>(Func<EnneoDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        EnqueueAsync(_bulk, work, cancellationToken);

    /// <inheritdoc cref="RunBulkAsync{T}"/>
    public Task RunBulkAsync(Func<EnneoDbContext, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunBulkAsync(WithoutResult(work), cancellationToken);

    /// <summary>Runs something, with <paramref name="around"/> about each work that it gives to the lane meanwhile, in the same transaction.</summary>
    public async Task<T> WithinAsync<T>(LaneAround around, Func<Task<T>> run)
    {
        _around.Value = around; // what an async method sets ends with it
        return await run();
    }

    /// <summary>
    /// Keeps the lane free of transactions until the result is disposed, for a library that saves
    /// through a connection of its own (ASP.NET Core Identity).
    /// </summary>
    public async Task<IDisposable> PauseAsync(CancellationToken cancellationToken)
    {
        LanePause pause = new();
        Enqueue(_interactive, pause);
        try
        {
            await pause.Reached.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            pause.Dispose();
            throw;
        }

        return pause;
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        _interactive.Writer.TryComplete();
        _bulk.Writer.TryComplete();
        await _closing.CancelAsync();
        if (_loop.IsValueCreated)
        {
            await _loop.Value;
        }

        _closing.Dispose();
        _waiting.Dispose();
    }

    private static Func<EnneoDbContext, CancellationToken, Task<bool>> WithoutResult(Func<EnneoDbContext, CancellationToken, Task> work) =>
        async (db, cancellationToken) =>
        {
            await work(db, cancellationToken);
            return true;
        };

    private Task<T> EnqueueAsync<T>(
        Channel<LaneWork> queue, Func<EnneoDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        LaneWork<T> item = new(work, _around.Value, cancellationToken);
        Enqueue(queue, item);
        return item.Completion;
    }

    private void Enqueue(Channel<LaneWork> queue, LaneWork item)
    {
        _ = _loop.Value;
        ObjectDisposedException.ThrowIf(!queue.Writer.TryWrite(item), this);
        _waiting.Release();
    }

    private async Task LoopAsync()
    {
        await using LaneConnection connection = new(_connectionString);
        await connection.OpenAsync();
        await using (var pragmas = connection.CreateCommand())
        {
            pragmas.CommandText = SqlitePragmas.Writer;
            await pragmas.ExecuteNonQueryAsync();
        }

        PooledDbContextFactory<EnneoDbContext> contexts = new(EnneoDatabase.Options(connection, connection.Commands), poolSize: 1);
        while (await NextAsync() is { } work)
        {
            if (work is LanePause pause)
            {
                await pause.HoldAsync();
                Committed?.Invoke();
            }
            else
            {
                await CommitGroupAsync(connection, contexts, work);
            }
        }
    }

    /// <returns><see langword="null"/> when the lane closes and everything accepted has run.</returns>
    private async Task<LaneWork?> NextAsync()
    {
        try
        {
            await _waiting.WaitAsync(_closing.Token);
        }
        catch (OperationCanceledException)
        {
            // Closing: what was accepted before is still carried out.
        }

        return _interactive.Reader.TryRead(out var work) || _bulk.Reader.TryRead(out work) ? work : null;
    }

    private async Task CommitGroupAsync(SqliteConnection connection, PooledDbContextFactory<EnneoDbContext> contexts, LaneWork first)
    {
        List<LaneWork> group = [];
        LaneWork? next = first;
        try
        {
            // BEGIN IMMEDIATE: another process (a command) may hold the lock; wait for it here, once.
            await using var transaction = connection.BeginTransaction(deferred: false);
            var started = Stopwatch.GetTimestamp();
            if (!await RunFirstAsync(transaction, contexts, first))
            {
                return;
            }

            group.Add(first);
            while ((next = await NextOfGroupAsync(started)) is not null)
            {
                if (await RunNextAsync(transaction, contexts, next))
                {
                    group.Add(next);
                }
            }

            await transaction.CommitAsync();
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            // The commit itself failed (disk full, locked), or SQLite had ended the transaction before: nothing of the group is in the database.
            first.Fail(exception);
            next?.Fail(exception);
            group.ForEach(work => work.Fail(exception));
            return;
        }

        group.ForEach(work => work.Succeed());
        Committed?.Invoke();
    }

    private async Task<LaneWork?> NextOfGroupAsync(long started)
    {
        if (Stopwatch.GetElapsedTime(started) > s_groupBudget
            || !_interactive.Reader.TryPeek(out var waiting) || waiting is LanePause
            || !_interactive.Reader.TryRead(out var next))
        {
            return null;
        }

        await _waiting.WaitAsync();
        return next;
    }

    /// <summary>The transaction is its own so far and ends with it where it fails: to keep what a savepoint would restore costs more than many a work.</summary>
    private static async Task<bool> RunFirstAsync(SqliteTransaction transaction, PooledDbContextFactory<EnneoDbContext> contexts, LaneWork work)
    {
        try
        {
            await RunAsync(transaction, contexts, work);
            return true;
        }
        catch (Exception exception) // whatever the work threw belongs to its caller
        {
            await transaction.DisposeAsync(); // undone before anybody hears of it
            work.Fail(exception);
            return false;
        }
    }

    private static async Task<bool> RunNextAsync(SqliteTransaction transaction, PooledDbContextFactory<EnneoDbContext> contexts, LaneWork work)
    {
        const string Savepoint = "work";
        await transaction.SaveAsync(Savepoint);
        try
        {
            await RunAsync(transaction, contexts, work);
            await transaction.ReleaseAsync(Savepoint);
            return true;
        }
        catch (Exception exception)
        {
            try
            {
                await transaction.RollbackAsync(Savepoint);
            }
            catch (Exception lost) when (lost is SqliteException or InvalidOperationException)
            {
                work.Fail(exception);
                throw exception as SqliteException ?? exception.InnerException as SqliteException ?? lost; // a full disk ends the whole transaction by itself: all of it has failed for that reason
            }

            work.Fail(exception);
            return false;
        }
    }

    private static async Task RunAsync(SqliteTransaction transaction, PooledDbContextFactory<EnneoDbContext> contexts, LaneWork work)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await db.Database.UseTransactionAsync(transaction);
        db.Database.AutoSavepointsEnabled = false; // a work is undone whole, or not at all
        await work.RunAsync(db);
    }
}
