using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Tags;

/// <summary>Gives a tag to conversations, or takes it off those that all have it.</summary>
public sealed partial class TagMenu(TagQueries queries, CurrentReach reach, InboxActions actions) : ComponentBase, IDisposable
{
    private const int MostWithoutSearch = 8;

    private readonly CancellationTokenSource _closed = new();
    private ILookup<long, GivenTag>? _given;
    private string? _typed;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public required IReadOnlyList<TicketSummary> Tickets { get; set; }

    /// <summary>Does what was chosen.</summary>
    [Parameter, EditorRequired]
    public required Func<Func<Task>, Task> Act { get; set; }

    private List<long> Ids => [.. Tickets.Select(ticket => ticket.Id)];

    private List<TagListing> Offered => [.. Directory.Tags.Where(tag => (tag.IsOffered && Tickets.Any(ticket => tag.AppliesTo(ticket.MailboxId))) || Has(tag))];

    private IEnumerable<TagListing> Shown => Offered.Where(tag => string.IsNullOrWhiteSpace(_typed) || tag.FullName.Contains(_typed.Trim(), StringComparison.CurrentCultureIgnoreCase));

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <summary>What they have is read when the menu opens.</summary>
    private async Task ReadAsync()
    {
        _typed = null;
        _given = await queries.OfTicketsAsync(await reach.NowAsync(_closed.Token), Ids, _closed.Token);
    }

    private bool Has(TagListing tag) => _given is not null && Tickets.Count > 0 && Tickets.All(ticket => _given[ticket.Id].Any(given => given.TagId == tag.Id));
}
