using Enneo.Core.Messages;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations;

/// <summary>What programs call the states of tickets.</summary>
public static class TicketWords
{
    public static readonly IReadOnlyDictionary<string, TicketStatus> Statuses = new Dictionary<string, TicketStatus>
    {
        ["open"] = TicketStatus.Open,
        ["pending"] = TicketStatus.Pending,
        ["closed"] = TicketStatus.Closed,
    };

    public static readonly IReadOnlyDictionary<string, SpamStatus> SpamStatuses = new Dictionary<string, SpamStatus>
    {
        ["auto_clean"] = SpamStatus.AutoClean,
        ["auto_spam"] = SpamStatus.AutoSpam,
        ["auto_programmatic"] = SpamStatus.AutoProgrammatic,
        ["manual_clean"] = SpamStatus.ManualClean,
        ["manual_spam"] = SpamStatus.ManualSpam,
    };

    public static readonly IReadOnlyDictionary<string, TicketPriority> Priorities = new Dictionary<string, TicketPriority>
    {
        ["low"] = TicketPriority.Low,
        ["medium"] = TicketPriority.Medium,
        ["high"] = TicketPriority.High,
        ["urgent"] = TicketPriority.Urgent,
    };

    public static readonly IReadOnlyDictionary<string, AiSupportLevel> SupportLevels = new Dictionary<string, AiSupportLevel>
    {
        ["unprocessed"] = AiSupportLevel.Unprocessed,
        ["human"] = AiSupportLevel.Human,
        ["bot"] = AiSupportLevel.Bot,
        ["automated"] = AiSupportLevel.Automated,
    };

    public static string Of(MessageDirection direction) => direction switch
    {
        MessageDirection.Out => "out",
        MessageDirection.Internal => "internal",
        _ => "in",
    };

    public static string Of(TicketStatus status) => Statuses.First(pair => pair.Value == status).Key;

    public static string Of(TicketPriority priority) => Priorities.First(pair => pair.Value == priority).Key;

    public static string Of(AiSupportLevel level) => SupportLevels.First(pair => pair.Value == level).Key;

    /// <returns>Null for what was not judged.</returns>
    public static string? Of(SpamStatus? status) => status is { } known ? SpamStatuses.First(pair => pair.Value == known).Key : null;
}
