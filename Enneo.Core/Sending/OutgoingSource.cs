using Enneo.Core.Data;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Sending;

/// <summary>The fixed bytes of outgoing mail.</summary>
internal sealed partial class OutgoingSource(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, ILogger<OutgoingSource> logger)
{
    /// <returns>Null when they can no longer be read as they were stored.</returns>
    public async Task<byte[]?> ReadAsync(OutgoingMessage outgoing, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var stored = await (
            from message in db.Messages
            join source in db.Sources on message.SourceId equals source.Id
            where message.Id == outgoing.MessageId
            select source).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (stored is null)
        {
            return null;
        }

        try
        {
            return await store.ReadAsync(stored, cancellationToken);
        }
        catch (Exception exception) when (exception is CorruptSourceException or FileNotFoundException or DirectoryNotFoundException)
        {
            LogUnreadable(exception, outgoing.Id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Outgoing mail {OutgoingId} can no longer be read")]
    private partial void LogUnreadable(Exception exception, long outgoingId);
}
