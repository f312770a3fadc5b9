using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Integrations;

/// <summary>Which system is kept in step, and what of it.</summary>
public sealed partial class IntegrationForm(IJSRuntime js) : ComponentBase
{
    private ElementReference _copy;
    private bool _asked;

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

    /// <summary>The webhook that we made there; null where there is none, or a person made it.</summary>
    [Parameter]
    public string? TheirWebhookId { get; set; }

    [Parameter]
    public EventCallback OnMakeWebhook { get; set; }

    private bool IsNew => Address is null;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && !IsNew)
        {
            try
            {
                await CopyButtons.WatchAsync(js, _copy);
            }
            catch (JSException)
            {
                // Another integration was opened before the browser came to that.
            }
        }
    }

    private string[]? Problem(string field) => Problems.GetValueOrDefault(field);
}
