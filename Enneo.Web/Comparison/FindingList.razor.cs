using Enneo.Core.Integrations.Comparison;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Comparison;

/// <summary>The mails that the two do not agree on; the file holds all of them.</summary>
public sealed partial class FindingList : ComponentBase
{
    private const int Most = 200;

    [Parameter, EditorRequired]
    public required IReadOnlyList<Finding> Findings { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }
}
