using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Integrations;

/// <summary>Which system is kept in step, and what of it.</summary>
public sealed partial class IntegrationForm : ComponentBase
{
    [Parameter, EditorRequired]
    public required IntegrationDraft Draft { get; set; }

    /// <summary>Where the other system posts to; null for a new one.</summary>
    [Parameter]
    public string? Address { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    /// <summary>By field.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string[]> Problems { get; set; }

    [Parameter]
    public string? Said { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    private bool IsNew => Address is null;

    private string[]? Problem(string field) => Problems.GetValueOrDefault(field);
}
