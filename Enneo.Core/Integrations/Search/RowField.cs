using System.Linq.Expressions;
using System.Text.Json;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>A field of which a ticket may have several values, each in a row of another table.</summary>
/// <param name="hasAny">Whether a ticket has one of some values.</param>
/// <param name="has">Whether it has any at all: else it is null.</param>
internal sealed class RowField<T>(string name, FieldReading<T> read, string expected, Func<List<T>, Expression<Func<Ticket, bool>>> hasAny, Expression<Func<Ticket, bool>> has)
    : TicketField(name, Discrete)
{
    /// <summary>A value that is null and one that is left out are the same here.</summary>
    private static readonly JsonElement s_null = JsonSerializer.SerializeToElement<object?>(null);

    protected override ReadCondition Read(TicketComparator comparator, TicketCondition condition)
    {
        var isMany = comparator is TicketComparator.In or TicketComparator.NotIn;
        IReadOnlyList<JsonElement> given = isMany ? condition.Values ?? [] : [condition.Value ?? s_null];
        var at = isMany ? "values" : "value";
        if (given.Count is 0 or > MostValues)
        {
            return ReadCondition.Wrong(at, Say(IntegrationText.ValuesNeeded, MostValues));
        }

        var isNull = given.Any(json => json.ValueKind is JsonValueKind.Null);
        List<T> wanted = new(given.Count);
        foreach (var json in given.Where(json => json.ValueKind is not JsonValueKind.Null))
        {
            if (!read(json, out var value))
            {
                return ReadCondition.Wrong(at, Say(IntegrationText.ValueWrong, Name, $"{expected}, or null"));
            }

            wanted.Add(value);
        }

        var ticket = has.Parameters[0];
        var holds = wanted.Count > 0 ? Of(hasAny(wanted), ticket) : Expression.Constant(false);
        holds = isNull ? Expression.OrElse(holds, Expression.Not(has.Body)) : holds;
        return new(Expression.Lambda<Func<Ticket, bool>>(comparator is TicketComparator.Equal or TicketComparator.In ? holds : Expression.Not(holds), ticket));
    }

    private static Expression Of(Expression<Func<Ticket, bool>> condition, ParameterExpression ticket) => new Naming(condition.Parameters[0], ticket).Visit(condition.Body);

    /// <summary>Conditions that are joined speak of the same ticket.</summary>
    private sealed class Naming(ParameterExpression earlier, ParameterExpression now) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == earlier ? now : base.VisitParameter(node);
    }
}
