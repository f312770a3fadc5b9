using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>
/// What becomes of where messages lie. It is written down once their tickets are computed anew: the last entry of a ticket
/// that lies elsewhere by it says so as <c>place</c>. Within a transaction of the writer lane.
/// </summary>
internal sealed class Relocations(EnneoDbContext db, TimeProvider clock)
{
    private readonly List<(ActivityKind Kind, Message Message, string Field, object Old, object New)> _all = [];

    /// <summary>It went from these folders into those.</summary>
    public void Moved(Message message, IReadOnlyList<long> from, IReadOnlyList<long> into) => _all.Add((ActivityKind.MessageMoved, message, "folders", from, into));

    /// <summary>Its server holds it again, or no longer.</summary>
    public void OnServer(Message message, bool isHeld) => _all.Add((ActivityKind.MessageOnServerChanged, message, "onServer", !isHeld, isHeld));

    /// <summary>Saves, computes the tickets anew and writes the entries.</summary>
    public async Task SettleAsync(IReadOnlyCollection<long> ticketIds, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        var before = await PlacesAsync(ticketIds, cancellationToken);
        using (TicketSummaries summaries = new(db))
        {
            foreach (var ticketId in ticketIds)
            {
                summaries.Refresh(ticketId);
            }
        }

        var after = await PlacesAsync(ticketIds, cancellationToken);
        var lasts = _all.Select((relocation, index) => (relocation.Message.TicketId, Index: index)).GroupBy(pair => pair.TicketId).Select(pairs => pairs.Max(pair => pair.Index)).ToHashSet();
        for (var i = 0; i < _all.Count; i++)
        {
            var (kind, message, field, old, now) = _all[i];
            var (from, into) = (before.GetValueOrDefault(message.TicketId), after.GetValueOrDefault(message.TicketId));
            ReadOnlySpan<(string, object?, object?)> changes = lasts.Contains(i) && from != into ? [(field, old, now), ("place", from.ToString(), into.ToString())] : [(field, old, now)];
            db.Activity.Add(ActivityEntry.Of(kind, actor, origin, clock, message.MailboxId, message.TicketId, message.Id, changes));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private Task<Dictionary<long, TicketPlace>> PlacesAsync(IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken) =>
        db.Tickets.Where(t => ticketIds.Contains(t.Id)).Select(t => new { t.Id, t.Place }).ToDictionaryAsync(t => t.Id, t => t.Place, cancellationToken);
}
