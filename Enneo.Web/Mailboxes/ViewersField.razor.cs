using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>Who sees a mailbox: all agents, or those that are ticked. Admins do anyway.</summary>
public sealed partial class ViewersField : ComponentBase
{
    private bool _chooses;

    [Parameter, EditorRequired]
    public required IReadOnlyList<Person> People { get; set; }

    /// <summary>Their addresses; null for all agents.</summary>
    [Parameter]
    public IReadOnlyList<string>? Value { get; set; }

    [Parameter]
    public EventCallback<IReadOnlyList<string>?> ValueChanged { get; set; }

    [Parameter]
    public IReadOnlyList<string> Errors { get; set; } = [];

    private List<Person> Agents => [.. People.Where(person => !person.IsAdmin)];

    protected override void OnInitialized() => _chooses = Value is not null && !Agents.TrueForAll(Sees);

    private bool Sees(Person agent) => Value?.Contains(agent.Email, StringComparer.OrdinalIgnoreCase) ?? true;

    private Task AllAsync()
    {
        _chooses = false;
        return ValueChanged.InvokeAsync(Value is null ? null : Addresses(_ => true));
    }

    private Task ChooseAsync()
    {
        _chooses = true;
        return ValueChanged.InvokeAsync(Addresses(Sees));
    }

    private Task SetAsync(Person agent, bool sees) => ValueChanged.InvokeAsync(Addresses(other => other.Id == agent.Id ? sees : Sees(other)));

    private List<string> Addresses(Func<Person, bool> which) => [.. Agents.Where(which).Select(agent => agent.Email)];
}
