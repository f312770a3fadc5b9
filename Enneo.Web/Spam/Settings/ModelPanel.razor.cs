using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Spam.Settings;

/// <summary>What the model has learned here and how often it was right.</summary>
public sealed partial class ModelPanel(SpamModelStates states, SpamLearning learning, AuthenticationStateProvider authentication) : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private SpamModelState? _state;
    private bool _asks;

    private string ChartWords => SpamText.ChartAbout + " " + string.Join("; ", _state!.Weeks.TakeLast(26).Select(WeekWords));

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    protected override async Task OnInitializedAsync() => _state = await states.FindAsync(_closed.Token);

    private static string Height(ModelWeek week) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * week.Right / week.Lessons:0}%");

    private static string WeekWords(ModelWeek week) => SpamWords.Words(SpamText.WeekWords, week.Week.ToString("d", CultureInfo.CurrentCulture), week.Right, week.Lessons);

    private async Task ResetAsync()
    {
        await learning.ResetAsync(await Admin.GetAsync(authentication), Admin.Origin, _closed.Token);
        (_state, _asks) = (await states.FindAsync(_closed.Token), false);
    }
}
