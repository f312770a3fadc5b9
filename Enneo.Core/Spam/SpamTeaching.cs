using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
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
            || entry is { Kind: ActivityKind.TicketSpamChanged, ActorKind: not ActorKind.System }
            || (entry.Kind is ActivityKind.MessageReceived && entry.Changes.Contains($"\"{MessageDirection.Out}\"", StringComparison.Ordinal))); // an answer written in another mail program has left its lesson
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

    /// <summary>What a person sent says that the mail before it was wanted.</summary>
    private async Task AnsweredAsync(EnneoDbContext db, ActivityEntry entry, CancellationToken cancellationToken)
    {
        if (await db.Outbox.AnyAsync(o => o.MessageId == entry.MessageId && o.State == Sending.DeliveryState.Sent && o.AuthorId != 0, cancellationToken))
        {
            await SpamLessons.TeachAnsweredAsync(db, entry.TicketId!.Value, entry.ActorUserId, clock.GetUtcNow(), cancellationToken);
        }
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
