using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What happened to a conversation between two of its messages, in one quiet line.</summary>
public sealed partial class HistoryLine(BrowserTime time) : ComponentBase
{
    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    /// <summary>Oldest first.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<Happening> Entries { get; set; }
}
