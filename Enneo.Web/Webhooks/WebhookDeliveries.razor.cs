using System.Globalization;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Webhooks;

/// <summary>What a webhook was told and will be, with request, answer and time; any of it can go again.</summary>
public sealed partial class WebhookDeliveries(WebhookQueries queries, WebhookReplay replay, BrowserTime time, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const int Page = 30;

    private static readonly (WebhookDeliveryState? State, Func<string> Words)[] s_filters =
    [
        (null, () => WebhooksText.All),
        (WebhookDeliveryState.Waiting, () => WebhooksText.Waiting),
        (WebhookDeliveryState.Parked, () => WebhooksText.Parked),
        (WebhookDeliveryState.Delivered, () => WebhooksText.Delivered),
        (WebhookDeliveryState.Withheld, () => WebhooksText.Withheld),
    ];

    private readonly CancellationTokenSource _closed = new();
    private List<WebhookDelivery>? _deliveries;
    private WebhookDeliveryState? _state;
    private string? _said;
    private long? _since;
    private long? _until;
    private bool _hasMore;

    [Parameter, EditorRequired]
    public required long WebhookId { get; set; }

    /// <summary>The fingerprint of the certificate that is trusted already; null for none.</summary>
    [Parameter]
    public string? Trusted { get; set; }

    [Parameter]
    public EventCallback OnReplayed { get; set; }

    /// <summary>The certificate with this fingerprint shall be trusted.</summary>
    [Parameter]
    public EventCallback<string> OnTrust { get; set; }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private static string About(WebhookDelivery delivery) => delivery.TicketId is { } ticket ? string.Format(CultureInfo.CurrentCulture, WebhooksText.OfTicket, ticket) : "";

    private async Task LoadAsync()
    {
        _deliveries = [];
        await MoreAsync();
    }

    private async Task MoreAsync()
    {
        var older = await queries.DeliveriesAsync(WebhookId, _state, _deliveries is [.., var last] ? last.Id : null, Page, await Admin.GetAsync(authentication), _closed.Token) ?? [];
        _deliveries = [.. _deliveries ?? [], .. older];
        _hasMore = older.Count == Page;
    }

    /// <summary>Whoever reads further down is left in peace.</summary>
    private async Task LookAsync()
    {
        var state = _state;
        var newest = await queries.DeliveriesAsync(WebhookId, state, null, Page, await Admin.GetAsync(authentication), _closed.Token) ?? [];
        if (state == _state && _deliveries is not { Count: > Page })
        {
            (_deliveries, _hasMore) = ([.. newest], newest.Count == Page);
        }
    }

    private Task FilterAsync(WebhookDeliveryState? state)
    {
        (_state, _said) = (state, null);
        return LoadAsync();
    }

    private async Task ReplayAsync(WebhookDelivery delivery) => await SayAsync(
        await replay.OneAsync(WebhookId, delivery.Id, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token) ? 1 : 0);

    private async Task ReplayParkedAsync() => await SayAsync(await replay.ParkedAsync(WebhookId, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token));

    private async Task ReplayRangeAsync() => await SayAsync(await replay.RangeAsync(WebhookId, _since ?? 0, _until, await Admin.GetAsync(authentication), Admin.Origin, _closed.Token));

    private async Task SayAsync(int? count)
    {
        _said = string.Format(CultureInfo.CurrentCulture, WebhooksText.GoesAgain, count ?? 0);
        await LoadAsync();
        await OnReplayed.InvokeAsync();
    }
}
