using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Hooks;

/// <summary>Who may tell us what, and what is made of it.</summary>
public sealed partial class HookForm(IJSRuntime js) : ComponentBase
{
    private const string Module = "./js/copy.js";

    private ElementReference _copy;
    private bool _asked;

    [Parameter, EditorRequired]
    public required HookDraft Draft { get; set; }

    /// <summary>Where its calls go; null for a new one.</summary>
    [Parameter]
    public string? Address { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ApiKeyListing> Keys { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<TagListing> Tags { get; set; }

    /// <summary>The calls that came before, to try it with.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<HookCall> Received { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

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
    public EventCallback OnRotate { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Address is not null)
        {
            try
            {
                await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
                await module.InvokeVoidAsync("watch", _copy);
            }
            catch (JSException)
            {
                // Another hook was opened before the browser came to that.
            }
        }
    }

    private string[]? Problem(string field) => Problems.GetValueOrDefault(field);

    private void Choose(long tagId, bool isWanted) => Draft.TagIds = isWanted ? [.. Draft.TagIds, tagId] : [.. Draft.TagIds.Where(id => id != tagId)];
}
