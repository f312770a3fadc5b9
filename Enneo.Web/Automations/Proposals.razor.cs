using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Tickets;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Automations;

/// <summary>Offers what would have been done with a conversation, had it not been taken for spam.</summary>
public sealed partial class Proposals(AutomationProposals proposals, CurrentReach reach) : ComponentBase, IDisposable
{
    private const string Origin = "web";

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<AutomationProposal> _proposals = [];
    private TicketThread? _loaded;
    private string? _note;
    private bool _busy;

    /// <summary>Each time it is read anew, so is this.</summary>
    [Parameter, EditorRequired]
    public required TicketThread Thread { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    private Actor Me => Actor.User(Person.Id);

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Thread)
        {
            _note = _loaded?.Ticket.Id == Thread.Ticket.Id ? _note : null;
            _loaded = Thread;
            await LoadAsync();
        }
    }

    private static string Words(AutomationProposal proposal) => proposal.Name is { } name
        ? string.Format(CultureInfo.CurrentCulture, AutomationsText.Proposed, name, string.Join(", ", proposal.Actions.Select(AutomationWords.Kind)))
        : AutomationsText.ProposedReply;

    private async Task LoadAsync()
    {
        var ticketId = Thread.Ticket.Id;
        try
        {
            var open = await proposals.OfTicketAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _proposals = ticketId == Thread.Ticket.Id ? open : _proposals;
        }
        catch (DbException)
        {
            _proposals = []; // the conversation itself says what is wrong
        }
    }

    private async Task DecideAsync(Func<Task<bool>> decide)
    {
        _busy = true;
        try
        {
            _note = await decide() ? null : AutomationsText.NotPerformed;
            await LoadAsync();
        }
        catch (DbException)
        {
            _note = AutomationsText.NotPerformed;
        }
        finally
        {
            _busy = false;
        }
    }
}
