using System.Data.Common;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A message that answers nothing, being written beside the list.</summary>
public sealed partial class NewMessage(Drafts drafts, NavigationManager navigation) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private DraftView? _draft;
    private long _loadedDraftId;
    private bool _missing;
    private bool _failed;

    [Parameter, EditorRequired]
    public long DraftId { get; set; }

    /// <summary>The list that it was opened from.</summary>
    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    private string Back => (View with { DraftId = null }).Url;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedDraftId != DraftId)
        {
            _loadedDraftId = DraftId;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        (_draft, _missing, _failed) = (null, false, false);
        try
        {
            var draftId = DraftId;
            var draft = await drafts.FindAsync(draftId, Person.Id, _closed.Token);
            if (draftId == DraftId) // another one may have been opened meanwhile
            {
                (_draft, _missing) = (draft, draft is null);
            }
        }
        catch (DbException)
        {
            _failed = true;
        }
    }

    /// <summary>It has a conversation now, where it can be taken back.</summary>
    private void OnSent(OutgoingStatus outgoing) => navigation.NavigateTo((View with { DraftId = null, TicketId = outgoing.TicketId }).Url);

    private void OnDiscarded() => navigation.NavigateTo(Back);
}
