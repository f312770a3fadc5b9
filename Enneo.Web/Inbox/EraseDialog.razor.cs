using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Asks once more before mail is erased for good, and says how much.</summary>
public sealed partial class EraseDialog(InboxScript script) : ComponentBase
{
    private ElementReference _dialog;

    /// <summary>Messages that would go.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    [Parameter]
    public EventCallback Confirmed { get; set; }

    [Parameter]
    public EventCallback Cancelled { get; set; }

    private string Question => Count == 1 ? InboxText.EraseOne : Words(InboxText.EraseMany);

    private string Deed => Count == 1 ? InboxText.EraseOneDeed : Words(InboxText.EraseManyDeed);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await script.ShowModalAsync(_dialog);
        }
    }

    private string Words(string format) => string.Format(CultureInfo.CurrentCulture, format, Count);
}
