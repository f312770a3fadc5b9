using System.Globalization;
using Enneo.Core.Mailboxes;
using Enneo.Core.Templates;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Templates;

/// <summary>Name, text and mailboxes of a template.</summary>
public sealed partial class TemplateForm : ComponentBase
{
    private bool _asked;

    [Parameter, EditorRequired]
    public required TemplateDraft Draft { get; set; }

    /// <summary>Null for a new one.</summary>
    [Parameter]
    public long? TemplateId { get; set; }

    private bool IsNew => TemplateId is null;

    [Parameter, EditorRequired]
    public required IReadOnlyList<MailboxListing> Mailboxes { get; set; }

    /// <summary>By field.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyDictionary<string, string[]> Problems { get; set; }

    /// <summary>That it was saved.</summary>
    [Parameter]
    public string? Said { get; set; }

    [Parameter]
    public bool Busy { get; set; }

    [Parameter]
    public EventCallback OnSave { get; set; }

    [Parameter]
    public EventCallback OnRemove { get; set; }

    private static string TextHelp => string.Format(CultureInfo.CurrentCulture, TemplatesText.TextHelp, string.Join(", ", Placeholders.Known.Select(name => $"{{{{{name}}}}}")));

    private string[]? Problem(string field) => Problems.GetValueOrDefault(field);

    private void Choose(long mailboxId, bool isChosen) => _ = isChosen ? Draft.MailboxIds.Add(mailboxId) : Draft.MailboxIds.Remove(mailboxId);
}
