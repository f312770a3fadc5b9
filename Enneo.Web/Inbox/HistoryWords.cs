using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Web.Spam;
using Enneo.Web.Tags;

namespace Enneo.Web.Inbox;

/// <summary>An entry of the activity log about a conversation, in words.</summary>
internal static class HistoryWords
{
    public static string Of(Happening happening, InboxDirectory directory, BrowserTime time)
    {
        var entry = happening.Entry;
        using var changes = JsonDocument.Parse(entry.Changes);
        var who = directory.NameOf(entry.ActorUserId) ?? "Enneo";
        return entry.Kind switch
        {
            ActivityKind.TicketStatusChanged => Status(entry, who, Now(changes, "status").GetString()),
            ActivityKind.TicketAssigned => Assigned(entry, who, Number(Now(changes, "assignee")), directory),
            ActivityKind.TicketSnoozed => Snoozed(entry, who, Now(changes, "snoozedUntil"), time),
            ActivityKind.TicketPriorityChanged => Words(InboxText.HistoryPriority, who, Priority(Now(changes, "priority"))),
            ActivityKind.TicketDueChanged when Now(changes, "withheld").ValueKind is JsonValueKind.True => DueKept(who, changes, time),
            ActivityKind.TicketDueChanged => Due(who, Now(changes, "firstResponseDueBy"), Now(changes, "dueBy"), time),
            ActivityKind.NoteRemoved => Words(InboxText.HistoryNoteRemoved, who),
            ActivityKind.NoteAdded => Words(InboxText.HistoryNoteRestored, who),
            ActivityKind.NoteChanged => Words(InboxText.HistoryNoteChanged, who),
            ActivityKind.TicketTagged => TagWords.History(entry, who, changes),
            ActivityKind.TicketsMerged => Words(entry.ActorKind is ActorKind.User ? InboxText.HistoryMerged : InboxText.HistoryJoinedByItself, who),
            ActivityKind.TicketSpamChanged => WithHidden(Spam(entry, who, Now(changes, "spamStatus").GetString(), Now(changes, SpamWhy.Person)), happening.Hidden),
            ActivityKind.SenderUnsubscribed => Words(Now(changes, "outcome").GetString() == nameof(UnsubscribeOutcome.Done) ? SpamText.HistoryUnsubscribed : SpamText.HistoryNotUnsubscribed, who, Now(changes, "sender").GetString()),
            ActivityKind.TicketSplit => Words(InboxText.HistorySplit, who),
            ActivityKind.MessageMoved => Moved(entry.ActorKind is ActorKind.MailServer ? InboxText.AnotherProgram : who, happening.Count, changes, directory),
            ActivityKind.WebhookFailed => NotTold(InboxText.HistoryNotTold, changes),
            ActivityKind.TicketTakenOver => Words(InboxText.HistoryTakenOver, who),
            ActivityKind.MessagesJoined => Words(InboxText.HistoryMessageCame, who),
            ActivityKind.MessagesLeft => Words(InboxText.HistoryMessageWent, who),
            _ => Words(InboxText.HistorySplitOff, who),
        };
    }

    /// <summary>That a conversation began is told by its first message; that it was split off by nobody else. A note tells of itself, unless it was put back.</summary>
    public static bool IsTold(ActivityEntry entry) =>
        entry is not ({ Kind: ActivityKind.TicketCreated, ActorKind: not ActorKind.User } or { Kind: ActivityKind.NoteAdded, Changes: "{}" }) && !IsFoundClean(entry);

    /// <returns>Null for what is not about spam.</returns>
    public static bool? BecomesSpam(ActivityEntry entry)
    {
        if (entry.Kind is not ActivityKind.TicketSpamChanged)
        {
            return null;
        }

        using var changes = JsonDocument.Parse(entry.Changes);
        return Enum.TryParse<SpamStatus>(Now(changes, "spamStatus").ToString(), out var status) && ((SpamStatus?)status).IsSpam();
    }

    /// <summary>Said to whoever made a change that a system which is called at once did not take.</summary>
    public static string Untold(ActivityEntry entry)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return NotTold(InboxText.ChangeNotTold, changes);
    }

    private static string NotTold(string format, JsonDocument changes) => Words(format, Now(changes, "host").GetString(), Problem(Now(changes, "problem"), Now(changes, "status"), Now(changes, "answer")));

    /// <summary>Such as "it answered 422 (Customer is locked)".</summary>
    private static string Problem(JsonElement problem, JsonElement status, JsonElement answer) => (problem.ValueKind, answer.ValueKind) switch
    {
        (JsonValueKind.String, _) => problem.GetString()!,
        (_, JsonValueKind.String) => Words(InboxText.HistoryAnsweredWith, status.ToString(), answer.GetString()),
        _ => Words(InboxText.HistoryAnswered, status.ToString()),
    };

    private static string WithHidden(string words, TimeSpan? hidden) => hidden is { } time ? Words(SpamText.HistoryHidden, words, SpamWords.Of(time)) : words;

    /// <summary>That a new mail was found clean is what everybody expects.</summary>
    private static bool IsFoundClean(ActivityEntry entry)
    {
        if (entry is not { Kind: ActivityKind.TicketSpamChanged, ActorKind: ActorKind.System })
        {
            return false;
        }

        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty("spamStatus", out var status)
            && status[0].ValueKind is JsonValueKind.Null && status[1].ValueKind is JsonValueKind.String && status[1].GetString() == nameof(SpamStatus.AutoClean);
    }

    private static string Status(ActivityEntry entry, string who, string? status) => status switch
    {
        nameof(TicketStatus.Closed) => Words(InboxText.HistoryClosed, who),
        nameof(TicketStatus.Pending) => Words(InboxText.HistoryPending, who),
        _ => entry.ActorKind is ActorKind.User ? Words(InboxText.HistoryOpened, who) : InboxText.HistoryReopenedByReply,
    };

    private static string Spam(ActivityEntry entry, string who, string? status, JsonElement person) => (status, entry.ActorKind) switch
    {
        (nameof(SpamStatus.ManualSpam), ActorKind.MailServer) => SpamText.HistorySpamElsewhere,
        (nameof(SpamStatus.ManualClean), ActorKind.MailServer) => SpamText.HistoryCleanElsewhere,
        (_, ActorKind.User) when person.ValueKind is JsonValueKind.String && person.GetString() is "undo" => Words(SpamText.HistoryWithdrawn, who),
        (nameof(SpamStatus.ManualClean), _) when person.ValueKind is JsonValueKind.String && person.GetString() is "answer" => Words(SpamText.HistoryAnswered, who),
        (nameof(SpamStatus.ManualSpam), _) => Words(SpamText.HistorySpam, who),
        (nameof(SpamStatus.ManualClean), _) => Words(SpamText.HistoryClean, who),
        (nameof(SpamStatus.AutoProgrammatic), ActorKind.MailServer) => SpamText.HistoryJunk,
        (nameof(SpamStatus.AutoSpam) or nameof(SpamStatus.AutoProgrammatic), _) => SpamText.HistoryAutoSpam,
        _ => SpamText.HistoryAutoClean,
    };

    private static string Moved(string who, int count, JsonDocument changes, InboxDirectory directory)
    {
        var folders = changes.RootElement.GetProperty("folders");
        var (before, after) = (Ids(folders[0]), Ids(folders[1]));
        var (from, into) = (Folders(before, except: after, directory), Folders(after, except: before, directory));
        return (from, into) switch
        {
            (_, "") => Words(InboxText.HistoryTakenOut, who, from),
            ("", _) => Words(InboxText.HistoryMovedInto, who, into),
            _ when count > 1 => Words(InboxText.HistoryMovedMany, who, count, from, into),
            _ => Words(InboxText.HistoryMoved, who, from, into),
        };
    }

    private static List<long> Ids(JsonElement ids) => [.. ids.EnumerateArray().Select(id => id.GetInt64())];

    /// <summary>Such as "Inbox, Orders"; what the server has no more has no name any more.</summary>
    /// <param name="except">Where it lay before and after: another program's move shows as a copy first.</param>
    private static string Folders(List<long> ids, List<long> except, InboxDirectory directory) => string.Join(
        ", ", ids.Except(except).DefaultIfEmpty(ids.FirstOrDefault()).Where(id => id > 0).Select(id => directory.Folder(id) is { } folder ? FolderWords.Of(folder) : InboxText.FormerFolder));

    private static string Assigned(ActivityEntry entry, string who, long? assignee, InboxDirectory directory) => assignee switch
    {
        null => Words(InboxText.HistoryUnassigned, who),
        _ when assignee == entry.ActorUserId => Words(InboxText.HistoryTook, who),
        _ => Words(InboxText.HistoryAssigned, who, directory.NameOf(assignee)),
    };

    private static string Snoozed(ActivityEntry entry, string who, JsonElement until, BrowserTime time) => (until.ValueKind, entry.ActorKind) switch
    {
        (JsonValueKind.String, _) => Words(InboxText.HistorySnoozed, who, time.ForThread(until.GetDateTimeOffset())),
        (_, ActorKind.User) => Words(InboxText.HistoryBroughtBack, who),
        (_, ActorKind.MailServer) => InboxText.HistoryWokenByReply,
        _ => InboxText.HistoryCameBack,
    };

    private static string Priority(JsonElement priority) =>
        PriorityMarks.Words(Enum.TryParse<TicketPriority>(priority.GetString(), out var known) ? known : TicketPriority.Medium).ToLower(CultureInfo.CurrentCulture);

    private static string Due(string who, JsonElement first, JsonElement last, BrowserTime time) => (first.ValueKind, last.ValueKind) switch
    {
        (JsonValueKind.String, _) => Words(InboxText.HistoryDue, who, time.ForThread(first.GetDateTimeOffset())),
        (_, JsonValueKind.String) => Words(InboxText.HistoryDue, who, time.ForThread(last.GetDateTimeOffset())),
        _ => Words(InboxText.HistoryDueGone, who),
    };

    /// <summary>Of spam it is kept, and not shown, until it is none any more.</summary>
    private static string DueKept(string who, JsonDocument changes, BrowserTime time) => (Before(changes, "firstResponseDueBy"), Before(changes, "dueBy")) switch
    {
        ({ ValueKind: JsonValueKind.String } first, _) => Words(InboxText.HistoryDueKept, who, time.ForThread(first.GetDateTimeOffset())),
        (_, { ValueKind: JsonValueKind.String } last) => Words(InboxText.HistoryDueKept, who, time.ForThread(last.GetDateTimeOffset())),
        _ => Words(InboxText.HistoryDueGone, who),
    };

    private static JsonElement Before(JsonDocument changes, string field) => changes.RootElement.TryGetProperty(field, out var values) ? values[0] : default;

    private static JsonElement Now(JsonDocument changes, string field) => changes.RootElement.TryGetProperty(field, out var values) ? values[1] : default;

    private static long? Number(JsonElement value) => value.ValueKind is JsonValueKind.Number ? value.GetInt64() : null;

    private static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
