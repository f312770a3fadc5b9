using Enneo.Core.Integrations.Search;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>Which ticket of those that wait is wanted.</summary>
internal enum PreferredDirection
{
    /// <summary>The one that waits longest.</summary>
    Earliest,

    /// <summary>The one that waits next longest, before ticketId.</summary>
    Previous,

    /// <summary>The one after ticketId.</summary>
    Next,
}

internal sealed record LatestRequest : IApiRequest<LatestRequest>
{
    public static IValidator<LatestRequest> Validator { get; } = new Rules();

    public PreferredDirection PreferredDirection { get; init; }

    /// <summary>Where previous and next start from; left out, they are the last and the first of all.</summary>
    public long? TicketId { get; init; }

    public IReadOnlyList<TicketFilterRequest?>? Filters { get; init; }

    private sealed class Rules : AbstractValidator<LatestRequest>
    {
        public Rules()
        {
            RuleFor(latest => latest.Filters).Must(filters => filters is null || filters.Count <= TicketSearch.MaxConditions).WithMessage(_ => MailRules.Say(ApiText.TooManyOf, TicketSearch.MaxConditions));
            RuleForEach(latest => latest.Filters).Must(filter => filter?.Key is not null).WithMessage(_ => ApiText.FilterKeyMissing);
        }
    }
}

/// <param name="Ticket">Null where none waits.</param>
internal sealed record LatestAnswer(bool Success, TicketRowResponse? Ticket);

/// <summary>Somebody who works on a ticket now.</summary>
/// <param name="Name">Null for a program.</param>
/// <param name="IsReplying">They write in it.</param>
internal sealed record PresenceResponse(long UserId, string? Name, DateTimeOffset SeenAt, bool IsReplying);

internal sealed record PresenceAnswer(bool Success, IReadOnlyList<PresenceResponse> WorkedOnBy);
