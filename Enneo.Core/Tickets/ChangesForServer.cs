using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>Queues what the mail server must learn of a message that was changed here. Within a transaction of the writer lane.</summary>
internal sealed class ChangesForServer(EnneoDbContext db, TimeProvider clock)
{
    /// <returns>Mail that was taken in from a file: no server ever announced it, and none is to learn of it.</returns>
    public static IQueryable<Message> FromFiles(EnneoDbContext db) => db.Messages.Where(m => m.IsHistory && !db.Ledger.Any(e => e.MessageId == m.Id));

    public async Task<bool> IsFromFileAsync(Message message, CancellationToken cancellationToken) =>
        message.IsHistory && !await db.Ledger.AnyAsync(e => e.MessageId == message.Id, cancellationToken);

    /// <summary>Unless it came from a file.</summary>
    public async Task QueueAsync(Message message, ServerChangeKind kind, bool value, long? toFolderId, CancellationToken cancellationToken)
    {
        if (!await IsFromFileAsync(message, cancellationToken))
        {
            await AddAsync(message, kind, value, toFolderId, cancellationToken);
        }
    }

    /// <summary>Mail of a file waits as well: it goes without a server being asked.</summary>
    public Task QueueErasingAsync(Message message, CancellationToken cancellationToken) =>
        AddAsync(message, ServerChangeKind.Erase, value: true, toFolderId: null, cancellationToken);

    /// <summary>The last word counts: what the server has not learnt yet need not be told any more.</summary>
    private async Task AddAsync(Message message, ServerChangeKind kind, bool value, long? toFolderId, CancellationToken cancellationToken)
    {
        await db.ServerChanges.Where(c => c.MessageId == message.Id && c.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        db.ServerChanges.Add(new ServerChange
        {
            MailboxId = message.MailboxId,
            MessageId = message.Id,
            Kind = kind,
            Value = value,
            ToFolderId = toFolderId,
            CreatedAt = clock.GetUtcNow(),
        });
    }
}
