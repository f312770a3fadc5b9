using Enneo.Core.Identity;
using Enneo.Core.Tags;
using Enneo.Web.Inbox;

namespace Enneo.Web.Tags;

/// <summary>The tags of the conversations that a list shows.</summary>
internal sealed class ShownTags(TagQueries queries)
{
    private ILookup<long, GivenTag> _given = Enumerable.Empty<GivenTag>().ToLookup(given => given.TicketId);

    public async Task ReadAsync(Reach reach, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken) =>
        _given = await queries.OfTicketsAsync(reach, ticketIds, cancellationToken);

    /// <returns>In the order of the tree.</returns>
    public IReadOnlyList<TagListing> Of(long ticketId, InboxDirectory directory) =>
        _given[ticketId].Any() ? [.. directory.Tags.Where(tag => _given[ticketId].Any(given => given.TagId == tag.Id))] : [];
}
