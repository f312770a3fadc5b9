using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>A label, what is typed or chosen, what is wrong with it, what to know about it.</summary>
public sealed partial class AccountField : ComponentBase
{
    /// <summary>The field in the mailbox object, such as <c>data.imap.host</c>; errors come under this name.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>Called when the field is left.</summary>
    [Parameter]
    public EventCallback<string> OnLeft { get; set; }

    [Parameter]
    public IReadOnlyList<string> Errors { get; set; } = [];

    /// <summary>Value and words of each choice; null for a field to type in.</summary>
    [Parameter]
    public IReadOnlyList<(string Value, string Words)>? Choices { get; set; }

    [Parameter]
    public string? Hint { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    [Parameter]
    public string Type { get; set; } = "text";

    [Parameter]
    public string? InputMode { get; set; }

    [Parameter]
    public string Autocomplete { get; set; } = "off";

    [Parameter]
    public bool Disabled { get; set; }

    private string Id => "account-" + Path.Replace('.', '-');

    private string? DescribedBy => (Errors.Count > 0, Hint) switch
    {
        (true, not null) => $"{Id}-error {Id}-hint",
        (true, null) => $"{Id}-error",
        (false, not null) => $"{Id}-hint",
        _ => null,
    };

    private Task ChangedAsync(ChangeEventArgs change) =>
        ValueChanged.InvokeAsync(Convert.ToString(change.Value, CultureInfo.InvariantCulture) ?? "");

    private Task LeftAsync() => OnLeft.InvokeAsync(Path);
}
