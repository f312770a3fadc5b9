using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>How the model did in a week, measured on what people said afterwards.</summary>
/// <param name="Week">Its Monday, in UTC.</param>
/// <param name="Right">Of the lessons, how many it had judged so before.</param>
public sealed record ModelWeek(DateOnly Week, int Lessons, int Right);

/// <summary>What the model has learned here, and how it does.</summary>
/// <param name="Spam">Lessons that say that a mail is spam.</param>
/// <param name="Clean">Lessons that say that it is none.</param>
/// <param name="SpamAsSpam">Of the spam, what it had called so before it learned it.</param>
/// <param name="SpamAsClean">What it had let through.</param>
/// <param name="CleanAsClean">What it had rightly let through.</param>
/// <param name="CleanAsSpam">Wanted mail that it had hidden.</param>
public sealed record SpamModelState(int Spam, int Clean, int SpamAsSpam, int SpamAsClean, int CleanAsClean, int CleanAsSpam, IReadOnlyList<ModelWeek> Weeks)
{
    public int Lessons => Spam + Clean;
}

/// <summary>Reads how the model does, over all mailboxes. Only pages of admins call it.</summary>
public sealed class SpamModelStates(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public async Task<SpamModelState> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var settings = await SpamSettings.ReadAsync(db, cancellationToken);
        var lessons = await db.SpamLessons.Select(l => new { l.IsSpam, l.At, l.ProbabilityBefore }).ToListAsync(cancellationToken);
        var judged = lessons.Where(lesson => lesson.ProbabilityBefore is not null)
            .Select(lesson => (lesson.IsSpam, lesson.At, CalledSpam: settings.IsSpam(lesson.ProbabilityBefore!.Value)))
            .ToList();
        return new SpamModelState(
            lessons.Count(lesson => lesson.IsSpam),
            lessons.Count(lesson => !lesson.IsSpam),
            judged.Count(lesson => lesson is { IsSpam: true, CalledSpam: true }),
            judged.Count(lesson => lesson is { IsSpam: true, CalledSpam: false }),
            judged.Count(lesson => lesson is { IsSpam: false, CalledSpam: false }),
            judged.Count(lesson => lesson is { IsSpam: false, CalledSpam: true }),
            [.. judged.GroupBy(lesson => MondayOf(lesson.At))
                .OrderBy(week => week.Key)
                .Select(week => new ModelWeek(week.Key, week.Count(), week.Count(lesson => lesson.IsSpam == lesson.CalledSpam)))]);
    }

    private static DateOnly MondayOf(DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }
}
