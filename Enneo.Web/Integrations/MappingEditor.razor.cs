using System.Globalization;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Integrations;

/// <summary>What the values of a field are called here and there: a row each, or as text.</summary>
public sealed partial class MappingEditor : ComponentBase
{
    private readonly Dictionary<PairDraft, ElementReference> _fields = [];
    private ElementReference _add;
    private PairDraft? _added;
    private bool _removed;
    private string? _wrong;

    [Parameter, EditorRequired]
    public required RuleDraft Rule { get; set; }

    private string Title => string.Format(CultureInfo.CurrentCulture, IntegrationsText.ValuesOf, IntegrationWords.Of(Rule.Field));

    /// <summary>What a value here may be; null for what anybody may name.</summary>
    private IReadOnlyCollection<string>? Known => Rule.Field switch
    {
        SyncedField.Status => [.. TicketWords.Statuses.Keys],
        SyncedField.Priority => [.. TicketWords.Priorities.Keys],
        _ => null,
    };

    /// <summary>Who adds a row goes on writing in it; who removes one is not left without a place.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var (added, removed) = (_added, _removed);
        (_added, _removed) = (null, false);
        if (added is not null && _fields.TryGetValue(added, out var field))
        {
            await field.FocusAsync();
        }
        else if (removed)
        {
            await _add.FocusAsync();
        }
    }

    private void Add()
    {
        _added = new PairDraft();
        Rule.Rows.Add(_added);
    }

    private void Remove(PairDraft row)
    {
        _removed = true;
        Rule.Rows.Remove(row);
        _fields.Remove(row);
    }

    private void ShowRows() => _wrong = Rule.ShowRows();

    private static string InRow(string what, int index) => string.Format(CultureInfo.CurrentCulture, IntegrationsText.InRow, what, index + 1);
}
