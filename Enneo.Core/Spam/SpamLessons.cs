using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>What was known about a message before: what undoing needs.</summary>
/// <param name="IsSpam">Null where nothing was.</param>
public sealed record FormerLesson(long MessageId, bool? IsSpam);

/// <summary>Writes down what people say about mails, for the model to learn from. Within a transaction of the writer lane.</summary>
internal static class SpamLessons
{
    /// <summary>Of a long conversation its newest mails say enough.</summary>
    private const int MostOfTicket = 5;

    /// <returns>What was known before, of those whose lesson is another now.</returns>
    public static async Task<IReadOnlyList<FormerLesson>> TeachAsync(
        EnneoDbContext db, long ticketId, bool isSpam, LessonSource source, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var messages = await db.Messages
            .Where(m => m.TicketId == ticketId && m.Direction == MessageDirection.In && m.Automatic != AutomaticKind.Bounce)
            .OrderByDescending(m => m.ReceivedAt)
            .Take(MostOfTicket)
            .Select(m => new { m.Id, m.MailboxId })
            .ToListAsync(cancellationToken);
        var ids = messages.ConvertAll(m => m.Id);
        var known = await db.SpamLessons.Where(l => ids.Contains(l.MessageId)).ToDictionaryAsync(l => l.MessageId, cancellationToken);
        List<FormerLesson> former = [];
        foreach (var message in messages)
        {
            if (known.TryGetValue(message.Id, out var lesson) && lesson.IsSpam == isSpam)
            {
                continue;
            }

            former.Add(new FormerLesson(message.Id, lesson?.IsSpam));
            await ForgetAsync(db, lesson, cancellationToken);
            db.SpamLessons.Add(new SpamLesson
            {
                MailboxId = message.MailboxId,
                MessageId = message.Id,
                IsSpam = isSpam,
                Source = source,
                UserId = actor.UserId,
                At = now,
            });
        }

        await db.SaveChangesAsync(cancellationToken);
        return former;
    }

    /// <summary>The mail before an answer was wanted. Of a ticket once, and what somebody has said of it stands.</summary>
    /// <param name="userId">Who answered; null where it was written in another mail program.</param>
    public static async Task TeachAnsweredAsync(EnneoDbContext db, long ticketId, long? userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var answered = await db.Messages
            .Where(m => m.TicketId == ticketId && m.Direction == MessageDirection.In && m.Automatic == AutomaticKind.None && m.SourceId != null)
            .OrderByDescending(m => m.Id)
            .Select(m => new { m.Id, m.MailboxId })
            .FirstOrDefaultAsync(cancellationToken);
        if (answered is null
            || await db.SpamLessons.AnyAsync(l => db.Messages.Any(m => m.Id == l.MessageId && m.TicketId == ticketId), cancellationToken)
            || await db.Tickets.AnyAsync(t => t.Id == ticketId && (t.SpamStatus == SpamStatus.ManualSpam || t.SpamStatus == SpamStatus.AutoSpam), cancellationToken))
        {
            return;
        }

        db.SpamLessons.Add(new SpamLesson
        {
            MailboxId = answered.MailboxId,
            MessageId = answered.Id,
            IsSpam = false,
            Source = LessonSource.Answer,
            UserId = userId,
            At = now,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Takes lessons back to what was known before.</summary>
    public static async Task RestoreAsync(
        EnneoDbContext db, long mailboxId, IReadOnlyList<FormerLesson> former, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (messageId, isSpam) in former)
        {
            await ForgetAsync(db, await db.SpamLessons.SingleOrDefaultAsync(l => l.MessageId == messageId, cancellationToken), cancellationToken);
            if (isSpam is { } before)
            {
                db.SpamLessons.Add(new SpamLesson
                {
                    MailboxId = mailboxId,
                    MessageId = messageId,
                    IsSpam = before,
                    Source = LessonSource.Person,
                    UserId = actor.UserId,
                    At = now,
                });
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>What was learned already can only be forgotten by learning all the others again.</summary>
    private static async Task ForgetAsync(EnneoDbContext db, SpamLesson? lesson, CancellationToken cancellationToken)
    {
        if (lesson is null)
        {
            return;
        }

        if (lesson.LearnedAt is not null)
        {
            await db.LearnedWeights.ExecuteUpdateAsync(set => set.SetProperty(w => w.IsStale, true), cancellationToken);
        }

        db.SpamLessons.Remove(lesson);
        await db.SaveChangesAsync(cancellationToken); // a message has one lesson at a time
    }
}
