using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;

namespace Enneo.Web.Tags;

/// <summary>Tags and why they were given, in words.</summary>
internal static class TagWords
{
    /// <summary>As the style sheet names it.</summary>
    public static string Colour(TagColour colour) => colour.ToString().ToLowerInvariant();

    public static string Reason(GivenTag given, InboxDirectory directory) => given.Source switch
    {
        TagSource.Person => Say(TagsText.ByPerson, directory.NameOf(given.PersonId) ?? TagsText.Somebody),
        TagSource.Ai => Say(TagsText.ByModel, Percent(given.Reason.Probability), string.Join(", ", given.Reason.Words ?? [])),
        TagSource.Conditions => Say(TagsText.ByConditions, string.Join("; ", (given.Reason.Tests ?? []).Select(test => ConditionWords.Of(test, directory.Tags)))),
        TagSource.Mailbox => TagsText.ByMailbox,
        TagSource.Default => TagsText.ByDefault,
        TagSource.Spam => TagsText.BySpam,
        _ => Say(TagsText.ByAutomation, given.Reason.Automation),
    };

    /// <param name="who">In words, for what a person did.</param>
    public static string History(ActivityEntry entry, string who, JsonDocument changes)
    {
        var names = changes.RootElement.GetProperty("name");
        var isGiven = names[1].ValueKind is JsonValueKind.String;
        var name = names[isGiven ? 1 : 0].GetString();
        return entry.ActorKind is ActorKind.User
            ? Say(isGiven ? TagsText.HistoryGiven : TagsText.HistoryTaken, who, name)
            : Say(isGiven ? TagsText.HistoryFound : TagsText.HistoryGone, name);
    }

    public static string Type(TagType type) => type switch
    {
        TagType.Skill => TagsText.TypeSkill,
        TagType.Brand => TagsText.TypeBrand,
        TagType.Product => TagsText.TypeProduct,
        TagType.CustomerProperty => TagsText.TypeCustomer,
        TagType.ContractProperty => TagsText.TypeContract,
        _ => TagsText.TypeOther,
    };

    public static string Visibility(TagVisibility visibility) => visibility switch
    {
        TagVisibility.Public => TagsText.VisibilityPublic,
        TagVisibility.Private => TagsText.VisibilityPrivate,
        _ => TagsText.VisibilityDisabled,
    };

    public static string Reference(TagReference reference) => reference switch
    {
        TagReference.Ticket => TagsText.ReferenceTicket,
        TagReference.Contract => TagsText.ReferenceContract,
        _ => TagsText.ReferenceCustomer,
    };

    public static string ColourName(TagColour colour) => colour switch
    {
        TagColour.Green => TagsText.Green,
        TagColour.Red => TagsText.Red,
        TagColour.Blue => TagsText.Blue,
        TagColour.Yellow => TagsText.Yellow,
        TagColour.Purple => TagsText.Purple,
        TagColour.Orange => TagsText.Orange,
        TagColour.Teal => TagsText.Teal,
        _ => TagsText.Grey,
    };

    public static string Priority(TicketPriority priority) => priority switch
    {
        TicketPriority.Low => TagsText.PriorityLow,
        TicketPriority.Medium => TagsText.PriorityMedium,
        TicketPriority.High => TagsText.PriorityHigh,
        _ => TagsText.PriorityUrgent,
    };

    public static string Detection(TagDetectionMode mode) => mode switch
    {
        TagDetectionMode.None => TagsText.DetectionNone,
        TagDetectionMode.Ai => TagsText.DetectionAi,
        TagDetectionMode.Conditions => TagsText.DetectionConditions,
        TagDetectionMode.AiAndConditions => TagsText.DetectionAiAndConditions,
        TagDetectionMode.AiOrConditions => TagsText.DetectionAiOrConditions,
        _ => TagsText.DetectionMailbox,
    };

    private static string Percent(double? share) => (share ?? 0).ToString("P0", CultureInfo.CurrentCulture);

    private static string Say(string text, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
