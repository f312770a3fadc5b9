using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>Knows mails again that another system brings. A Message-ID is no identity: senders repeat and forge it.</summary>
public sealed class KnownMails(MessageStore store)
{
    /// <summary>Mails of one sender with the same Message-ID, date and subject that are read to compare them.</summary>
    private const int MostCompared = 20;

    /// <summary>
    /// The message of the mailbox that the actor's system calls so; or the one with the Message-ID that the request names; or
    /// the one that the source is, but for what relays add to its header.
    /// </summary>
    /// <returns>Null where the mailbox has none.</returns>
    internal async Task<TakenIn?> FindAsync(EnneoDbContext db, long mailboxId, NewMail mail, Actor actor, string? externalMessageId, CancellationToken cancellationToken)
    {
        if (externalMessageId is not null && await ExternalIds.FindMessageAsync(db, actor.UserId ?? 0, externalMessageId, cancellationToken) is { } known
            && await TakenAsync(Messages().Where(m => m.Id == known), cancellationToken) is { } named)
        {
            return named;
        }

        if (mail.InternetMessageId is { } id)
        {
            return await TakenAsync(Messages().Where(m => m.InternetMessageId == id && m.Direction != MessageDirection.Internal), cancellationToken);
        }

        return mail is { Source: { } source, Parsed: { InternetMessageId.Length: > 0 } parsed } ? await FindSameAsync(db, mailboxId, source, parsed, cancellationToken) : null;

        IQueryable<Message> Messages() => db.Messages.AsNoTracking().Where(m => m.MailboxId == mailboxId).OrderBy(m => m.Id);
    }

    private static async Task<TakenIn?> TakenAsync(IQueryable<Message> messages, CancellationToken cancellationToken) =>
        await messages.Select(m => new { m.Id, m.TicketId }).FirstOrDefaultAsync(cancellationToken) is { } message ? new TakenIn(message.TicketId, message.Id, IsNew: false) : null;

    private async Task<TakenIn?> FindSameAsync(EnneoDbContext db, long mailboxId, ReadOnlyMemory<byte> source, ParsedMessage parsed, CancellationToken cancellationToken)
    {
        var alike = await db.Messages.AsNoTracking()
            .Where(m => m.MailboxId == mailboxId && m.InternetMessageId == parsed.InternetMessageId && m.Direction != MessageDirection.Internal)
            .Where(m => m.FromAddress == parsed.FromAddress && m.Subject == parsed.Subject && m.SentAt == parsed.SentAt)
            .OrderByDescending(m => m.Id).Take(MostCompared)
            .Join(db.Sources.AsNoTracking(), m => m.SourceId, s => s.Id, (m, s) => new { m.Id, m.TicketId, Source = s }).ToListAsync(cancellationToken);
        if (alike.Count == 0)
        {
            return null;
        }

        using MailBytes brought = source;
        var body = BodyDigest.Of(brought);
        foreach (var message in alike.OrderBy(message => message.Id))
        {
            if (await IsSameAsync(message.Source, body, cancellationToken))
            {
                return new TakenIn(message.TicketId, message.Id, IsNew: false);
            }
        }

        return null;
    }

    /// <summary>Bytes that cannot be read any more are no reason to refuse those that are brought.</summary>
    private async Task<bool> IsSameAsync(StoredSource source, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            using var kept = await store.OpenAsync(source, cancellationToken);
            return BodyDigest.Of(kept).AsSpan().SequenceEqual(body);
        }
        catch (Exception exception) when (exception is CorruptSourceException or FileNotFoundException)
        {
            return false;
        }
    }
}
