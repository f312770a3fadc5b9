using System.Globalization;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>Where an answer is on its way, in words, with what can be done about it.</summary>
public sealed partial class DeliveryLine(TimeProvider clock, BrowserTime time) : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private ITimer? _countdown;

    [Parameter, EditorRequired]
    public required OutgoingStatus Outgoing { get; set; }

    [Parameter]
    public EventCallback Undone { get; set; }

    [Parameter]
    public EventCallback Edited { get; set; }

    [Parameter]
    public EventCallback SentAgain { get; set; }

    [Parameter]
    public EventCallback Confirmed { get; set; }

    [Parameter]
    public EventCallback FiledAgain { get; set; }

    [Parameter]
    public EventCallback LeftUnfiled { get; set; }

    private TimeSpan UndoTime => Outgoing is { State: DeliveryState.Queued, UndoUntil: { } until } ? until - clock.GetUtcNow() : TimeSpan.Zero;

    private bool CanUndo => UndoTime > TimeSpan.Zero;

    private string Tone => Outgoing.State switch
    {
        DeliveryState.Rejected => "bad",
        DeliveryState.Uncertain => "warn",
        DeliveryState.Sent when Outgoing.CopyRefusal is not null => "warn",
        DeliveryState.Queued when !CanUndo && Outgoing.NextAttemptAt is not null => "warn",
        DeliveryState.Queued => "waiting",
        _ => "",
    };

    private string Words => Outgoing.State switch
    {
        DeliveryState.Queued when CanUndo => Filled(InboxText.SendingIn, (int)Math.Ceiling(UndoTime.TotalSeconds)),
        DeliveryState.Queued when Outgoing.NextAttemptAt is { } next => Filled(InboxText.Delayed, time.ForThread(next), Outgoing.ServerText ?? InboxText.NoWords),
        DeliveryState.Queued => InboxText.WaitingToBeSent,
        DeliveryState.Sending => InboxText.BeingSent,
        DeliveryState.Sent when Outgoing is { CopyRefusal: { } refusal, SentAt: { } at } => Filled(InboxText.SentWithoutCopy, time.ForThread(at), refusal),
        DeliveryState.Sent => Outgoing.SentAt is { } at ? Filled(InboxText.SentAt, time.ForThread(at)) : InboxText.Sent,
        DeliveryState.Rejected => Filled(InboxText.Rejected, Outgoing.ServerText ?? InboxText.NoWords),
        DeliveryState.Uncertain => InboxText.Uncertain,
        DeliveryState.Cancelled => InboxText.TakenBack,
        _ => "",
    };

    public void Dispose() => _countdown?.Dispose();

    protected override void OnParametersSet()
    {
        if (CanUndo)
        {
            _countdown ??= clock.CreateTimer(_ => Tick(), null, s_tick, s_tick);
        }
    }

    private static string Filled(string words, params object[] values) => string.Format(CultureInfo.CurrentCulture, words, values);

    private void Tick() => _ = InvokeAsync(() =>
    {
        if (!CanUndo)
        {
            _countdown?.Dispose();
            _countdown = null;
        }

        StateHasChanged();
    });
}
