using Enneo.Core.Identity;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;

namespace Enneo.Web.Spam;

/// <summary>Why the conversations lie there that a list of spam shows. No other list asks.</summary>
internal sealed class ShownReasons(SpamQueries queries)
{
    private IReadOnlyDictionary<long, HiddenBecause>? _because;

    /// <param name="filter">Of the list.</param>
    public async Task ReadAsync(Reach reach, TicketFilter? filter, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken) =>
        _because = filter?.View is TicketView.Junk ? await queries.OfTicketsAsync(reach, ticketIds, cancellationToken) : null;

    /// <returns>Null where the list is none of spam, and for what is none.</returns>
    public SpamRow? Of(TicketSummary ticket, InboxDirectory directory) =>
        _because is { } because && ticket.SpamStatus.IsSpam() ? SpamRow.Of(ticket.SpamStatus, because.GetValueOrDefault(ticket.Id), directory) : null;
}
