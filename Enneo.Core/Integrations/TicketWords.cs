using System.Text.Json;
using Enneo.Core.Analysis;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Mailboxes;
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

    public static readonly IReadOnlyDictionary<string, MessageDirection> Directions = new Dictionary<string, MessageDirection>
    {
        ["in"] = MessageDirection.In,
        ["out"] = MessageDirection.Out,
        ["internal"] = MessageDirection.Internal,
    };

    /// <summary>Where a ticket lies.</summary>
    public static readonly IReadOnlyDictionary<string, TicketPlace> Places = new Dictionary<string, TicketPlace>
    {
        ["inbox"] = TicketPlace.Desk,
        ["junk"] = TicketPlace.Junk,
        ["trash"] = TicketPlace.Trash,
        ["drafts"] = TicketPlace.Drafts,
    };

    public static readonly IReadOnlyDictionary<string, Sentiment> Sentiments = Words<Sentiment>();

    /// <summary>By what a mailbox is reached.</summary>
    public static readonly IReadOnlyDictionary<string, MailboxMethod> Methods = Words<MailboxMethod>();

    public static readonly IReadOnlyDictionary<string, TicketChannel> Channels = Words<TicketChannel>();

    public static string Of(MessageDirection direction) => Directions.First(pair => pair.Value == direction).Key;

    public static string Of(TicketPlace place) => Places.First(pair => pair.Value == place).Key;

    public static string Of(TicketStatus status) => Statuses.First(pair => pair.Value == status).Key;

    public static string Of(TicketPriority priority) => Priorities.First(pair => pair.Value == priority).Key;

    public static string Of(AiSupportLevel level) => SupportLevels.First(pair => pair.Value == level).Key;

    private static Dictionary<string, T> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    /// <returns>Null for what was not judged.</returns>
    public static string? Of(SpamStatus? status) => status is { } known ? SpamStatuses.First(pair => pair.Value == known).Key : null;
}
