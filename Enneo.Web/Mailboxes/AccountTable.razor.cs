using System.Globalization;
using Enneo.Core.Sync;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>The list of mailboxes: a table where there is room, cards where there is not. Its ages tick.</summary>
public sealed partial class AccountTable(TimeProvider clock) : ComponentBase, IDisposable
{
    private ITimer? _tick;
    private DateTimeOffset _now;

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxReport> Reports { get; set; }

    [Parameter]
    public long? Selected { get; set; }

    [Parameter]
    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    protected override void OnInitialized()
    {
        if (RendererInfo.IsInteractive)
        {
            _tick = clock.CreateTimer(_ => _ = InvokeAsync(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        }
    }

    protected override void OnParametersSet() => _now = clock.GetUtcNow();

    public void Dispose() => _tick?.Dispose();

    private static string Link(MailboxReport report) => Urls.EmailAccount(report.Mailbox.Id);

    private static string Percent(double progress) => Math.Floor(progress * 100).ToString(CultureInfo.InvariantCulture);

    private static string? Css(Tone tone) => tone switch
    {
        Tone.Fine => "state-ok",
        Tone.Look => "state-warn",
        Tone.NeedsYou => "state-bad",
        _ => null,
    };

    private void Tick()
    {
        _now = clock.GetUtcNow();
        StateHasChanged();
    }
}
