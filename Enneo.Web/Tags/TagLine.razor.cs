using System.Data.Common;
using System.Globalization;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Tags;

/// <summary>The tags of the open conversation, with why it has them, each to be taken off.</summary>
public sealed partial class TagLine(TagQueries queries, CurrentReach reach, InboxActions actions) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private List<GivenTag> _given = [];
    private TicketThread? _loaded;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    /// <summary>In the order of the tree.</summary>
    private List<(TagListing Tag, GivenTag Given)> Shown => [.. Directory.Tags.Join(_given, tag => tag.Id, given => given.TagId, (tag, given) => (tag, given))];

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_loaded, Thread))
        {
            return;
        }

        if (_loaded?.Ticket.Id != Thread.Ticket.Id)
        {
            _given = [];
        }

        _loaded = Thread;
        try
        {
            var id = Thread.Ticket.Id;
            _given = [.. (await queries.OfTicketsAsync(await reach.NowAsync(_closed.Token), [id], _closed.Token))[id]];
        }
        catch (DbException)
        {
            _given = []; // the conversation itself says what is wrong
        }
    }

    private static string TakeWords(TagListing tag) => string.Format(CultureInfo.CurrentCulture, TagsText.TakeOff, tag.Name);
}
