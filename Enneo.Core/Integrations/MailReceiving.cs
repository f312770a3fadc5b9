using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Takes mail in that another system brings, the way fetched mail goes: spam, threading and processing are the same.</summary>
public sealed class MailReceiving(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MailImport import, TimeProvider clock)
{
    private const string ApiOrigin = "api";

    /// <returns>The ticket that the actor's system calls so; null if there is none within reach.</returns>
    public async Task<long?> FindTicketAsync(Reach reach, long ownerId, string externalId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await ExternalIds.FindTicketAsync(db, ownerId, externalId, cancellationToken) is { } id
            && await reach.Of(db.Tickets).AnyAsync(t => t.Id == id, cancellationToken) ? id : null;
    }

    /// <summary>
    /// A mail whose Message-ID the mailbox has already is that one, however it came. What comes new needs a mailbox without a
    /// mail server: elsewhere the server decides what there is.
    /// </summary>
    public async Task<TakenIn> RunAsync(Reach reach, long mailboxId, NewMail mail, string? externalTicketId, string? externalMessageId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId && m.RemovedAt == null, cancellationToken) is not { } mailbox || !reach.Covers(mailboxId))
        {
            return TakenIn.Refused("subchannelId", IntegrationText.NoSuchMailbox);
        }

        var taken = await FindKnownAsync(db, mailboxId, mail, actor, externalMessageId, cancellationToken);
        if (taken is null)
        {
            if (mailbox.Method is not MailboxMethod.Api)
            {
                return TakenIn.Refused("subchannelId", IntegrationText.MailboxHasServer);
            }

            if (!mailbox.Enabled)
            {
                return TakenIn.Refused("subchannelId", IntegrationText.MailboxPaused);
            }

            var at = mail.At ?? clock.GetUtcNow();
            var source = mail.Source ?? NewMailComposing.Compose(mail, mailbox.Address, at);
            var received = await import.ReceiveAsync(mailboxId, new ImportedMail(FolderRole.Inbox, source, at, Seen: false), actor, ApiOrigin, cancellationToken);
            taken = new TakenIn(received.TicketId, received.MessageId, !received.IsDuplicate);
        }

        await lane.RunAsync((writing, token) => NameAsync(writing, taken, externalTicketId, externalMessageId, actor, token), cancellationToken);
        return taken;
    }

    private static async Task NameAsync(EnneoDbContext db, TakenIn taken, string? externalTicketId, string? externalMessageId, Actor actor, CancellationToken cancellationToken)
    {
        if (externalTicketId is not null)
        {
            await ExternalIds.SetAsync(db, actor, taken.TicketId, externalTicketId, cancellationToken);
        }

        await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, taken.MessageId, externalMessageId, cancellationToken);
    }

    private static async Task<TakenIn?> FindKnownAsync(
        EnneoDbContext db, long mailboxId, NewMail mail, Actor actor, string? externalMessageId, CancellationToken cancellationToken)
    {
        var known = externalMessageId is null ? null : await ExternalIds.FindMessageAsync(db, actor.UserId ?? 0, externalMessageId, cancellationToken);
        var message = await db.Messages
            .Where(m => m.MailboxId == mailboxId && (m.Id == known || (mail.InternetMessageId != null && m.InternetMessageId == mail.InternetMessageId)))
            .OrderBy(m => m.Id)
            .Select(m => new { m.Id, m.TicketId })
            .FirstOrDefaultAsync(cancellationToken);
        return message is null ? null : new TakenIn(message.TicketId, message.Id, IsNew: false);
    }
}
