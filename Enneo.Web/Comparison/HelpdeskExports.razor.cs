using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Comparison;

/// <summary>The lines of SQL by which other helpdesks write their list, ready to copy; the manual has the same.</summary>
public sealed partial class HelpdeskExports(IJSRuntime script) : ComponentBase
{
    private ElementReference _freeScout;
    private ElementReference _zammad;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await CopyButtons.WatchAsync(script, _freeScout, _zammad);
        }
    }
}
