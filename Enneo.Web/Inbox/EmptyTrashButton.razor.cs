using Enneo.Core.Tickets.Editing;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Erases all that a list of trash holds, after asking.</summary>
public sealed partial class EmptyTrashButton(InboxActions actions) : ComponentBase
{
    private int? _erasing;

    [Parameter, EditorRequired]
    public required ErasingScope Scope { get; set; }

    private async Task AskAsync() => _erasing = await actions.CountErasableAsync(Scope);

    private Task EraseAsync()
    {
        _erasing = null;
        return actions.EraseAsync(Scope);
    }
}
