using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>What becomes of a request that brings a key.</summary>
public enum KeyedState
{
    /// <summary>It is new, and now noted: do it, then say how it was answered.</summary>
    New,

    /// <summary>It was answered before: answer the same.</summary>
    Answered,

    /// <summary>The first one is not answered: it still runs, or was interrupted, and nobody can know how far it came.</summary>
    Open,

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
/// Lets programs repeat a request without fear. The intent is written before anything is done: after a crash the
/// repetition is refused, never done twice.
/// </summary>
public sealed class KeyedRequests(WriterLane lane, TimeProvider clock)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(24);

    public Task<KeyedBeginning> BeginAsync(long ownerId, string key, string fingerprint, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var now = clock.GetUtcNow();
            var tooOld = now - Age;
            await db.Set<KeyedRequest>().Where(r => r.At < tooOld).ExecuteDeleteAsync(token);
            if (await db.Set<KeyedRequest>().AsNoTracking().SingleOrDefaultAsync(r => r.OwnerId == ownerId && r.Key == key, token) is not { } earlier)
            {
                db.Add(new KeyedRequest { OwnerId = ownerId, Key = key, Fingerprint = fingerprint, At = now });
                await db.SaveChangesAsync(token);
                return new KeyedBeginning(KeyedState.New);
            }

            return earlier.Fingerprint != fingerprint ? new KeyedBeginning(KeyedState.Other)
                : earlier.Status is not { } status ? new KeyedBeginning(KeyedState.Open)
                : new KeyedBeginning(KeyedState.Answered, new KeyedAnswer(status, earlier.Answer ?? "", earlier.Location));
        },
        cancellationToken);

    public Task AnswerAsync(long ownerId, string key, KeyedAnswer answer, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Set<KeyedRequest>().Where(r => r.OwnerId == ownerId && r.Key == key)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, answer.Status).SetProperty(r => r.Answer, answer.Json).SetProperty(r => r.Location, answer.Location), token),
        cancellationToken);

    /// <summary>Nothing was done: the key is free again.</summary>
    public Task ForgetAsync(long ownerId, string key, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Set<KeyedRequest>().Where(r => r.OwnerId == ownerId && r.Key == key && r.Status == null).ExecuteDeleteAsync(token), cancellationToken);
}
