using Enneo.Core.Automations;

namespace Enneo.Web.Automations;

/// <summary>Automations in words.</summary>
internal static class AutomationWords
{
    public static string Kind(AutomationActionKind kind) => kind switch
    {
        AutomationActionKind.Tag => AutomationsText.Tag,
        AutomationActionKind.Untag => AutomationsText.Untag,
        AutomationActionKind.Assign => AutomationsText.Assign,
        AutomationActionKind.Status => AutomationsText.SetStatus,
        AutomationActionKind.Priority => AutomationsText.SetPriority,
        AutomationActionKind.Note => AutomationsText.WriteNote,
        _ => AutomationsText.Answer,
    };

    /// <param name="kind">As a run wrote it down.</param>
    public static string Kind(string kind) => Enum.TryParse<AutomationActionKind>(kind, out var known) ? Kind(known) : kind;
}
