using System.Linq.Expressions;
using System.Text.Json;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Search;

/// <summary>A field of which a ticket may have several values, each in a row of another table.</summary>
/// <param name="hasAny">Whether a ticket has one of some values.</param>
internal sealed class RowField<T>(string name, FieldReading<T> read, string expected, Func<List<T>, Expression<Func<Ticket, bool>>> hasAny)
    : TicketField(name, Discrete)
{
    protected override ReadCondition Read(TicketComparator comparator, TicketCondition condition)
    {
        var isMany = comparator is TicketComparator.In or TicketComparator.NotIn;
        IReadOnlyList<JsonElement> given = isMany ? condition.Values ?? [] : condition.Value is { } one ? [one] : [];
        var at = isMany ? "values" : "value";
        if (given.Count is 0 or > MostValues)
        {
            return ReadCondition.Wrong(at, isMany ? Say(IntegrationText.ValuesNeeded, MostValues) : Say(IntegrationText.ValueWrong, Name, expected));
        }

        List<T> wanted = new(given.Count);
        foreach (var json in given)
        {
            if (!read(json, out var value))
            {
                return ReadCondition.Wrong(at, Say(IntegrationText.ValueWrong, Name, expected));
            }

            wanted.Add(value);
        }

        var has = hasAny(wanted);
        return comparator is TicketComparator.Equal or TicketComparator.In
            ? new(has)
            : new(Expression.Lambda<Func<Ticket, bool>>(Expression.Not(has.Body), has.Parameters));
    }
}
