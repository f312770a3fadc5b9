using Enneo.Core.OAuth;
using Enneo.Web.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.OAuth;

/// <summary>The fields of a provider, with what an admin does at Google for them.</summary>
public sealed partial class ProviderForm(RedirectAddress redirect, IJSRuntime script) : ComponentBase
{
    private ElementReference _copy;
    private bool _asked;

    [Parameter, EditorRequired]
    public required ProviderDraft Draft { get; set; }

    /// <summary>It is not stored yet.</summary>
    [Parameter]
    public bool IsNew { get; set; }

    [Parameter]
    public bool HasSecret { get; set; }

    /// <summary>What is wrong, by field.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string[]> Problems { get; set; }

    /// <summary>How the last click ended.</summary>
    [Parameter]
    public string? Said { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnCheck { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await CopyButtons.WatchAsync(script, _copy);
        }
    }

    private bool AsksTrust => Problems.ContainsKey(ProviderEditing.TrustField);

    private string[] Problem(string field) => Problems.GetValueOrDefault(field) ?? [];
}
