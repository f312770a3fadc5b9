using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Languages;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Conditions;

/// <summary>Reads of stored mails what conditions see: the one way, for trying them out and for the real run.</summary>
public sealed class MailFactsReading(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, MessageParser parser, LanguageDetection languages)
{
    /// <param name="raw">Its bytes.</param>
    /// <returns>Null if it is not there any more.</returns>
    public async Task<MailFacts?> FindAsync(long messageId, MailBytes raw, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var message = await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == messageId, cancellationToken);
        if (message is null)
        {
            return null;
        }

        var tags = await db.TicketTags.Where(g => g.TicketId == message.TicketId).Select(g => new { g.TagId, g.IsTakenOff }).ToListAsync(cancellationToken);
        return await ReadAsync(message, raw, tags.ToLookup(tag => tag.IsTakenOff, tag => tag.TagId), cancellationToken);
    }

    /// <summary>The mails that came last, newest first, but for spam and for events in a conversation, such as bounces, at which the real run does not look; those that cannot be read are passed over.</summary>
    /// <param name="mailboxIds">Only mail of these; none for all.</param>
    public async IAsyncEnumerable<FoundMail> NewestAsync(
        Reach reach, IReadOnlyCollection<long> mailboxIds, int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from message in reach.Of(db.Messages)
            join source in db.Sources on message.SourceId equals source.Id
            join ticket in db.Tickets on message.TicketId equals ticket.Id
            where message.Direction == MessageDirection.In
                && ((message.Automatic != AutomaticKind.AutoReply && message.Automatic != AutomaticKind.Bounce)
                    || !db.Messages.Any(m => m.TicketId == message.TicketId && m.Id < message.Id && m.Direction != MessageDirection.Internal))
                && (ticket.SpamStatus == null || ticket.SpamStatus == SpamStatus.AutoClean || ticket.SpamStatus == SpamStatus.ManualClean)
                && (mailboxIds.Count == 0 || mailboxIds.Contains(message.MailboxId))
            orderby message.Id descending
            select new { message, source }).AsNoTracking().Take(count).ToListAsync(cancellationToken);
        var tickets = rows.Select(row => row.message.TicketId).Distinct().ToList();
        var tags = (await db.TicketTags.Where(g => tickets.Contains(g.TicketId)).Select(g => new { g.TicketId, g.TagId, g.IsTakenOff }).ToListAsync(cancellationToken)).ToLookup(g => g.TicketId);
        foreach (var row in rows)
        {
            if (await OpenAsync(row.source, cancellationToken) is { } raw)
            {
                using (raw)
                {
                    yield return new FoundMail(await ReadAsync(row.message, raw, tags[row.message.TicketId].ToLookup(tag => tag.IsTakenOff, tag => tag.TagId), cancellationToken), raw);
                }
            }
        }
    }

    /// <returns>Null where it is damaged: its steps fail too when it comes in.</returns>
    private async Task<MailBytes?> OpenAsync(StoredSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await store.OpenAsync(source, cancellationToken);
        }
        catch (CorruptSourceException)
        {
            return null;
        }
    }

    /// <param name="tags">By whether they were taken off.</param>
    private async Task<MailFacts> ReadAsync(Message message, MailBytes raw, ILookup<bool, long> tags, CancellationToken cancellationToken)
    {
        var parsed = await parser.ParseAsync(raw, cancellationToken);
        return new MailFacts
        {
            MessageId = message.Id,
            TicketId = message.TicketId,
            MailboxId = message.MailboxId,
            Subject = message.Subject,
            Body = parsed.Text,
            FromName = message.FromName,
            FromAddress = message.FromAddress,
            Recipients = [.. message.To.Concat(message.Cc).Select(party => party.Address)],
            Language = message.Language ?? languages.Of(parsed),
            AttachmentNames = parsed.FileNames,
            Headers = parsed.Unreadable is null ? HeadersOf(raw) : [],
            TagIds = [.. tags[false]],
            TakenOffTagIds = [.. tags[true]],
        };
    }

    private static IReadOnlyList<MessageHeader> HeadersOf(MailBytes raw)
    {
        try
        {
            return MessageHeaders.Read(raw);
        }
        catch (Exception exception) when (MailLimits.IsFault(exception))
        {
            return [];
        }
    }
}
