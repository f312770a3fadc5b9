using System.Linq.Expressions;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>Fields of a ticket that stand in other tables: those of the mail that it began with, and what became of it.</summary>
internal static class LinkedFields
{
    private static readonly Dictionary<string, Func<string, EnneoDbContext, TicketField>> s_fields = new()
    {
        ["direction"] = (name, db) => TicketFields.Words(name, First(db, m => (MessageDirection?)m.Direction), TicketWords.Directions.ToDictionary(pair => pair.Key, pair => (MessageDirection?)pair.Value)),
        ["fromName"] = (name, db) => new TicketField<string?>(name, false, First<string?>(db, m => m.FromName), FieldReading.OptionalText, "text"),
        ["languageCode"] = (name, db) => new TicketField<string?>(name, false, First(db, m => m.Language == "" ? null : m.Language), FieldReading.OptionalText, "a code such as de, or null"),
        ["language"] = (name, db) => new TicketField<string?>(name, false, First(db, m => m.Language == "" ? null : m.Language), FieldReading.Language, "a language in English such as German, or null"),
        ["sentiment"] = (name, db) => TicketFields.OptionalWords(
            name,
            t => db.Messages.Where(m => m.TicketId == t.Id).Join(db.MailAnalyses, m => m.Id, a => a.MessageId, (m, a) => a).Where(a => a.Sentiment != null).OrderByDescending(a => a.MessageId).Select(a => a.Sentiment).FirstOrDefault(),
            TicketWords.Sentiments),
        ["isCustomerActive"] = (name, db) => new TicketField<bool>(
            name,
            false,
            t => db.Messages.Where(m => m.TicketId == t.Id && m.Direction != MessageDirection.Internal && m.Automatic == AutomaticKind.None)
                .OrderByDescending(m => m.ReceivedAt).ThenByDescending(m => m.Id).Select(m => (bool?)(m.Direction == MessageDirection.In)).FirstOrDefault() == true,
            FieldReading.Bool,
            "true, false"),
        ["interface"] = (name, db) => TicketFields.OptionalWords(name, t => db.Mailboxes.Where(m => m.Id == t.MailboxId).Select(m => (MailboxMethod?)m.Method).FirstOrDefault(), TicketWords.Methods),
        ["channel"] = (name, db) => TicketFields.OptionalWords(
            name, t => db.Set<TicketFacts>().Where(f => f.TicketId == t.Id).Select(f => f.Channel).FirstOrDefault() ?? TicketChannel.Email, TicketWords.Channels),
        ["autoExecuteAt"] = (name, db) => Instant(name, t => db.Outbox.Where(o => o.TicketId == t.Id && o.AuthorId == 0 && o.State == DeliveryState.Queued).Min(o => (DateTimeOffset?)o.NextAttemptAt)),
        ["closedAt"] = (name, db) => Instant(
            name,
            t => t.Status != TicketStatus.Closed ? null : db.Activity.Where(e => e.TicketId == t.Id && e.Kind == ActivityKind.TicketStatusChanged)
                .OrderByDescending(e => e.Sequence).Select(e => (DateTimeOffset?)e.At).FirstOrDefault()),
        ["modifiedAt"] = (name, db) => Instant(
            name,
            t => db.Activity.Where(e => e.TicketId == t.Id && e.At > t.LastMessageAt).OrderByDescending(e => e.Sequence).Select(e => (DateTimeOffset?)e.At).FirstOrDefault() ?? t.LastMessageAt),
    };

    public static IEnumerable<string> Names => s_fields.Keys;

    public static TicketField? Find(string name, EnneoDbContext db) => s_fields.TryGetValue(name, out var field) ? field(name, db) : null;

    private static TicketField<DateTimeOffset?> Instant(string name, Expression<Func<Ticket, DateTimeOffset?>> column) =>
        new(name, true, column, FieldReading.OptionalInstant, TicketFields.Instant + ", or null");

    /// <summary>Something of the message that the ticket began with.</summary>
    private static Expression<Func<Ticket, T>> First<T>(EnneoDbContext db, Expression<Func<Message, T>> value)
    {
        Expression<Func<Ticket, IQueryable<Message>>> messages = t => db.Messages.Where(m => m.TicketId == t.Id).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id);
        var values = Expression.Call(typeof(Queryable), nameof(Queryable.Select), [typeof(Message), typeof(T)], messages.Body, Expression.Quote(value));
        return Expression.Lambda<Func<Ticket, T>>(Expression.Call(typeof(Queryable), nameof(Queryable.FirstOrDefault), [typeof(T)], values), messages.Parameters);
    }
}
