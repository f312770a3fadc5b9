using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;

namespace Enneo.Core.Tags;

/// <summary>Writes the tags of tickets, and into the log what was changed by it. Within a transaction of the writer lane.</summary>
internal sealed class TagRows(EnneoDbContext db, Actor actor, string origin, TimeProvider clock)
{
    /// <returns>Null where that is so already.</returns>
    public async Task<TagChange?> SetAsync(Ticket ticket, Tag tag, TagStanding? wanted, CancellationToken cancellationToken)
    {
        var row = await db.TicketTags.FindAsync([ticket.Id, tag.Id], cancellationToken);
        var before = TagStanding.Of(row);
        if (before == wanted)
        {
            return null;
        }

        if (wanted is null)
        {
            db.TicketTags.Remove(row!);
        }
        else
        {
            row ??= db.TicketTags.Add(new TicketTag { TicketId = ticket.Id, TagId = tag.Id, Source = wanted.Source, At = wanted.At }).Entity;
            (row.Source, row.PersonId, row.Reason, row.At, row.IsTakenOff) = (wanted.Source, wanted.PersonId, wanted.Reason, wanted.At, wanted.IsTakenOff);
        }

        TicketChange? promised = null;
        var (had, has) = (before is { IsTakenOff: false }, wanted is { IsTakenOff: false });
        if (had != has)
        {
            if (has)
            {
                promised = await TagPromise.KeepAsync(db, ticket, tag, actor, origin, clock, cancellationToken);
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.TicketTagged, actor, origin, clock, ticket.MailboxId, ticket.Id,
                changes: [("tag", had ? tag.Id : null, has ? tag.Id : null), ("name", had ? tag.Name : null, has ? tag.Name : null), ("source", before?.Source.ToString(), wanted?.Source.ToString())]));
        }

        return new TagChange(ticket.Id, tag.Id, before, wanted) { Promised = promised };
    }
}
