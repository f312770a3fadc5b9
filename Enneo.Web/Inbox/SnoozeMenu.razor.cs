using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Until when a conversation shall be out of sight.</summary>
public sealed partial class SnoozeMenu(BrowserTime time, TimeProvider clock) : ComponentBase
{
    private DateTime? _picked;

    /// <summary>One of them is snoozed already.</summary>
    [Parameter]
    public bool IsSnoozed { get; set; }

    /// <summary>Null: bring it back now.</summary>
    [Parameter]
    public EventCallback<DateTimeOffset?> Chosen { get; set; }

    /// <summary>Only what is still to come.</summary>
    private DateTimeOffset? Picked => _picked is { } local && SnoozeTimes.At(local, time.Zone) is var at && at > clock.GetUtcNow() ? at : null;
}
