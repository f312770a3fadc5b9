using System.Collections.Concurrent;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Model;
using Enneo.Core.Spam.Model.Features;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags.Detection;

/// <summary>
/// The models of tags, each made of what people did with its tag, and made again when they did more. They are kept in
/// memory only: the examples are what is stored.
/// </summary>
public sealed class TagModels(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store)
{
    private const int MostFitting = 300;
    private const int MostOthers = 600;

    private readonly ConcurrentDictionary<long, Made> _made = new();

    /// <summary>How far the model of a tag is.</summary>
    public async Task<TagModelState> StateAsync(long tagId, CancellationToken cancellationToken) => (await FindAsync(tagId, cancellationToken)).State;

    /// <returns>Why the tag fits; null where it does not, or where its model is silent.</returns>
    internal async Task<TagReason?> JudgeAsync(long tagId, MailBytes raw, CancellationToken cancellationToken)
    {
        var model = await FindAsync(tagId, cancellationToken);
        return !model.State.IsSilent && SpamModel.FindFeatures(raw, isNamed: true) is { } features ? model.Judge(features) : null;
    }

    private async Task<TagModel> FindAsync(long tagId, CancellationToken cancellationToken)
    {
        var lessons = await LessonsAsync(tagId, cancellationToken);
        if (_made.TryGetValue(tagId, out var known) && known.Lessons.SequenceEqual(lessons))
        {
            return known.Model;
        }

        var fitting = lessons.Where(lesson => lesson.Fits).Select(lesson => lesson.TicketId).ToList();
        var others = await OthersAsync(tagId, lessons, fitting.Count < TagModelState.Needed, cancellationToken);
        List<TagExample> examples = [];
        foreach (var (ticketId, fits) in Mixed(fitting, others))
        {
            if (await FeaturesAsync(ticketId, cancellationToken) is { } features)
            {
                examples.Add(new TagExample(features, fits));
            }
        }

        var model = TagModel.Train(examples, cancellationToken);
        _made[tagId] = new Made(lessons, model);
        return model;
    }

    /// <summary>What people said of the tag, newest first.</summary>
    private async Task<List<TagLesson>> LessonsAsync(long tagId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.TicketTags
            .Where(g => g.TagId == tagId && g.Source == TagSource.Person)
            .OrderByDescending(g => g.At).ThenByDescending(g => g.TicketId)
            .Select(g => new TagLesson(g.TicketId, !g.IsTakenOff))
            .Take(MostFitting + MostOthers)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Where people took it off, and the newest conversations that they did not give it to.</summary>
    private async Task<List<long>> OthersAsync(long tagId, List<TagLesson> lessons, bool none, CancellationToken cancellationToken)
    {
        if (none)
        {
            return [];
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var without = await db.Tickets
            .Where(t => !db.TicketTags.Any(g => g.TagId == tagId && g.TicketId == t.Id))
            .OrderByDescending(t => t.Id)
            .Select(t => t.Id)
            .Take(MostOthers)
            .ToListAsync(cancellationToken);
        return [.. lessons.Where(lesson => !lesson.Fits).Select(lesson => lesson.TicketId), .. without];
    }

    /// <summary>Both kinds by turns, and of the others no more than three times as many: what is rare would drown.</summary>
    private static IEnumerable<(long TicketId, bool Fits)> Mixed(List<long> fitting, List<long> others)
    {
        var share = Math.Clamp(others.Count / Math.Max(1, fitting.Count), 1, 3);
        foreach (var (index, ticketId) in fitting.Take(MostFitting).Index())
        {
            yield return (ticketId, true);
            foreach (var other in others.Skip(index * share).Take(share))
            {
                yield return (other, false);
            }
        }
    }

    /// <summary>What opened the conversation, since that is what will come again.</summary>
    private async Task<MailFeatures?> FeaturesAsync(long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var source = await (
            from message in db.Messages
            join stored in db.Sources on message.SourceId equals stored.Id
            where message.TicketId == ticketId && message.Direction == MessageDirection.In
            orderby message.Id
            select stored).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        if (source is null)
        {
            return null;
        }

        try
        {
            using var raw = await store.OpenAsync(source, cancellationToken);
            return SpamModel.FindFeatures(raw);
        }
        catch (CorruptSourceException)
        {
            return null;
        }
    }

    private sealed record TagLesson(long TicketId, bool Fits);

    private sealed record Made(List<TagLesson> Lessons, TagModel Model);
}
