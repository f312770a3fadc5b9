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

    private const string Number = "a whole number";
    private const string Instant = "an instant: ISO 8601, YYYY-MM-DD HH:MM:SS in UTC, or Unix seconds";

    private static readonly TicketField[] s_columns =
    [
        new TicketField<long>("id", true, t => t.Id, FieldValue.TryNumber, Number),
        new TicketField<long>("subchannelId", false, t => t.MailboxId, FieldValue.TryNumber, Number),
        Words("status", t => t.Status, TicketWords.Statuses),
        OptionalWords("spamStatus", t => t.SpamStatus, TicketWords.SpamStatuses),
        new TicketField<long?>("assignee", false, t => t.AssigneeId, TryOptional, Number + ", or null"),
        new TicketField<string>("subject", false, t => t.Subject, TryText, "text"),
        Words("priority", t => t.Priority, TicketWords.Priorities),
        Words("aiSupportLevel", t => t.AiSupportLevel, TicketWords.SupportLevels),
        new TicketField<DateTimeOffset?>("firstResponseDueBy", true, t => t.FirstResponseDueBy, TryOptionalInstant, Instant + ", or null"),
        new TicketField<DateTimeOffset?>("dueBy", true, t => t.DueBy, TryOptionalInstant, Instant + ", or null"),
        new TicketField<DateTimeOffset>("createdAt", true, t => t.CreatedAt, FieldValue.TryInstant, Instant),
        new TicketField<DateTimeOffset>("lastMessageAt", true, t => t.LastMessageAt, FieldValue.TryInstant, Instant),
        new TicketField<DateTimeOffset?>("snoozedUntil", true, t => t.SnoozedUntil, TryOptionalInstant, Instant + ", or null"),
        new TicketField<int>("messageCount", true, t => t.MessageCount, TryInt, Number),
        new TicketField<int>("unreadCount", true, t => t.UnreadCount, TryInt, Number),
    ];

    /// <summary>All that a condition may name.</summary>
    public static IEnumerable<string> Names => s_columns.Select(column => column.Name).Append(Tag).Append(Sender).Append(External).Append(Contract).Append(Text);

    public static TicketField? Find(string key, EnneoDbContext db, long ownerId) => key switch
    {
        Tag => new RowField<long>(Tag, FieldValue.TryNumber, Number, ids => t => db.TicketTags.Any(g => g.TicketId == t.Id && ids.Contains(g.TagId) && !g.IsTakenOff)),
        Sender => new RowField<string>(Sender, TryAddress, "an address", addresses => t => db.TicketParticipants.Any(p => p.TicketId == t.Id && p.HasWritten && addresses.Contains(p.Address))),
        External => new RowField<string>(External, TryText, "text", ids => t => db.Set<ExternalTicket>().Any(e => e.TicketId == t.Id && e.OwnerId == ownerId && ids.Contains(e.ExternalId))),
        Contract => new RowField<string>(Contract, TryText, "text", ids => t => db.Set<TicketFacts>().Any(f => f.TicketId == t.Id && f.ContractId != null && ids.Contains(f.ContractId))),
        _ => Array.Find(s_columns, column => column.Name == key),
    };

    private static TicketField<T> Words<T>(string name, Expression<Func<Ticket, T>> column, IReadOnlyDictionary<string, T> words) => new(
        name, false, column, (JsonElement json, out T value) => FieldValue.TryWord(json, words, out value), string.Join(", ", words.Keys));

    private static TicketField<T?> OptionalWords<T>(string name, Expression<Func<Ticket, T?>> column, IReadOnlyDictionary<string, T> words)
        where T : struct => new(
        name,
        false,
        column,
        (JsonElement json, out T? value) =>
        {
            var isWord = FieldValue.TryWord(json, words, out var word);
            value = isWord ? word : null;
            return isWord;
        },
        string.Join(", ", words.Keys) + ", null");

    private static bool TryOptional(JsonElement json, out long? value)
    {
        var isNumber = FieldValue.TryNumber(json, out var number);
        value = isNumber ? number : null;
        return isNumber;
    }

    private static bool TryOptionalInstant(JsonElement json, out DateTimeOffset? value)
    {
        var isInstant = FieldValue.TryInstant(json, out var instant);
        value = isInstant ? instant : null;
        return isInstant;
    }

    private static bool TryInt(JsonElement json, out int value)
    {
        var isNumber = FieldValue.TryNumber(json, out var number) && number is >= int.MinValue and <= int.MaxValue;
        value = isNumber ? (int)number : 0;
        return isNumber;
    }

    private static bool TryText(JsonElement json, out string value)
    {
        value = json.ValueKind is JsonValueKind.String ? json.GetString()! : "";
        return json.ValueKind is JsonValueKind.String;
    }

    private static bool TryAddress(JsonElement json, out string value)
    {
        var isText = TryText(json, out value);
        value = value.Trim().ToLowerInvariant();
        return isText && value.Length > 0;
    }
}
