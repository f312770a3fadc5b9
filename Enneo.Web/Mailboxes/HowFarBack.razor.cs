using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>From when on mail is fetched: all of it, a usual span before today, or a day.</summary>
public sealed partial class HowFarBack(TimeProvider clock) : ComponentBase
{
    private Choice _choice;

    private enum Choice
    {
        All,
        Year,
        Quarter,
        Day,
    }

    /// <summary>A day as yyyy-MM-dd, or empty.</summary>
    [Parameter, EditorRequired]
    public required string Since { get; set; }

    [Parameter]
    public EventCallback<string> SinceChanged { get; set; }

    [Parameter]
    public IReadOnlyList<string> Errors { get; set; } = [];

    [Parameter]
    public EventCallback<string> OnLeft { get; set; }

    protected override void OnInitialized() => _choice = Since.Length == 0 ? Choice.All : Choice.Day;

    private Task ChooseAsync(ChangeEventArgs change)
    {
        _choice = Enum.TryParse<Choice>(change.Value?.ToString(), out var choice) ? choice : Choice.All;
        var today = clock.GetUtcNow().UtcDateTime.Date;
        return TypeAsync(_choice switch
        {
            Choice.All => "",
            Choice.Year => Day(today.AddYears(-1)),
            Choice.Quarter => Day(today.AddMonths(-3)),
            _ => Since.Length > 0 ? Since : Day(today),
        });
    }

    private Task TypeAsync(string day) => SinceChanged.InvokeAsync(day);

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
