using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>Removes a mailbox after asking what becomes of its conversations. Erasing needs its name typed.</summary>
public sealed partial class RemoveAccount : ComponentBase
{
    private const string ConsentsAtMicrosoft = "https://myapps.microsoft.com";

    private ElementReference _title;
    private bool _asking;
    private bool _focused;
    private bool _erase;
    private bool _busy;
    private string _typed = "";

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Somebody signed in for it at Microsoft.</summary>
    [Parameter]
    public bool IsMicrosoft { get; set; }

    /// <summary>Given whether its conversations are erased too.</summary>
    [Parameter]
    public EventCallback<bool> OnRemove { get; set; }

    private bool MayRemove => !_busy && (!_erase || string.Equals(_typed.Trim(), Name.Trim(), StringComparison.OrdinalIgnoreCase));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_asking && !_focused)
        {
            _focused = true;
            await _title.FocusAsync();
        }

        _focused &= _asking;
    }

    private async Task RemoveAsync()
    {
        if (MayRemove)
        {
            _busy = true;
            await OnRemove.InvokeAsync(_erase);
        }
    }
}
