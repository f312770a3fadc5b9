using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Reads tickets and their mails for programs.</summary>
public sealed class TicketReading(IDbContextFactory<EnneoDbContext> dbFactory, MessageReader reader, MailHtml mailHtml, Requesters requesters, TicketQueries tickets, KeptTickets kept)
{
    /// <summary>Each message is read from its source.</summary>
    public const int MaxMessages = 100;

    private readonly TicketVersions _versions = new();

    /// <param name="ownerId">In whose name is asked: their external ids are meant.</param>
    /// <param name="picture">The address of a part of a message, for the pictures within its text.</param>
    /// <returns>Null if there is no such ticket. One that was folded into another answers as that one.</returns>
    public async Task<TicketDetail?> FindAsync(Reach reach, long ticketId, long ownerId, Func<long, long, int, string> picture, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var version = await _versions.FindAsync(db, ticketId, cancellationToken); // first: what changes meanwhile is newer than it says, and never older
        if (version is not null && kept.Find(reach, ticketId, ownerId, version) is { } known)
        {
            return known;
        }

        if (version is null || await FindRowAsync(db, reach, ticketId, ownerId, cancellationToken) is not { } row)
        {
            return await tickets.FindSurvivorAsync(reach, ticketId, cancellationToken) is { } survivor
                && await FindAsync(reach, survivor, ownerId, picture, cancellationToken) is { } found
                    ? found with { MergedInto = survivor }
                    : null;
        }

        var ticket = await ReadAsync(db, reach, row, version.TagOf(ticketId), ownerId, picture, cancellationToken);
        kept.Keep(reach, ownerId, version, ticket);
        return ticket;
    }

    private async Task<TicketDetail> ReadAsync(
        EnneoDbContext db, Reach reach, TicketRow row, string tag, long ownerId, Func<long, long, int, string> picture, CancellationToken cancellationToken)
    {
        var ticketId = row.Id;
        var beside = await BesideAsync(db, ticketId, cancellationToken);
        var first = await db.Messages.AsNoTracking().Where(m => m.TicketId == ticketId).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).FirstOrDefaultAsync(cancellationToken);
        return new TicketDetail(
            row,
            tag,
            MergedInto: null,
            beside?.ChangedAt > row.LastMessageAt ? beside.ChangedAt.Value : row.LastMessageAt,
            row.Status is TicketStatus.Closed ? beside?.StatusAt : null,
            (await requesters.FindAsync(reach, ticketId, cancellationToken))?.Person,
            first is null ? null : await ReadAsync(db, reach, first, ownerId, picture, cancellationToken))
        {
            Sentiment = beside?.Sentiment,
            Method = beside?.Method ?? default,
            IsCustomerActive = beside?.LastWord is MessageDirection.In,
            AutoExecuteAt = beside?.AutoExecuteAt,
            Reply = await ReplyAsync(db, row.MailboxId, ticketId, cancellationToken),
        };
    }

    /// <summary>Far cheaper than to read it.</summary>
    /// <param name="known">What the caller has of it; null for nothing.</param>
    /// <returns>Its <see cref="TicketDetail.Tag"/> where the caller has it as it is; null if the ticket has changed, or is not there.</returns>
    public async Task<string?> FindUnchangedAsync(Reach reach, long ticketId, TagCondition? known, CancellationToken cancellationToken)
    {
        if (known is null)
        {
            return null;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await _versions.FindAsync(db, ticketId, cancellationToken) is { } version && reach.Covers(version.MailboxId)
            && version.TagOf(ticketId) is var tag && known.Names(tag) ? tag : null;
    }

    public async Task<bool> IsThereAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.Tickets).AnyAsync(t => t.Id == ticketId, cancellationToken);
    }

    /// <returns>Null if there is no such ticket.</returns>
    public async Task<ConversationPage?> MessagesAsync(
        Reach reach, long ticketId, long ownerId, int offset, int limit, Func<long, long, int, string> picture, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!await reach.Of(db.Tickets).AnyAsync(t => t.Id == ticketId, cancellationToken))
        {
            return null;
        }

        var all = db.Messages.AsNoTracking().Where(m => m.TicketId == ticketId);
        List<ConversationMessage> messages = [];
        foreach (var message in await all.OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).Skip(offset).Take(Math.Min(limit, MaxMessages)).ToListAsync(cancellationToken))
        {
            messages.Add(await ReadAsync(db, reach, message, ownerId, picture, cancellationToken));
        }

        var (count, open) = (await all.CountAsync(cancellationToken), await DraftsAsync(db, reach, ticketId, ownerId, cancellationToken));
        var left = Math.Min(limit, MaxMessages) - messages.Count;
        return new ConversationPage(messages, left <= 0 ? [] : [.. open.Skip(Math.Max(0, offset - count)).Take(left)], count + open.Count);
    }

    /// <returns>What somebody has begun to write in a ticket; null if they have no such draft.</returns>
    public async Task<DraftView?> FindDraftAsync(Reach reach, long ticketId, long draftId, long ownerId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await DraftsAsync(db, reach, ticketId, ownerId, cancellationToken)).FirstOrDefault(draft => draft.Id == draftId);
    }

    /// <returns>Null if the ticket has no such message.</returns>
    public async Task<ConversationMessage?> FindMessageAsync(
        Reach reach, long ticketId, long messageId, long ownerId, Func<long, long, int, string> picture, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.TicketId == ticketId, cancellationToken) is { } message
            ? await ReadAsync(db, reach, message, ownerId, picture, cancellationToken)
            : null;
    }

    private static async Task<TicketRow?> FindRowAsync(EnneoDbContext db, Reach reach, long ticketId, long ownerId, CancellationToken cancellationToken)
    {
        var page = await TicketSearch.PageAsync(db, reach.Of(db.Tickets.AsNoTracking()).Where(t => t.Id == ticketId), ownerId, cancellationToken);
        return page.Count == 0 ? null : page[0];
    }

    /// <summary>What other tables know of it, asked at once.</summary>
    private static Task<TicketBeside?> BesideAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) => db.Tickets.Where(t => t.Id == ticketId)
        .Select(t => new TicketBeside(
            db.Activity.Where(e => e.TicketId == t.Id).OrderByDescending(e => e.Sequence).Select(e => (DateTimeOffset?)e.At).FirstOrDefault(),
            db.Activity.Where(e => e.TicketId == t.Id && e.Kind == ActivityKind.TicketStatusChanged).OrderByDescending(e => e.Sequence).Select(e => (DateTimeOffset?)e.At).FirstOrDefault(),
            db.Messages.Where(m => m.TicketId == t.Id).Join(db.MailAnalyses, m => m.Id, a => a.MessageId, (m, a) => a).Where(a => a.Sentiment != null).OrderByDescending(a => a.MessageId).Select(a => a.Sentiment).FirstOrDefault(),
            db.Mailboxes.Where(m => m.Id == t.MailboxId).Select(m => (MailboxMethod?)m.Method).FirstOrDefault(),
            db.Messages.Where(m => m.TicketId == t.Id && m.Direction != MessageDirection.Internal && m.Automatic == AutomaticKind.None)
                .OrderByDescending(m => m.ReceivedAt).ThenByDescending(m => m.Id).Select(m => (MessageDirection?)m.Direction).FirstOrDefault(),
            db.Outbox.Where(o => o.TicketId == t.Id && o.AuthorId == 0 && o.State == DeliveryState.Queued).Min(o => (DateTimeOffset?)o.NextAttemptAt)))
        .SingleOrDefaultAsync(cancellationToken);

    private static async Task<DateTimeOffset> ChangedAtAsync(EnneoDbContext db, Message note, CancellationToken cancellationToken) => await db.Activity.AsNoTracking()
        .Where(e => e.TicketId == note.TicketId && e.Kind == ActivityKind.NoteChanged && e.MessageId == note.Id)
        .OrderByDescending(e => e.Sequence)
        .Select(e => (DateTimeOffset?)e.At)
        .FirstOrDefaultAsync(cancellationToken) ?? note.ReceivedAt;

    private static async Task<List<DraftView>> DraftsAsync(EnneoDbContext db, Reach reach, long ticketId, long ownerId, CancellationToken cancellationToken)
    {
        var drafts = await reach.Of(await DraftRows.OpenOfAsync(db, ownerId, cancellationToken)).AsNoTracking().Where(d => d.TicketId == ticketId).OrderBy(d => d.Id).ToListAsync(cancellationToken);
        List<DraftView> views = [];
        foreach (var draft in drafts)
        {
            views.Add(await DraftRows.ViewAsync(db, draft, cancellationToken));
        }

        return views;
    }

    private static async Task<ReplyRecipients> ReplyAsync(EnneoDbContext db, long mailboxId, long ticketId, CancellationToken cancellationToken)
    {
        if (await ProgramSending.AnsweredAsync(db.Messages.AsNoTracking().Where(m => m.TicketId == ticketId), cancellationToken) is not { } answered)
        {
            return ReplyRecipients.None;
        }

        var own = (await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, cancellationToken)).OwnAddresses.ToHashSet(StringComparer.Ordinal);
        var all = ReplyAddressing.For(answered, DraftMode.ReplyAll, null, own);
        return new ReplyRecipients(all.To, all.Cc);
    }

    private async Task<ConversationMessage> ReadAsync(
        EnneoDbContext db, Reach reach, Message message, long ownerId, Func<long, long, int, string> picture, CancellationToken cancellationToken)
    {
        var content = await reader.FindAsync(reach, message.Id, cancellationToken);
        var parts = content?.Parts ?? [];
        var html = content?.Html is { } raw
            ? mailHtml.Sanitize(raw, id => parts.FirstOrDefault(part => part.ContentId == id) is { } part ? picture(message.TicketId, message.Id, part.Index) : null).Html
            : null;
        var beside = await db.Messages.Where(m => m.Id == message.Id)
            .Select(m => new
            {
                Outgoing = db.Outbox.Where(o => o.MessageId == m.Id).OrderBy(o => o.Id).Select(o => new { o.AuthorId, o.State, o.ServerText }).FirstOrDefault(),
                External = db.Set<ExternalMessage>().Where(e => e.MessageId == m.Id && e.OwnerId == ownerId).OrderBy(e => e.ExternalId).Select(e => e.ExternalId).FirstOrDefault(),
                Raw = db.Set<MessageFacts>().Where(f => f.MessageId == m.Id).Select(f => f.RawData).SingleOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        var outgoing = beside?.Outgoing;
        var text = content?.Text ?? "";
        return new ConversationMessage(
            message.Id, message.TicketId, message.Direction, message.Subject, new MailAddress(message.FromName, message.FromAddress), message.To, message.Cc, message.Bcc,
            message.ReceivedAt, message.InternetMessageId, message.Language, html, text, MailText.NewOf(text, content?.IsForward is true), parts, content?.Unreadable)
        {
            AuthorId = (outgoing?.AuthorId ?? message.AuthorId) is > 0 and var author ? author : null,
            Delivery = outgoing?.State,
            ServerText = outgoing?.ServerText,
            ExternalId = beside?.External,
            ModifiedAt = message.Direction is MessageDirection.Internal ? await ChangedAtAsync(db, message, cancellationToken) : message.ReceivedAt,
            DeletedAt = await DeletedMail.AtAsync(db, message, cancellationToken),
            RawData = beside?.Raw,
        };
    }
}

/// <param name="ChangedAt">When anything of it was written down last.</param>
/// <param name="StatusAt">When its status was changed last.</param>
/// <param name="LastWord">Whose the last mail was that somebody wrote.</param>
internal sealed record TicketBeside(DateTimeOffset? ChangedAt, DateTimeOffset? StatusAt, Sentiment? Sentiment, MailboxMethod? Method, MessageDirection? LastWord, DateTimeOffset? AutoExecuteAt);
