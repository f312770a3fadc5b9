using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace Enneo.Web.Activity;

/// <summary>Settings → Audit log: what decided who gets in and what the installation does, newest first.</summary>
public sealed partial class AuditPage(
    AuditQueries queries,
    Accounts accounts,
    ActorNames actors,
    MailboxQueries mailboxes,
    LiveFeed feed,
    BrowserTime time,
    NavigationManager navigation,
    IJSRuntime script) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly BrowserTime _time = time;
    private AuditNames _names = AuditNames.None;
    private Virtualize<ActivityEntry>? _list;
    private IDisposable? _subscription;
    private AuditFilter? _shown;
    private int? _count;

    [SupplyParameterFromQuery]
    public long? Person { get; set; }

    [SupplyParameterFromQuery]
    public string? Topic { get; set; }

    /// <summary>A day of the reader's calendar, as <c>2026-11-03</c>; inclusive, as <see cref="Until"/>.</summary>
    [SupplyParameterFromQuery]
    public string? Since { get; set; }

    [SupplyParameterFromQuery]
    public string? Until { get; set; }

    private AuditTopic? ChosenTopic => Enum.TryParse<AuditTopic>(Topic, out var topic) && Enum.IsDefined(topic) ? topic : null;

    private AuditFilter Chosen => new(Person, ChosenTopic, Midnight(Since, 0), Midnight(Until, 1));

    private bool IsFiltered => Chosen != new AuditFilter();

    private string FileUrl => navigation.GetUriWithQueryParameters(Urls.AuditLogFile, new Dictionary<string, object?>
    {
        ["person"] = Person,
        ["topic"] = ChosenTopic?.ToString(),
        ["since"] = Chosen.Since?.ToUnixTimeMilliseconds(),
        ["until"] = Chosen.Until?.ToUnixTimeMilliseconds(),
    });

    public void Dispose()
    {
        _subscription?.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _names = await AuditNames.ReadAsync(accounts, actors, mailboxes, _closed.Token);
        if (RendererInfo.IsInteractive)
        {
            _subscription = feed.Subscribe(entries =>
            {
                if (entries.Any(entry => entry.IsAudited))
                {
                    _ = InvokeAsync(RefreshAsync);
                }
            });
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Chosen)
        {
            await ShowAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _time.AskAsync(script, _closed.Token);
            await ShowAsync();
        }
    }

    private async ValueTask<ItemsProviderResult<ActivityEntry>> ReadAsync(ItemsProviderRequest request)
    {
        var filter = Chosen;
        var count = await queries.CountAsync(filter, request.CancellationToken);
        var entries = await queries.PageAsync(filter, request.StartIndex, request.Count, request.CancellationToken);
        if (_count != count)
        {
            _count = count;
            StateHasChanged();
        }

        return new ItemsProviderResult<ActivityEntry>(entries, count);
    }

    private async Task ShowAsync()
    {
        _shown = Chosen;
        if (_list is not null)
        {
            await _list.RefreshDataAsync();
        }

        StateHasChanged();
    }

    private async Task RefreshAsync()
    {
        try
        {
            _names = await AuditNames.ReadAsync(accounts, actors, mailboxes, _closed.Token);
            await ShowAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left meanwhile.
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception); // the page's error boundary shows it
        }
    }

    /// <summary>Null leaves a filter as it is, the empty text takes it away.</summary>
    private void Filter(string? person = null, string? topic = null, string? since = null, string? until = null) =>
        navigation.NavigateTo(navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["person"] = Next(person, Person?.ToString(CultureInfo.InvariantCulture)),
            ["topic"] = Next(topic, Topic),
            ["since"] = Next(since, Since),
            ["until"] = Next(until, Until),
        }));

    private static string? Next(string? chosen, string? present) => chosen is null ? present : chosen.Length == 0 ? null : chosen;

    private static string Text(ChangeEventArgs change) => change.Value?.ToString() ?? "";

    private DateTimeOffset? Midnight(string? day, int daysLater)
    {
        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) || date.Year is < 1971 or > 9000)
        {
            return null;
        }

        var midnight = date.AddDays(daysLater).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, _time.Zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
