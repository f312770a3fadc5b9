using System.Globalization;
using System.Linq.Expressions;
using System.Text.Json;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>A condition as the database is asked, or what is wrong with it.</summary>
/// <param name="At">The part of the condition that is wrong, such as <c>value</c>.</param>
internal sealed record ReadCondition(Expression<Func<Ticket, bool>>? Holds, string? At = null, string? Problem = null)
{
    /// <summary>There may be more for which it holds than were looked for.</summary>
    public bool IsPartial { get; init; }

    /// <summary>What follows from it, where an index knows that and not the condition.</summary>
    public Expression<Func<Ticket, bool>>? Implied { get; init; }

    public static ReadCondition Wrong(string at, string problem) => new(null, at, problem);
}

/// <summary>A field of tickets by which they can be found.</summary>
internal abstract class TicketField(string name, params TicketComparator[] comparators)
{
    public const int MostValues = 500;

    protected static readonly TicketComparator[] Discrete = [TicketComparator.Equal, TicketComparator.NotEqual, TicketComparator.In, TicketComparator.NotIn];
    protected static readonly TicketComparator[] Ordered =
        [.. Discrete, TicketComparator.Less, TicketComparator.LessOrEqual, TicketComparator.Greater, TicketComparator.GreaterOrEqual, TicketComparator.Between];

    public string Name => name;

    public ReadCondition Read(TicketCondition condition)
    {
        var word = condition.Comparator ?? (condition.Values is not null ? "in" : condition.From is not null || condition.To is not null ? "between" : "=");
        return TicketComparators.Find(word) is { } comparator && comparators.Contains(comparator)
            ? Read(comparator, condition)
            : ReadCondition.Wrong("comparator", Say(IntegrationText.ComparatorUnknown, name, string.Join(", ", comparators.Select(TicketComparators.WordOf))));
    }

    protected abstract ReadCondition Read(TicketComparator comparator, TicketCondition condition);

    protected static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}

/// <summary>A field whose values stand in a column.</summary>
/// <typeparam name="T">Nullable where the column is.</typeparam>
/// <param name="expected">What its values are, in words.</param>
internal sealed class TicketField<T>(string name, bool isOrdered, Expression<Func<Ticket, T>> column, FieldReading<T> read, string expected)
    : TicketField(name, isOrdered ? Ordered : Discrete)
{
    /// <summary>A value that is null and one that is left out are the same here.</summary>
    private static readonly JsonElement s_null = JsonSerializer.SerializeToElement<object?>(null);

    /// <summary>What follows where a ticket has one of some values, and an index knows; null where nothing does.</summary>
    public Func<IReadOnlyList<T>, Expression<Func<Ticket, bool>>?>? Implies { get; init; }

    protected override ReadCondition Read(TicketComparator comparator, TicketCondition condition) => comparator switch
    {
        TicketComparator.In or TicketComparator.NotIn => Among(comparator, condition),
        TicketComparator.Between => Between(condition),
        _ => One(comparator, condition),
    };

    private ReadCondition One(TicketComparator comparator, TicketCondition condition)
    {
        if (!TryRead(condition.Value ?? s_null, out var value))
        {
            return Wrong("value");
        }

        var kind = comparator switch
        {
            TicketComparator.NotEqual => ExpressionType.NotEqual,
            TicketComparator.Less => ExpressionType.LessThan,
            TicketComparator.LessOrEqual => ExpressionType.LessThanOrEqual,
            TicketComparator.Greater => ExpressionType.GreaterThan,
            TicketComparator.GreaterOrEqual => ExpressionType.GreaterThanOrEqual,
            _ => ExpressionType.Equal,
        };
        return value is null && kind is not (ExpressionType.Equal or ExpressionType.NotEqual)
            ? Wrong("value")
            : new(Where(kind, value)) { Implied = kind is ExpressionType.Equal ? Implies?.Invoke([value]) : null };
    }

    private ReadCondition Between(TicketCondition condition)
    {
        if (condition.From is not { } first || !TryRead(first, out var from) || from is null)
        {
            return Wrong("from");
        }

        if (condition.To is not { } last || !TryRead(last, out var to) || to is null)
        {
            return Wrong("to");
        }

        var (low, high) = (Where(ExpressionType.GreaterThanOrEqual, from), Where(ExpressionType.LessThanOrEqual, to));
        return new(Expression.Lambda<Func<Ticket, bool>>(Expression.AndAlso(low.Body, high.Body), column.Parameters));
    }

    private ReadCondition Among(TicketComparator comparator, TicketCondition condition)
    {
        if (condition.Values is not { Count: > 0 and <= MostValues } values)
        {
            return ReadCondition.Wrong("values", Say(IntegrationText.ValuesNeeded, MostValues));
        }

        List<T> wanted = new(values.Count);
        foreach (var json in values)
        {
            if (!TryRead(json, out var value))
            {
                return Wrong("values");
            }

            wanted.Add(value);
        }

        var isAmong = Expression.Call(Expression.Property(Expression.Constant(new Held<List<T>>(wanted)), nameof(Held<>.Value)), nameof(List<>.Contains), null, column.Body);
        var isIn = comparator is TicketComparator.In;
        return new(Expression.Lambda<Func<Ticket, bool>>(isIn ? isAmong : Expression.Not(isAmong), column.Parameters)) { Implied = isIn ? Implies?.Invoke(wanted) : null };
    }

    /// <summary>The value is held by an object, so that the database gets it as a parameter.</summary>
    private Expression<Func<Ticket, bool>> Where(ExpressionType kind, T value) => Expression.Lambda<Func<Ticket, bool>>(
        Expression.MakeBinary(kind, column.Body, Expression.Property(Expression.Constant(new Held<T>(value)), nameof(Held<>.Value))), column.Parameters);

    private bool TryRead(JsonElement json, out T value)
    {
        value = default!;
        return json.ValueKind is JsonValueKind.Null ? default(T) is null : read(json, out value);
    }

    private ReadCondition Wrong(string at) => ReadCondition.Wrong(at, Say(IntegrationText.ValueWrong, Name, expected));
}

internal sealed record Held<T>(T Value);
