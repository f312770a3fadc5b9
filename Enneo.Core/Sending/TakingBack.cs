using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Makes an outgoing mail a draft again. In the lane, where handing over begins too, so that a mail is either taken back or sent.</summary>
internal sealed class TakingBack(WriterLane lane, TicketRemoval removal, TimeProvider clock)
{
    /// <returns>The draft's id; null when there is no such mail of the author, or <paramref name="may"/> says no.</returns>
    public Task<long?> RunAsync(long outgoingId, long authorId, Func<OutgoingMessage, bool> may, CancellationToken cancellationToken) => lane.RunAsync<long?>(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, authorId, token);
            var outgoing = await reach.Of(db.Outbox).SingleOrDefaultAsync(o => o.Id == outgoingId && o.AuthorId == authorId, token);
            var draft = outgoing is null ? null : await db.Drafts.SingleOrDefaultAsync(d => d.Id == outgoing.DraftId, token);
            if (outgoing is null || draft is null || !may(outgoing))
            {
                return null;
            }

            return outgoing.SentAt is null
                ? await RemoveAsync(db, outgoing, draft, token)
                : await SplitAsync(db, outgoing, draft, token);
        },
        cancellationToken);

    /// <summary>Nobody has it: it leaves its ticket as if it had never been queued, and a ticket that it opened goes with it.</summary>
    private async Task<long?> RemoveAsync(EnneoDbContext db, OutgoingMessage outgoing, Draft draft, CancellationToken cancellationToken)
    {
        var message = await db.Messages.AsNoTracking().SingleAsync(m => m.Id == outgoing.MessageId, cancellationToken);
        using (SearchWriter search = new(db))
        {
            search.Remove(message.Id);
        }

        db.Outbox.Remove(outgoing);
        (draft.OutgoingMessageId, draft.UpdatedAt) = (null, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);

        db.Activity.Add(OutgoingActivity.Cancelled(outgoing, outgoing.State, await removal.RemoveMessageAsync(db, message.Id, cancellationToken), clock));
        await db.SaveChangesAsync(cancellationToken);
        await db.Sources.Where(s => s.Id == message.SourceId).ExecuteDeleteAsync(cancellationToken);
        await RemoveParticipantsAsync(db, message, cancellationToken);
        return draft.Id;
    }

    /// <summary>Who takes part only by the mail that was taken back could otherwise write into the ticket.</summary>
    private static async Task RemoveParticipantsAsync(EnneoDbContext db, Message removed, CancellationToken cancellationToken)
    {
        var others = await db.Messages.AsNoTracking()
            .Where(m => m.TicketId == removed.TicketId && m.Direction != MessageDirection.Internal)
            .Select(m => new { m.FromAddress, m.ReplyTo, m.To, m.Cc })
            .ToListAsync(cancellationToken);
        var stay = others
            .SelectMany(m => m.ReplyTo.Concat(m.To).Concat(m.Cc).Select(party => party.Address).Append(m.FromAddress))
            .Select(address => address.ToLowerInvariant())
            .ToHashSet(StringComparer.Ordinal);
        var gone = removed.To.Concat(removed.Cc)
            .Select(party => party.Address.ToLowerInvariant())
            .Append(removed.FromAddress.ToLowerInvariant())
            .Where(address => !stay.Contains(address))
            .ToList();
        await db.TicketParticipants.Where(p => p.TicketId == removed.TicketId && gone.Contains(p.Address)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Some have it: that mail stays as it is, and the draft becomes another, for those who were refused.</summary>
    private async Task<long?> SplitAsync(EnneoDbContext db, OutgoingMessage outgoing, Draft draft, CancellationToken cancellationToken)
    {
        Draft rest = new()
        {
            MailboxId = draft.MailboxId,
            TicketId = outgoing.TicketId,
            AnsweredMessageId = draft.AnsweredMessageId,
            AuthorId = draft.AuthorId,
            Mode = draft.Mode,
            FromAddress = draft.FromAddress,
            To = outgoing.Recipients,
            Subject = draft.Subject,
            Html = draft.Html,
            UpdatedAt = clock.GetUtcNow(),
        };
        db.Drafts.Add(rest);
        await db.SaveChangesAsync(cancellationToken);

        foreach (var attachment in await db.DraftAttachments.Where(a => a.DraftId == draft.Id).ToListAsync(cancellationToken))
        {
            attachment.DraftId = rest.Id;
        }

        db.Drafts.Remove(draft);
        outgoing.Recipients = [];
        outgoing.Version++;
        db.Activity.Add(OutgoingActivity.Changed(outgoing, outgoing.State, Activity.Actor.User(outgoing.AuthorId), SendingOrigin.Web, clock));
        await db.SaveChangesAsync(cancellationToken);
        return rest.Id;
    }
}
