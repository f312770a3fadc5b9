using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Tags;

/// <summary>Builds conditions: tests and groups of them, all or any of which must hold.</summary>
public sealed partial class ConditionEditor : ComponentBase
{
    private const int MaxDepth = 3;

    private readonly string _id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    [Parameter, EditorRequired]
    public required GroupDraft Group { get; set; }

    /// <summary>How many groups it stands in.</summary>
    [Parameter]
    public int Depth { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<TagListing> Tags { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    [Parameter]
    public EventCallback Removed { get; set; }

    private string Any
    {
        get => Group.Any ? "any" : "all";
        set => Group.Any = value == "any";
    }

    private string Id(string name) => $"{name}-{_id}";

    private GroupDraft NewGroup() => new() { Any = !Group.Any, Tests = { new TestDraft() } };
}
