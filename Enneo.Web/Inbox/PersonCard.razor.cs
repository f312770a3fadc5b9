using System.Data.Common;
using Enneo.Core.Contacts;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What is known of a person: since when, and what else was talked about.</summary>
public sealed partial class PersonCard(ContactQueries contacts, PersonTickets tickets, CurrentReach reach, Drafts drafts, BrowserTime time, NavigationManager navigation) : ComponentBase, IDisposable
{
    private const int MaxTickets = 10;

    private readonly CancellationTokenSource _closed = new();
    private KnownPerson? _known;
    private IReadOnlyList<TicketSummary>? _tickets;
    private bool _failed;
    private bool _busy;

    [Parameter, EditorRequired]
    public required string Address { get; set; }

    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>The conversation that is open: not an earlier one.</summary>
    [Parameter, EditorRequired]
    public long TicketId { get; set; }

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var seen = await reach.NowAsync(_closed.Token);
            _known = await contacts.FindAsync(seen, Address, _closed.Token);
            var found = await tickets.ListAsync(seen, Address, MaxTickets + 1, _closed.Token);
            _tickets = [.. found.Where(ticket => ticket.Id != TicketId).Take(MaxTickets)];
        }
        catch (DbException)
        {
            _failed = true;
        }
    }

    private static string Href(TicketSummary ticket) => new InboxView(ticket.MailboxId, ticket.Status == TicketStatus.Closed ? TicketView.Closed : TicketView.Open, ticket.Id).Url;

    private async Task WriteAsync()
    {
        _busy = true;
        try
        {
            if (await drafts.StartNewAsync(View.MailboxId, [new MailAddress(Name, Address)], Person.Id, _closed.Token) is { } draft)
            {
                navigation.NavigateTo((View with { TicketId = null, DraftId = draft.Id }).Url);
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
