using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>Where a page of a list ended, so that the next one goes on behind it whatever has come meanwhile.</summary>
internal sealed record TicketMark(string Order, bool Ascending, string Key, long Id)
{
    public string ToCursor() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this)).Replace('+', '-').Replace('/', '_');

    /// <returns>Null for what no search gave out.</returns>
    public static TicketMark? Read(string cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<TicketMark>(Encoding.UTF8.GetString(Convert.FromBase64String(cursor.Replace('-', '+').Replace('_', '/'))));
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>The orders in which tickets can be listed; the id decides between equals.</summary>
internal static class TicketOrder
{
    public const string Default = "lastMessageAt";

    /// <summary>From low to urgent.</summary>
    public static readonly Expression<Func<Ticket, int>> Priority =
        t => t.Priority == TicketPriority.Low ? 0 : t.Priority == TicketPriority.Medium ? 1 : t.Priority == TicketPriority.High ? 2 : 3;

    /// <summary>What has no end is behind all that has one.</summary>
    private static readonly DateTimeOffset s_never = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999);

    private static readonly Dictionary<string, Ordering> s_orders = new()
    {
        ["id"] = new Ordering<long>(t => t.Id, row => row.Id, FromNumber),
        ["createdAt"] = new Ordering<DateTimeOffset>(t => t.CreatedAt, row => row.CreatedAt, FromInstant),
        ["lastMessageAt"] = new Ordering<DateTimeOffset>(t => t.LastMessageAt, row => row.LastMessageAt, FromInstant),
        ["subject"] = new Ordering<string>(t => t.Subject, row => row.Subject, text => text),
        ["priority"] = new Ordering<int>(Priority, row => (int)row.Priority, FromInt),
        ["status"] = new Ordering<int>(t => t.Status == TicketStatus.Open ? 0 : t.Status == TicketStatus.Pending ? 1 : 2, row => (int)row.Status, FromInt),
        ["dueBy"] = new Ordering<DateTimeOffset>(t => t.DueBy ?? s_never, row => row.DueBy ?? s_never, FromInstant),
        ["firstResponseDueBy"] = new Ordering<DateTimeOffset>(t => t.FirstResponseDueBy ?? s_never, row => row.FirstResponseDueBy ?? s_never, FromInstant),
        ["snoozedUntil"] = new Ordering<DateTimeOffset>(t => t.SnoozedUntil ?? s_never, row => row.SnoozedUntil ?? s_never, FromInstant),
        ["messageCount"] = new Ordering<int>(t => t.MessageCount, row => row.MessageCount, FromInt),
        ["unreadCount"] = new Ordering<int>(t => t.UnreadCount, row => row.UnreadCount, FromInt),
        ["subchannelId"] = new Ordering<long>(t => t.MailboxId, row => row.MailboxId, FromNumber),
    };

    public static IEnumerable<string> Names => s_orders.Keys;

    /// <returns>Null for what cannot be ordered by.</returns>
    public static Ordering? Find(string? name) => s_orders.GetValueOrDefault(name ?? Default);

    private static long FromNumber(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static int FromInt(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset FromInstant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>One of them.</summary>
internal abstract class Ordering
{
    public abstract IQueryable<Ticket> Order(IQueryable<Ticket> tickets, bool ascending);

    /// <returns>Those behind a mark; null if its key is none of this order.</returns>
    public abstract IQueryable<Ticket>? Behind(IQueryable<Ticket> tickets, TicketMark mark);

    public abstract string KeyOf(TicketRow row);
}

internal sealed class Ordering<T>(Expression<Func<Ticket, T>> column, Func<TicketRow, T> key, Func<string, T> read) : Ordering
    where T : IComparable<T>
{
    public override IQueryable<Ticket> Order(IQueryable<Ticket> tickets, bool ascending) =>
        ascending ? tickets.OrderBy(column).ThenBy(t => t.Id) : tickets.OrderByDescending(column).ThenByDescending(t => t.Id);

    public override IQueryable<Ticket>? Behind(IQueryable<Ticket> tickets, TicketMark mark)
    {
        T value;
        try
        {
            value = read(mark.Key);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentNullException)
        {
            return null;
        }

        var ticket = column.Parameters[0];
        var at = Expression.Property(Expression.Constant(new Held<T>(value)), nameof(Held<>.Value));
        var id = Expression.Property(Expression.Constant(new Held<long>(mark.Id)), nameof(Held<>.Value));
        var kind = mark.Ascending ? ExpressionType.GreaterThan : ExpressionType.LessThan;
        var own = Expression.Property(ticket, nameof(Ticket.Id));
        return tickets.Where(Expression.Lambda<Func<Ticket, bool>>(
            Expression.OrElse(Compared(kind, at), Expression.AndAlso(Expression.Equal(column.Body, at), Expression.MakeBinary(kind, own, id))), ticket));
    }

    public override string KeyOf(TicketRow row) => key(row) is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(key(row), CultureInfo.InvariantCulture)!;

    /// <summary>Texts have no operators of their own.</summary>
    private BinaryExpression Compared(ExpressionType kind, Expression at) => typeof(T) == typeof(string)
        ? Expression.MakeBinary(kind, Expression.Call(typeof(string), nameof(string.Compare), null, column.Body, at), Expression.Constant(0))
        : Expression.MakeBinary(kind, column.Body, at);
}
