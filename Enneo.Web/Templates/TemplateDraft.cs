using Enneo.Core.Templates;

namespace Enneo.Web.Templates;

/// <summary>A template while it is being edited.</summary>
public sealed class TemplateDraft
{
    public string Name { get; set; } = "";
    public string Text { get; set; } = "";
    public bool HasAllMailboxes { get; set; } = true;
    public HashSet<long> MailboxIds { get; private init; } = [];

    public static TemplateDraft Of(AnswerTemplate template) => new()
    {
        Name = template.Name,
        Text = template.Text,
        HasAllMailboxes = template.MailboxIds.Count == 0,
        MailboxIds = [.. template.MailboxIds],
    };

    /// <returns>Null while no mailbox is chosen.</returns>
    public TemplateInput? ToInput() => !HasAllMailboxes && MailboxIds.Count == 0
        ? null
        : new() { Name = Name, Text = Text, MailboxIds = HasAllMailboxes ? [] : [.. MailboxIds] };
}
