using System.Globalization;
using System.Text;
using Enneo.Core.Integrations.Hooks;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Hooks;

/// <summary>What each field is made of, and at once what that is for a call that came before.</summary>
public sealed partial class HookMappingTable : ComponentBase
{
    private HookPayload? _payload;
    private HookMapping? _tried;
    private string? _sample;

    [Parameter, EditorRequired]
    public required HookDraft Draft { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<HookCall> Received { get; set; }

    /// <summary>By field.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string[]> Problems { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

    protected override void OnParametersSet()
    {
        if (string.IsNullOrWhiteSpace(_sample) && Received is [var newest, ..])
        {
            _sample = newest.Body;
        }

        Try();
    }

    private static string Example(string name) => name switch
    {
        HookFields.ExternalTicket => "$.issue.id",
        HookFields.From => "$.sender.email",
        HookFields.Subject => "Build {{$.number}} failed",
        HookFields.Tags => "$.labels[*].name",
        _ => "",
    };

    private string[]? Problem(string field) => Problems.GetValueOrDefault(field);

    private void Set(string name, object? value)
    {
        Draft.Fields[name] = value as string ?? "";
        Try();
    }

    private void Take(ChangeEventArgs change)
    {
        _sample = long.TryParse(change.Value as string, CultureInfo.InvariantCulture, out var id) ? Received.FirstOrDefault(call => call.Id == id)?.Body : _sample;
        Try();
    }

    private void Try()
    {
        _payload = string.IsNullOrWhiteSpace(_sample) ? null : HookPayload.Parse(Encoding.UTF8.GetBytes(_sample));
        _tried = _payload is null ? null : HookMapping.Of(Draft.ToInput(), _payload);
    }
}
