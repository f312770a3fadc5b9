using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Microsoft365;

/// <summary>Why a road was chosen: in a line, and for whoever wants to know or change it, in full.</summary>
public sealed partial class RoadReason : ComponentBase
{
    [Parameter]
    public string? Words { get; set; }

    /// <summary>What the road that is not taken says, and who can mend it.</summary>
    [Parameter]
    public string? Why { get; set; }
}
