using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Integrations.Comparison;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Comparison;

/// <summary>Takes over how the tickets stand there: first what would change, then that, and back again.</summary>
public sealed partial class TakeOverPanel(TakingOver takingOver, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private TakeOverSummary? _summary;
    private string? _said;
    private bool _busy;

    [Parameter, EditorRequired]
    public required HelpdeskList List { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    private Task SummaryAsync() => DoAsync(async actor =>
    {
        _summary = await takingOver.SummaryAsync(List.MailboxId, actor, _closed.Token);
        return null;
    });

    private Task RunAsync() => DoAsync(async actor =>
    {
        var done = await takingOver.RunAsync(List.MailboxId, actor, Admin.Origin, _closed.Token);
        _summary = null;
        await OnChanged.InvokeAsync();
        return done is null ? null : Say(LostMailText.Taken, done.Tickets);
    });

    private Task UndoAsync() => DoAsync(async actor =>
    {
        var undone = await takingOver.UndoAsync(List.MailboxId, actor, Admin.Origin, _closed.Token);
        await OnChanged.InvokeAsync();
        return Say(LostMailText.GivenBack, undone ?? 0);
    });

    private async Task DoAsync(Func<Actor, Task<string?>> act)
    {
        (_busy, _said) = (true, null);
        try
        {
            _said = await act(await Admin.GetAsync(authentication));
        }
        finally
        {
            _busy = false;
        }
    }
}
