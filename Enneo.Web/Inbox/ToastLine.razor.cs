using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>The one place where the inbox says what was done.</summary>
public sealed partial class ToastLine(Toast toast) : ComponentBase, IDisposable
{
    public void Dispose() => toast.Changed -= Show;

    protected override void OnInitialized() => toast.Changed += Show;

    private void Show() => _ = InvokeAsync(StateHasChanged); // the timer's thread is not the circuit's
}
