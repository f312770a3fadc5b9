using Enneo.Core.Automations;
using Enneo.Core.Tickets;
using Enneo.Web.Tags;

namespace Enneo.Web.Automations;

/// <summary>An action while it is being edited.</summary>
public sealed class ActionDraft
{
    public AutomationActionKind Kind { get; set; }
    public long? TagId { get; set; }
    public long? PersonId { get; set; }
    public TicketStatus Status { get; set; } = TicketStatus.Closed;
    public TicketPriority Priority { get; set; } = TicketPriority.High;
    public string Text { get; set; } = "";

    /// <summary>Null for a text of its own.</summary>
    public long? TemplateId { get; set; }

    public static ActionDraft Of(AutomationAction action) => new()
    {
        Kind = action.Kind,
        TagId = action.TagId,
        PersonId = action.PersonId,
        Status = action.Status ?? TicketStatus.Closed,
        Priority = action.Priority ?? TicketPriority.High,
        Text = action.Text ?? "",
        TemplateId = action.TemplateId,
    };

    public AutomationAction ToAction() => Kind switch
    {
        AutomationActionKind.Tag or AutomationActionKind.Untag => new(Kind) { TagId = TagId },
        AutomationActionKind.Assign => new(Kind) { PersonId = PersonId },
        AutomationActionKind.Status => new(Kind) { Status = Status },
        AutomationActionKind.Priority => new(Kind) { Priority = Priority },
        _ => TemplateId is { } template ? new(Kind) { TemplateId = template } : new(Kind) { Text = Text },
    };
}

/// <summary>An automation while it is being edited.</summary>
public sealed class AutomationDraft
{
    public string Name { get; set; } = "";
    public bool IsEnabled { get; set; }
    public IReadOnlyCollection<long> MailboxIds { get; set; } = [];
    public GroupDraft Conditions { get; private init; } = new();
    public List<ActionDraft> Actions { get; } = [];

    public static AutomationDraft Of(Automation automation)
    {
        AutomationDraft draft = new()
        {
            Name = automation.Name,
            IsEnabled = automation.IsEnabled,
            MailboxIds = automation.MailboxIds,
            Conditions = GroupDraft.Of(automation.Conditions),
        };
        draft.Actions.AddRange(automation.Actions.Select(ActionDraft.Of));
        return draft;
    }

    public AutomationInput ToInput() => new()
    {
        Name = Name,
        IsEnabled = IsEnabled,
        MailboxIds = [.. MailboxIds],
        Conditions = Conditions.ToGroup(),
        Actions = [.. Actions.Select(action => action.ToAction())],
    };
}
