using Enneo.Core.Integrations.Connected;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Integrations;

/// <summary>How an integration is doing, and what both sides do not agree on.</summary>
public sealed partial class IntegrationState : ComponentBase
{
    private const int MostStuck = 20;

    [Parameter, EditorRequired]
    public required IntegrationView Integration { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ConflictView> Conflicts { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MessageDifferenceView> Differences { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback<(ConflictView Conflict, ConflictChoice Choice)> OnChoose { get; set; }

    [Parameter]
    public EventCallback<(MessageDifferenceView Difference, ConflictChoice Choice)> OnDecide { get; set; }

    [Parameter]
    public EventCallback<StuckTicket> OnRetry { get; set; }

    [Parameter]
    public EventCallback OnRefresh { get; set; }
}
