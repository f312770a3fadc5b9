using Enneo.Core.Tickets;
using Enneo.Web.Identity;

namespace Enneo.Web.Inbox;

/// <summary>Reads pages of a list into its window.</summary>
internal sealed class TicketPages(TicketQueries queries, CurrentReach reach)
{
    /// <summary>The newest page; where a conversation lies further down, the pages around it.</summary>
    /// <param name="anchorId">The conversation; null for none.</param>
    public async Task<TicketWindow> ReadAsync(TicketFilter filter, long? anchorId, CancellationToken cancellationToken)
    {
        TicketWindow window = new(filter);
        await ReadNewestAsync(window, cancellationToken);
        if (!window.HasOlder || anchorId is not { } anchor || window.Rows.Any(ticket => ticket.Id == anchor))
        {
            return window;
        }

        var found = await queries.FindAsync(await reach.NowAsync(cancellationToken), filter, [anchor], cancellationToken);
        if (found is [var ticket] && ticket.ListedAt < window.Rows[^1].ListedAt)
        {
            var newer = await NewerAsync(window, ticket.Cursor, cancellationToken);
            var older = await OlderAsync(window, ticket.Cursor, cancellationToken);
            window.Show([.. newer, ticket, .. older], newer.Count == TicketWindow.PageSize, older.Count == TicketWindow.PageSize);
        }

        return window;
    }

    /// <summary>Leads to the top of the list.</summary>
    public async Task ReadNewestAsync(TicketWindow window, CancellationToken cancellationToken)
    {
        var newest = await OlderAsync(window, null, cancellationToken);
        window.Show(newest, hasNewer: false, hasOlder: newest.Count == TicketWindow.PageSize);
    }

    /// <summary>Where all that was shown has left, and there is more, that is shown.</summary>
    public Task RefillAsync(TicketWindow window, CancellationToken cancellationToken) =>
        window.Rows.Count == 0 && (window.HasOlder || window.HasNewer) ? ReadNewestAsync(window, cancellationToken) : Task.CompletedTask;

    /// <summary>Adds the next page. Where the window was led elsewhere meanwhile, that would leave a gap: then the page that follows there.</summary>
    public async Task AddOlderAsync(TicketWindow window, CancellationToken cancellationToken)
    {
        while (window.Oldest is { } oldest)
        {
            var page = await OlderAsync(window, oldest, cancellationToken);
            if (oldest == window.Oldest)
            {
                window.AddOlder(page);
                return;
            }
        }
    }

    /// <summary>The same at the upper end.</summary>
    public async Task AddNewerAsync(TicketWindow window, CancellationToken cancellationToken)
    {
        while (window.Newest is { } newest)
        {
            var page = await NewerAsync(window, newest, cancellationToken);
            if (newest == window.Newest)
            {
                window.AddNewer(page);
                return;
            }
        }
    }

    private async Task<IReadOnlyList<TicketSummary>> OlderAsync(TicketWindow window, TicketCursor? from, CancellationToken cancellationToken) =>
        await queries.ListAsync(await reach.NowAsync(cancellationToken), window.Filter, from, TicketWindow.PageSize, cancellationToken);

    private async Task<IReadOnlyList<TicketSummary>> NewerAsync(TicketWindow window, TicketCursor from, CancellationToken cancellationToken) =>
        await queries.ListNewerAsync(await reach.NowAsync(cancellationToken), window.Filter, from, TicketWindow.PageSize, cancellationToken);
}
