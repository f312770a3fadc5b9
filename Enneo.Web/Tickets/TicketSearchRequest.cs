using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations.Search;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>One condition: a key, how it is compared (left out: <c>=</c>), and a value, several values, or from and to.</summary>
internal sealed record TicketFilterRequest(string? Key, string? Comparator, JsonElement? Value, IReadOnlyList<JsonElement>? Values, JsonElement? From, JsonElement? To)
{
    public TicketCondition ToCondition() => new(Key!, Comparator, Value, Values, From, To);
}

/// <summary>Which of two directions a list has.</summary>
internal enum ListDirection
{
    Desc,
    Asc,
}

/// <summary>Which tickets are looked at.</summary>
internal enum TicketScope
{
    All,

    /// <summary>What agents work on: without spam and trash.</summary>
    Skills,
}

internal sealed record TicketSearchRequest : IApiRequest<TicketSearchRequest>
{
    private const int DefaultLimit = 50;

    public static IValidator<TicketSearchRequest> Validator { get; } = new Rules();

    /// <summary>1 to 500; 50 where it is left out.</summary>
    public int Limit { get; init; } = DefaultLimit;

    public int Offset { get; init; }

    /// <summary>In place of an offset: the nextCursor of the page before, in the same order.</summary>
    public string? Cursor { get; init; }

    /// <summary>id, createdAt, lastMessageAt, subject, priority, status, dueBy, firstResponseDueBy, snoozedUntil, messageCount, unreadCount or subchannelId; lastMessageAt where it is left out. What has no such instant is behind all that has one.</summary>
    public string? OrderByField { get; init; }

    public ListDirection OrderByDirection { get; init; }
    public TicketScope TicketScope { get; init; }
    public IReadOnlyList<TicketFilterRequest?>? Filters { get; init; }

    public TicketCriteria ToCriteria() => new(
        [.. (Filters ?? []).Select(filter => filter!.ToCondition())],
        TicketScope is TicketScope.Skills, OrderByField, OrderByDirection is ListDirection.Asc, Offset, Limit)
    {
        Cursor = Cursor,
    };

    private sealed class Rules : AbstractValidator<TicketSearchRequest>
    {
        public Rules()
        {
            RuleFor(search => search.Limit).InclusiveBetween(1, TicketSearch.MaxLimit).WithMessage(_ => Say(ApiText.NumberBetween, 1, TicketSearch.MaxLimit));
            RuleFor(search => search.Offset).GreaterThanOrEqualTo(0).WithMessage(_ => Say(ApiText.NumberBetween, 0, int.MaxValue));
            RuleFor(search => search.Cursor).Must((search, cursor) => cursor is null || search.Offset == 0).WithMessage(_ => ApiText.OffsetOrCursor);
            RuleFor(search => search.Filters).Must(filters => filters is null || filters.Count <= TicketSearch.MaxConditions).WithMessage(_ => Say(ApiText.TooManyOf, TicketSearch.MaxConditions));
            RuleForEach(search => search.Filters).Must(filter => filter?.Key is not null).WithMessage(_ => ApiText.FilterKeyMissing);
        }

        private static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
    }
}
