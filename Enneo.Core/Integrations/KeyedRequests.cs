using System.Collections.Concurrent;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>What becomes of a request that brings a key.</summary>
public enum KeyedState
{
    /// <summary>It is new, or was begun before and changed nothing: do it, then say how it was answered.</summary>
    New,

    /// <summary>It was answered before: answer the same.</summary>
    Answered,

    /// <summary>The first one still runs.</summary>
    Open,

    /// <summary>The first one changed something, and ended before it was answered.</summary>
    Interrupted,

    /// <summary>The key was used for another request.</summary>
    Other,
}

/// <summary>How a request was answered.</summary>
/// <param name="Json">What was said.</param>
/// <param name="Location">Where what was made by it is found; null where nothing was.</param>
public sealed record KeyedAnswer(int Status, string Json, string? Location);

/// <param name="Answer">The first one; null unless there is one.</param>
public sealed record KeyedBeginning(KeyedState State, KeyedAnswer? Answer = null);

/// <summary>
/// Lets programs repeat a request without fear. It is noted before anything is done, and that it changed something is noted
/// in the transaction of the change: whatever ends it, the repetition is done where nothing was, and never done twice.
/// </summary>
public sealed class KeyedRequests(WriterLane lane, TimeProvider clock)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(24);

    private const int FirstAnswer = 200;

    /// <summary>An answer is a draft first, which is thrown away where it cannot be sent: nobody but its author sees it.</summary>
    private static readonly ActivityKind[] s_drafts = [ActivityKind.DraftSaved, ActivityKind.DraftDiscarded];

    /// <summary>Those that run: what is noted as open and is none of these was interrupted.</summary>
    private readonly ConcurrentDictionary<(long OwnerId, string Key), bool> _running = new();

    /// <param name="isNamed">The request says what its sender calls what it makes: doing it twice makes it once.</param>
    public async Task<KeyedBeginning> BeginAsync(long ownerId, string key, string fingerprint, bool isNamed, CancellationToken cancellationToken)
    {
        var isBegun = false;
        try
        {
            return await lane.RunAsync(
                async (db, token) =>
                {
                    var now = clock.GetUtcNow();
                    var tooOld = now - Age;
                    await db.Set<KeyedRequest>().Where(r => r.At < tooOld).ExecuteDeleteAsync(token);
                    var earlier = await Of(db, ownerId, key).AsNoTracking().SingleOrDefaultAsync(token);
                    if (earlier is not null && StateOf(earlier, fingerprint, isNamed) is { } state)
                    {
                        return new KeyedBeginning(state, state is KeyedState.Answered ? new KeyedAnswer(earlier.Status!.Value, earlier.Answer ?? "", earlier.Location) : null);
                    }

                    await Of(db, ownerId, key).ExecuteDeleteAsync(token);
                    db.Add(new KeyedRequest { OwnerId = ownerId, Key = key, Fingerprint = fingerprint, At = now });
                    await db.SaveChangesAsync(token);
                    isBegun = _running.TryAdd((ownerId, key), true);
                    return new KeyedBeginning(KeyedState.New);
                },
                cancellationToken);
        }
        catch when (isBegun) // it was not noted after all
        {
            _running.TryRemove((ownerId, key), out _);
            throw;
        }
    }

    /// <summary>Carries out what was begun, and says of its key what that changed.</summary>
    public async Task<T> RunAsync<T>(long ownerId, string key, Func<Task<T>> request)
    {
        try
        {
            return await lane.WithinAsync((db, work, token) => NoteAsync(db, ownerId, key, work, token), request);
        }
        finally
        {
            _running.TryRemove((ownerId, key), out _);
        }
    }

    public Task AnswerAsync(long ownerId, string key, KeyedAnswer answer, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => Of(db, ownerId, key)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, answer.Status).SetProperty(r => r.Answer, answer.Json).SetProperty(r => r.Location, answer.Location), token),
        cancellationToken);

    /// <summary>It was refused: the key is free again, unless something was changed all the same.</summary>
    public Task ForgetAsync(long ownerId, string key, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => Of(db, ownerId, key).Where(r => r.Status == null).ExecuteDeleteAsync(token), cancellationToken);

    /// <returns>Null where it is to be done.</returns>
    private KeyedState? StateOf(KeyedRequest earlier, string fingerprint, bool isNamed)
    {
        var isRunning = _running.ContainsKey((earlier.OwnerId, earlier.Key));
        return earlier.Status is null && !isRunning ? null
            : earlier.Fingerprint != fingerprint ? KeyedState.Other
            : earlier.Status >= FirstAnswer ? KeyedState.Answered
            : isRunning ? KeyedState.Open
            : isNamed ? null
            : KeyedState.Interrupted;
    }

    /// <summary>Every change writes into the log: what left nothing there changed nothing.</summary>
    private static async Task NoteAsync(EnneoDbContext db, long ownerId, string key, Func<Task> work, CancellationToken cancellationToken)
    {
        var last = await db.Activity.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
        await work();
        if (await db.Activity.AnyAsync(e => e.Sequence > last && !s_drafts.Contains(e.Kind), cancellationToken))
        {
            await Of(db, ownerId, key).Where(r => r.Status == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, KeyedRequest.Underway), cancellationToken);
        }
    }

    private static IQueryable<KeyedRequest> Of(EnneoDbContext db, long ownerId, string key) => db.Set<KeyedRequest>().Where(r => r.OwnerId == ownerId && r.Key == key);
}
