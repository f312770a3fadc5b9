using System.Data.Common;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Whom a conversation is with, how that is known where it is not the sender, and what is known of them.</summary>
public sealed partial class RequesterLine(Requesters requesters, CurrentReach reach) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private Requester? _requester;
    private long _loadedTicketId;
    private bool _opened;

    [Parameter, EditorRequired]
    public long TicketId { get; set; }

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    private string Name => _requester!.Person switch
    {
        { Name.Length: > 0 } person => person.Name,
        { Address.Length: > 0 } person => person.Address,
        _ => InboxText.UnknownSender,
    };

    private string Sender => _requester!.Sender.Name.Length > 0 ? _requester.Sender.Name : _requester.Sender.Address;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedTicketId != TicketId)
        {
            (_loadedTicketId, _requester, _opened) = (TicketId, null, false);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var ticketId = TicketId;
        try
        {
            var requester = await requesters.FindAsync(await reach.NowAsync(_closed.Token), ticketId, _closed.Token);
            _requester = ticketId == TicketId ? requester : _requester;
        }
        catch (Exception exception) when (exception is DbException or IOException or CorruptSourceException)
        {
            _requester = null; // the conversation itself says what is wrong
        }
    }

    /// <summary>What is known of a person is read when somebody wants to see it.</summary>
    private void Open() => _opened = true;

    private async Task SetForwardedAsync(bool forwarded)
    {
        await requesters.SetForwardedAsync(_requester!.MessageId, forwarded, Person.Id, _closed.Token);
        _opened = false;
        await LoadAsync();
    }
}
