using System.Linq.Expressions;
using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>The fields by which tickets can be found and ordered.</summary>
internal static class TicketFields
{
    /// <summary>Full text, which is no field.</summary>
    public const string Text = "q";

    public const string Tag = "tagId";
    public const string Sender = "from";
    public const string External = "externalTicketId";
    public const string Contract = "contractId";

    public const string Number = "a whole number";
    public const string Instant = "an instant: ISO 8601, YYYY-MM-DD HH:MM:SS in UTC, or Unix seconds";

    private static readonly TicketField[] s_columns =
    [
        new TicketField<long>("id", true, t => t.Id, FieldReading.Number, Number),
        new TicketField<long>("subchannelId", false, t => t.MailboxId, FieldReading.Number, Number),
        Words("status", t => t.Status, TicketWords.Statuses, OfStatus),
        OptionalWords("spamStatus", t => t.SpamStatus, TicketWords.SpamStatuses),
        new TicketField<long?>("assignee", false, t => t.AssigneeId, FieldReading.OptionalNumber, Number + ", or null"),
        new TicketField<string>("subject", false, t => t.Subject, FieldReading.Text, "text"),
        new TicketField<int>("priority", true, TicketOrder.Priority, FieldReading.Rank, string.Join(", ", TicketWords.Priorities.Keys)),
        Words("folder", t => t.Place, TicketWords.Places),
        new TicketField<string>("summary", false, t => t.Snippet, FieldReading.Text, "text"),
        new TicketField<long>("channelId", false, t => t.MailboxId, FieldReading.Number, Number),
        Words("aiSupportLevel", t => t.AiSupportLevel, TicketWords.SupportLevels),
        new TicketField<DateTimeOffset?>("firstResponseDueBy", true, t => t.FirstResponseDueBy, FieldReading.OptionalInstant, Instant + ", or null"),
        new TicketField<DateTimeOffset?>("dueBy", true, t => t.DueBy, FieldReading.OptionalInstant, Instant + ", or null"),
        new TicketField<DateTimeOffset>("createdAt", true, t => t.CreatedAt, FieldReading.Instant, Instant),
        new TicketField<DateTimeOffset>("lastMessageAt", true, t => t.LastMessageAt, FieldReading.Instant, Instant),
        new TicketField<DateTimeOffset?>("snoozedUntil", true, t => t.SnoozedUntil, FieldReading.OptionalInstant, Instant + ", or null"),
        new TicketField<int>("messageCount", true, t => t.MessageCount, FieldReading.Int, Number),
        new TicketField<int>("unreadCount", true, t => t.UnreadCount, FieldReading.Int, Number),
    ];

    /// <summary>All that a condition may name.</summary>
    public static IEnumerable<string> Names => s_columns.Select(column => column.Name).Concat(LinkedFields.Names).Append(Tag).Append(Sender).Append(External).Append(Contract).Append(Text);

    public static TicketField? Find(string key, EnneoDbContext db, long ownerId) => key switch
    {
        Tag => new RowField<long>(Tag, FieldReading.Number, Number, ids => t => db.TicketTags.Any(g => g.TicketId == t.Id && ids.Contains(g.TagId) && !g.IsTakenOff), t => db.TicketTags.Any(g => g.TicketId == t.Id && !g.IsTakenOff)),
        Sender => new RowField<string>(Sender, FieldReading.Address, "an address", addresses => t => db.TicketParticipants.Any(p => p.TicketId == t.Id && p.HasWritten && addresses.Contains(p.Address)), t => db.TicketParticipants.Any(p => p.TicketId == t.Id && p.HasWritten)),
        External => new RowField<string>(External, FieldReading.Text, "text", ids => t => db.Set<ExternalTicket>().Any(e => e.TicketId == t.Id && e.OwnerId == ownerId && ids.Contains(e.ExternalId)), t => db.Set<ExternalTicket>().Any(e => e.TicketId == t.Id && e.OwnerId == ownerId)),
        Contract => new RowField<string>(Contract, FieldReading.Text, "text", ids => t => db.Set<TicketFacts>().Any(f => f.TicketId == t.Id && f.ContractId != null && ids.Contains(f.ContractId)), t => db.Set<TicketFacts>().Any(f => f.TicketId == t.Id && f.ContractId != null)),
        _ => Array.Find(s_columns, column => column.Name == key) ?? LinkedFields.Find(key, db),
    };

    /// <summary>A field whose values are words of the API.</summary>
    public static TicketField<T> Words<T>(
        string name, Expression<Func<Ticket, T>> column, IReadOnlyDictionary<string, T> words, Func<IReadOnlyList<T>, Expression<Func<Ticket, bool>>?>? implies = null)
    {
        FieldReading<T> read = (JsonElement json, out T value) => FieldValue.TryWord(json, words, out value);
        return new(name, false, column, read, string.Join(", ", words.Keys)) { Implies = implies };
    }

    /// <summary>One that may be null too.</summary>
    public static TicketField<T?> OptionalWords<T>(string name, Expression<Func<Ticket, T?>> column, IReadOnlyDictionary<string, T> words)
        where T : struct => new(name, false, column, FieldReading.OptionalWord(words), string.Join(", ", words.Keys) + ", null");

    /// <summary>Most tickets of an old store are closed: what is not is found without looking at them. What is closed is nearly all of them, and no index helps.</summary>
    private static Expression<Func<Ticket, bool>>? OfStatus(IReadOnlyList<TicketStatus> statuses)
    {
        var isClosed = false;
        return statuses.Contains(TicketStatus.Closed) ? null : t => t.IsClosed == isClosed; // a value, not "NOT IsClosed", which no index knows
    }
}
