using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Shell;

/// <summary>Has a page look again every few seconds, for what is written by jobs and stands in no log.</summary>
public sealed class FreshLook(TimeProvider clock) : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _closed = new();

    /// <summary>Reads and shows what is new; on the page's own circuit.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnLook { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = LookAsync(_closed.Token);
        }
    }

    private async Task LookAsync(CancellationToken closed)
    {
        using PeriodicTimer timer = new(s_pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(closed))
            {
                await InvokeAsync(OnLook.InvokeAsync);
            }
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // The page was left, perhaps in the middle of a look, whose own token is gone then.
        }
        catch (Exception exception) // it belongs to the circuit, which is where somebody sees it
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
