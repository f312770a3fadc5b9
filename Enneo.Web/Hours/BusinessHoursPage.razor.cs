using System.Globalization;
using Enneo.Core.Hours;
using Enneo.Web.Identity;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Enneo.Web.Hours;

/// <summary>Settings → Business hours: when mail is worked on, by which the time to answer is counted.</summary>
public sealed partial class BusinessHoursPage(
    BusinessHoursEditing editing, AuthenticationStateProvider authentication, BrowserTime time, IJSRuntime js, TimeProvider clock) : ComponentBase, IDisposable
{
    private const int HoursShown = 8;

    private static readonly IReadOnlyDictionary<string, string[]> s_noProblems = new Dictionary<string, string[]>();

    private static readonly string[] s_zones = [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Order(StringComparer.Ordinal)];

    private readonly CancellationTokenSource _closed = new();
    private BusinessHoursDraft? _draft;
    private IReadOnlyDictionary<string, string[]> _problems = s_noProblems;
    private DateOnly? _holiday;
    private string? _said;
    private bool _busy;

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _draft = BusinessHoursDraft.Of(await editing.FindAsync(_closed.Token));

    private static string Named(string format, string name) => string.Format(CultureInfo.CurrentCulture, format, name);

    /// <summary>Whoever says for the first time when they work is offered what is usual where they sit.</summary>
    private async Task SetAlwaysAsync(bool isAlwaysOpen)
    {
        _draft!.IsAlwaysOpen = isAlwaysOpen;
        if (!isAlwaysOpen && !_draft.Days.Any(day => day.IsOpen))
        {
            await time.AskAsync(js, _closed.Token);
            _draft.Propose(time.Zone.Id);
        }
    }

    private void AddHoliday()
    {
        if (_holiday is { } day)
        {
            _draft!.Holidays.Add(day);
            _holiday = null;
        }
    }

    private async Task SaveAsync()
    {
        (_busy, _said, _problems) = (true, null, s_noProblems);
        try
        {
            _problems = await editing.SaveAsync(_draft!.ToHours(), await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
            if (_problems.Count == 0)
            {
                var saved = await editing.FindAsync(_closed.Token);
                _draft = BusinessHoursDraft.Of(saved);
                await time.AskAsync(js, _closed.Token);
                _said = string.Format(CultureInfo.CurrentCulture, HoursWords.Saved, HoursShown, time.Full(saved.Add(clock.GetUtcNow(), HoursShown)));
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
