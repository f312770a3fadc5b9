using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Spam;

/// <summary>Follows the activity log: lets the model learn what people decide, and that what was answered was wanted.</summary>
public sealed partial class SpamTeaching(WriterLane lane, SpamLearning learning, LiveFeed feed, TimeProvider clock, ILogger<SpamTeaching> logger) : BackgroundService
{
    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry is { TicketId: not null, Kind: ActivityKind.OutgoingStateChanged }
            || entry is { Kind: ActivityKind.TicketSpamChanged, ActorKind: not ActorKind.System });
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(learning.CatchUpAsync, stoppingToken);
        await foreach (var entry in _queue.ReadAllAsync(stoppingToken))
        {
            await TryAsync(
                async token =>
                {
                    if (entry.Kind is ActivityKind.OutgoingStateChanged)
                    {
                        await lane.RunAsync((db, t) => AnsweredAsync(db, entry, t), token);
                    }

                    await learning.CatchUpAsync(token);
                },
                stoppingToken);
        }
    }

    /// <summary>The mail before what was sent was wanted. Of a ticket once, and what somebody has said of it stands.</summary>
    private async Task AnsweredAsync(EnneoDbContext db, ActivityEntry entry, CancellationToken cancellationToken)
    {
        var ticketId = entry.TicketId!.Value;
        var isSent = await db.Outbox.AnyAsync(o => o.MessageId == entry.MessageId && o.State == Sending.DeliveryState.Sent && o.AuthorId != 0, cancellationToken);
        var answered = await db.Messages
            .Where(m => m.TicketId == ticketId && m.Direction == MessageDirection.In && m.Automatic == AutomaticKind.None && m.SourceId != null)
            .OrderByDescending(m => m.Id)
            .Select(m => new { m.Id, m.MailboxId })
            .FirstOrDefaultAsync(cancellationToken);
        if (!isSent || answered is null
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
            UserId = entry.ActorUserId,
            At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Lessons wait in the database: what cannot be learned now is learned with the next one.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (exception is SqliteException or DbUpdateException or IOException or UnauthorizedAccessException)
        {
            LogNotLearned(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The spam model could not learn what people said")]
    private partial void LogNotLearned(Exception exception);
}
