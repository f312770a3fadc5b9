using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>What the model has learned here and how often it was right.</summary>
public sealed partial class ModelPanel(SpamModelStates states, SpamLearning learning, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private const int ShownWeeks = 26;

    private readonly CancellationTokenSource _closed = new();
    private SpamModelState? _state;
    private List<(DateOnly Monday, ModelWeek? Week)> _weeks = [];
    private bool _asks;

    private string ChartWords => SpamText.ChartAbout + " " + string.Join("; ", _weeks.Select(week => week.Week).OfType<ModelWeek>().Select(WeekWords));

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private static string Day(DateOnly monday) => monday.ToString("d MMM yyyy", CultureInfo.CurrentCulture);

    private static string RightWords(SpamModelState state)
    {
        var (right, judged) = (state.SpamAsSpam + state.CleanAsClean, state.Weeks.Sum(week => week.Lessons));
        return SpamWords.Words(SpamText.RightOf, right, judged, judged == 0 ? 0 : Math.Round(100.0 * right / judged));
    }

    private static string Height(ModelWeek week) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * week.Right / week.Lessons:0}%");

    private static string WeekWords(ModelWeek week) => SpamWords.Words(SpamText.WeekWords, week.Week.ToString("d", CultureInfo.CurrentCulture), week.Right, week.Lessons);

    private async Task ResetAsync()
    {
        await learning.ResetAsync(await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        _asks = false;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _state = await states.FindAsync(_closed.Token);
        _weeks = [];
        if (_state.Weeks is [.., var last])
        {
            var known = _state.Weeks.ToDictionary(week => week.Week);
            var first = last.Week.AddDays(-7 * (ShownWeeks - 1));
            for (var monday = _state.Weeks[0].Week > first ? _state.Weeks[0].Week : first; monday <= last.Week; monday = monday.AddDays(7))
            {
                _weeks.Add((monday, known.GetValueOrDefault(monday))); // weeks without lessons have their place too
            }
        }
    }
}
