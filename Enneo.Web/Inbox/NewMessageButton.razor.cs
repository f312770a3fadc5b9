using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Begins a message and opens it.</summary>
public sealed partial class NewMessageButton(Drafts drafts, NavigationManager navigation) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private bool _busy;
    private bool _refused;

    /// <summary>What is open: its mailbox will send the message.</summary>
    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    /// <summary>Over the list, where the navigation is not in view.</summary>
    [Parameter]
    public bool Round { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private async Task WriteAsync()
    {
        (_busy, _refused) = (true, false);
        try
        {
            var draft = await drafts.StartNewAsync(View.MailboxId, [], Person.Id, _closed.Token);
            _refused = draft is null;
            if (draft is not null)
            {
                navigation.NavigateTo((View with { TicketId = null, DraftId = draft.Id, ShowsMailboxes = false }).Url);
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
