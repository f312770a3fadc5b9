using System.Globalization;
using Enneo.Core.Integrations;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Who else has the conversation before them, or writes in it; and tells the others of this person.</summary>
public sealed partial class PresenceLine(Presence presence, TimeProvider clock) : ComponentBase, IDisposable
{
    /// <summary>Twice within the time for which one says that somebody is there.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(12);

    private readonly CancellationTokenSource _closed = new();
    private IReadOnlyList<PersonPresent> _others = [];
    private long _told;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public long TicketId { get; set; }

    [Parameter, EditorRequired]
    public required InboxPerson Person { get; set; }

    /// <summary>This person writes in it.</summary>
    [Parameter]
    public bool IsReplying { get; set; }

    public void Dispose()
    {
        presence.Changed -= OnChanged;
        presence.Leave(_told, Person.Id);
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnInitialized()
    {
        presence.Changed += OnChanged;
        _ = TellAsync(_closed.Token);
    }

    protected override void OnParametersSet()
    {
        if (_told != 0 && _told != TicketId)
        {
            presence.Leave(_told, Person.Id);
        }

        _told = TicketId;
        Tell();
    }

    private string Words(PersonPresent person) => string.Format(
        CultureInfo.CurrentCulture, person.IsReplying ? InboxText.IsReplying : InboxText.IsHereToo, Directory.NameOf(person.UserId));

    private void Tell() => _others = [.. presence.Ping(TicketId, Person.Id, IsReplying).Where(other => other.UserId != Person.Id)];

    private async Task TellAsync(CancellationToken closed)
    {
        using PeriodicTimer timer = new(s_pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(closed))
            {
                await InvokeAsync(() =>
                {
                    Tell();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private void OnChanged(long ticketId)
    {
        if (ticketId == TicketId && !_closed.IsCancellationRequested)
        {
            _ = InvokeAsync(() =>
            {
                _others = [.. presence.OfTicket(TicketId).Where(other => other.UserId != Person.Id)];
                StateHasChanged();
            });
        }
    }
}
