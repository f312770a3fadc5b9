using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using Enneo.Core.Spam;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>Adds messages to tickets that were written or sent elsewhere: nothing leaves by it.</summary>
public sealed class MessageStoring(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, AttachmentFetching fetching, MailBringing bringing, KnownMails known, NoteWriting notes, Requesters requesters, MailHtml mailHtml, SpamDecisions spam, TimeProvider clock)
{
    public async Task<StoredMessage> RunAsync(Reach reach, long ticketId, MessageWish wish, Actor actor, string origin, CancellationToken cancellationToken)
    {
        try
        {
            if (wish.Files.Any(file => file.Url is not null) && await FindAsync(reach, ticketId, wish, actor, cancellationToken) is { } same)
            {
                return same; // what its files are fetched from may be gone
            }

            var files = await fetching.RunAsync(wish.Files, cancellationToken);
            if (files.Errors.Count > 0)
            {
                return new StoredMessage(null, files.Errors);
            }

            var mail = wish.Mail(files.Files);
            return wish.Kind is StoredKind.Note
                ? await NoteAsync(ticketId, wish, mail, actor, origin, cancellationToken)
                : await MailAsync(reach, ticketId, wish, mail, actor, origin, cancellationToken);
        }
        catch (PatchRefusedException refused)
        {
            return new StoredMessage(null, refused.Fields);
        }
    }

    /// <returns>The message that it is, where that is here already; else null.</returns>
    private Task<StoredMessage?> FindAsync(Reach reach, long ticketId, MessageWish wish, Actor actor, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var mail = wish.Mail([]);
            var isNote = wish.Kind is StoredKind.Note;
            return await reach.Of(db.Tickets).Where(t => t.Id == ticketId).Select(t => (long?)t.MailboxId).SingleOrDefaultAsync(token) is { } mailboxId
                && await known.FindAsync(db, mailboxId, isNote ? new NewMail() : mail, actor, wish.ExternalId, token) is { } same
                ? Done(isNote ? same : await NameAsync(db, same, wish, mail, actor, token))
                : null;
        },
        cancellationToken);

    private async Task<StoredMessage> NoteAsync(long ticketId, MessageWish wish, NewMail mail, Actor actor, string origin, CancellationToken cancellationToken)
    {
        NoteInput input = new(mail.IsHtml ? mail.Text : mailHtml.FromText(mail.Text))
        {
            Files = [.. mail.Files.Select(file => new NoteFile(file.Name, file.ContentType, file.Bytes))],
            From = mail.From,
            At = mail.At,
        };
        if (await notes.PrepareAsync(ticketId, input, actor, cancellationToken) is not { } note)
        {
            return StoredMessage.Missing;
        }

        return await lane.RunAsync(
            async (db, token) => await known.FindAsync(db, note.MailboxId, new NewMail(), actor, wish.ExternalId, token) is { } same
                ? Done(same)
                : await notes.WriteAsync(db, note, actor, origin, token) is { } messageId
                    ? Done(await NameAsync(db, new TakenIn(ticketId, messageId, IsNew: true), wish, mail, actor, token))
                    : StoredMessage.Missing,
            cancellationToken);
    }

    private async Task<StoredMessage> MailAsync(Reach reach, long ticketId, MessageWish wish, NewMail mail, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var reading = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await reach.Of(reading.Tickets.AsNoTracking()).SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
        {
            return StoredMessage.Missing;
        }

        var mailbox = await reading.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == ticket.MailboxId, cancellationToken);
        var at = mail.At ?? clock.GetUtcNow();
        var customer = (await requesters.FindAsync(reach, ticketId, cancellationToken))?.Person ?? new MailAddress("", mailbox.Address);
        var kept = await bringing.KeepAsync(mail.Source ?? NewMailComposing.Compose(Whole(mail, wish.Kind, ticket, mailbox, customer), mailbox.Address, at), read: null, cancellationToken);
        return await lane.RunAsync(
            async (db, token) =>
            {
                if (await known.FindAsync(db, mailbox.Id, mail with { Parsed = kept.Parsed }, actor, wish.ExternalId, token) is { } same)
                {
                    return Done(await NameAsync(db, same, wish, mail, actor, token));
                }

                var into = await db.TicketMerges.Where(m => m.TicketId == ticketId).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(token) ?? ticketId;
                if (!await db.Tickets.AnyAsync(t => t.Id == into, token))
                {
                    return StoredMessage.Missing;
                }

                if (wish.Kind is StoredKind.Out)
                {
                    await spam.AnswerAsync(db, into, actor, origin, token);
                }

                var received = await bringing.AddAsync(db, mailbox, BroughtOf(kept.Source, kept.Parsed, at, into, wish, actor, origin), token);
                return Done(await NameAsync(db, new TakenIn(received.TicketId, received.MessageId, !received.IsDuplicate), wish, mail, actor, token));
            },
            cancellationToken);
    }

    private static BroughtMail BroughtOf(Storage.StoredSource source, ParsedMessage parsed, DateTimeOffset at, long ticketId, MessageWish wish, Actor actor, string origin) => new(source, parsed, at)
    {
        JoinsTicketId = ticketId,
        Folder = wish.Kind is StoredKind.Out ? FolderRole.Sent : FolderRole.None,
        IsSeen = wish.Kind is StoredKind.Out,
        By = actor,
        Origin = origin,
        Pace = wish.Pace,
    };

    /// <summary>With the addresses and the subject of the ticket where it leaves them out.</summary>
    private static NewMail Whole(NewMail mail, StoredKind kind, Ticket ticket, Mailbox mailbox, MailAddress customer) => mail with
    {
        From = mail.From ?? (kind is StoredKind.Out ? Sender.Of(mailbox) : customer),
        To = mail.To.Count > 0 ? mail.To : [kind is StoredKind.Out ? customer : new MailAddress("", mailbox.Address)],
        Subject = mail.Subject.Length > 0 ? mail.Subject : ticket.Subject,
    };

    private static StoredMessage Done(TakenIn taken) => new(taken, new Dictionary<string, string[]>());

    private static async Task<TakenIn> NameAsync(EnneoDbContext db, TakenIn taken, MessageWish wish, NewMail mail, Actor actor, CancellationToken cancellationToken)
    {
        await ExternalIds.AddMessageAsync(db, actor.UserId ?? 0, taken.MessageId, wish.ExternalId, cancellationToken);
        await FactsWriting.KeepRawAsync(db, taken.MessageId, mail.RawData, cancellationToken);
        return taken;
    }
}
