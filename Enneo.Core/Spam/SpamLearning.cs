using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Model;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// The model as this installation has taught it: judges mails, and learns what people said of them in the order in which
/// they said it. What was learned is kept in the database beside the lessons, from which it can be made again.
/// </summary>
public sealed class SpamLearning(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, TimeProvider clock) : IDisposable
{
    private const int Batch = 50;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private LocalLearning? _learned;

    /// <summary>Lessons that came before a model that replaces this one, or that were undone, are learned anew.</summary>
    private static readonly Lazy<string> s_modelName = new(() =>
    {
        using var file = typeof(SpamModel).Assembly.GetManifestResourceStream("base.model")!;
        return Convert.ToHexString(SHA256.HashData(file));
    });

    /// <returns>Null if the mail cannot be read, or not within its time.</returns>
    internal async Task<Judgement?> JudgeAsync(MailBytes raw, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var weights = (await LearnedAsync(cancellationToken)).Weights;
            return await ReadingBudget.RunAsync(raw.Length, () => SpamModel.Shipped.Judge(raw, weights), clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Learns what people said since the last time, and everything again where they took something back.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            _ = await LearnedAsync(cancellationToken);
            while (await NewLessonsAsync(cancellationToken) is { Count: > 0 } lessons)
            {
                await LearnAsync(lessons, cancellationToken);
            }
        }
        catch
        {
            _learned = null; // what is in memory may be ahead of the database, which counts
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets everything, lessons and all.</summary>
    public async Task ResetAsync(Activity.Actor actor, string origin, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await lane.RunAsync(
                async (db, token) =>
                {
                    await db.SpamLessons.ExecuteDeleteAsync(token);
                    await db.LearnedWeights.ExecuteDeleteAsync(token);
                    db.Activity.Add(Activity.ActivityEntry.Of(Activity.ActivityKind.SpamModelReset, actor, origin, clock));
                    await db.SaveChangesAsync(token);
                },
                cancellationToken);
            _learned = null;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Read from the database at first, or made again from the lessons.</summary>
    private async Task<LocalLearning> LearnedAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (_learned is not null && !await db.LearnedWeights.AnyAsync(w => w.IsStale, cancellationToken))
        {
            return _learned;
        }

        var row = await db.LearnedWeights.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            return _learned = new LocalLearning(SpamModel.Shipped);
        }

        if (!row.IsStale && row.Model == s_modelName.Value)
        {
            return _learned = LocalLearning.Continue(SpamModel.Shipped, LocalWeights.Read(row.Weights), JsonSerializer.Deserialize<List<string>>(row.LastSenders)!);
        }

        LocalLearning anew = new(SpamModel.Shipped);
        var last = 0L;
        while (await PageAsync(db.SpamLessons.Where(l => l.LearnedAt != null && l.Id > last), db, cancellationToken) is { Count: > 0 } lessons)
        {
            foreach (var lesson in lessons)
            {
                await TeachAsync(anew, lesson, cancellationToken);
                last = lesson.Row.Id;
            }
        }

        await lane.RunAsync((writing, token) => SaveAsync(writing, anew, token), cancellationToken);
        return _learned = anew;
    }

    private async Task<List<StoredLesson>> NewLessonsAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await PageAsync(db.SpamLessons.Where(l => l.LearnedAt == null), db, cancellationToken);
    }

    private async Task LearnAsync(List<StoredLesson> lessons, CancellationToken cancellationToken)
    {
        var learned = await LearnedAsync(cancellationToken);
        Dictionary<long, double?> before = [];
        foreach (var lesson in lessons)
        {
            before[lesson.Row.Id] = await TeachAsync(learned, lesson, cancellationToken);
        }

        await lane.RunAsync(
            async (db, token) =>
            {
                var ids = before.Keys.ToList();
                foreach (var row in await db.SpamLessons.Where(l => ids.Contains(l.Id)).ToListAsync(token))
                {
                    (row.ProbabilityBefore, row.LearnedAt) = (before[row.Id], clock.GetUtcNow());
                }

                await SaveAsync(db, learned, token);
                if (await db.SpamLessons.CountAsync(l => ids.Contains(l.Id), token) < ids.Count)
                {
                    await db.LearnedWeights.ExecuteUpdateAsync(set => set.SetProperty(w => w.IsStale, true), token); // one was taken back meanwhile
                }
            },
            cancellationToken);
    }

    /// <returns>What was thought of it before.</returns>
    private async Task<double?> TeachAsync(LocalLearning learned, StoredLesson lesson, CancellationToken cancellationToken)
    {
        try
        {
            using var raw = await store.OpenAsync(lesson.Source, cancellationToken);
            return await ReadingBudget.RunAsync(raw.Length, () => Teach(learned, raw, lesson.Row.IsSpam), clock, cancellationToken);
        }
        catch (Exception exception) when (exception is CorruptSourceException or TimeoutException)
        {
            return null; // it teaches nothing
        }
    }

    private static double? Teach(LocalLearning learned, MailBytes raw, bool isSpam)
    {
        var before = SpamModel.Shipped.FindProbability(raw, learned.Weights);
        learned.Learn(new Lesson(raw, isSpam));
        return before;
    }

    private static async Task SaveAsync(EnneoDbContext db, LocalLearning learned, CancellationToken cancellationToken)
    {
        var row = await db.LearnedWeights.SingleOrDefaultAsync(cancellationToken);
        if (row is null)
        {
            row = new LearnedWeights { Model = "", Weights = [], LastSenders = "[]" };
            db.LearnedWeights.Add(row);
        }

        (row.Model, row.Weights, row.LastSenders, row.IsStale) = (s_modelName.Value, learned.Weights.ToBytes(), JsonSerializer.Serialize(learned.LastSenders), false);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static Task<List<StoredLesson>> PageAsync(IQueryable<SpamLesson> lessons, EnneoDbContext db, CancellationToken cancellationToken) => (
        from lesson in lessons
        join message in db.Messages on lesson.MessageId equals message.Id
        join source in db.Sources on message.SourceId equals source.Id
        orderby lesson.Id
        select new StoredLesson(lesson, source)).AsNoTracking().Take(Batch).ToListAsync(cancellationToken);

    private sealed record StoredLesson(SpamLesson Row, StoredSource Source);
}
