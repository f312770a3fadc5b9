using System.Data.Common;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What a person has begun to write and not sent, last touched first.</summary>
public sealed partial class DraftList(Drafts drafts, BrowserTime time) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<DraftSummary>? _drafts;
    private InboxView? _shown;
    private bool _failed;

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    /// <summary>Reads them again when drafts were begun, sent or given up, here or on another device.</summary>
    public async Task ApplyAsync(InboxChanges changes)
    {
        if (changes.Drafts)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    /// <summary>Also when another one is opened: the one that is left may have changed.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != View)
        {
            _shown = View;
            await LoadAsync();
        }
    }

    private static string Recipients(DraftSummary draft) =>
        draft.Mode.IsNote() ? InboxText.InternalNote : draft.To.Count == 0 ? InboxText.NobodyYet : string.Join(", ", draft.To.Select(Name));

    private static string Name(MailAddress address) => address.Name.Length > 0 ? address.Name : address.Address;

    private string Href(DraftSummary draft) => (View with { TicketId = draft.TicketId, DraftId = draft.TicketId is null ? draft.Id : null, ShowsMailboxes = false }).Url;

    private bool IsOpen(DraftSummary draft) => draft.TicketId is { } ticketId ? View.TicketId == ticketId : View.DraftId == draft.Id;

    private async Task LoadAsync()
    {
        try
        {
            _drafts = await drafts.ListAsync(Person.Id, _closed.Token);
            _failed = false;
        }
        catch (DbException)
        {
            _failed = true;
        }
    }
}
