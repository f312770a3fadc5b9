using Enneo.Core.Integrations;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>What becomes a ticket of its own.</summary>
internal sealed record SplitRequest : IApiRequest<SplitRequest>
{
    private const int Most = 500;

    public static IValidator<SplitRequest> Validator { get; } = new Rules();

    /// <summary>Other messages of the ticket that go with it.</summary>
    public IReadOnlyList<long>? With { get; init; }

    /// <summary>What your system calls the new ticket. The same one again is the ticket that was made.</summary>
    public string? ExternalTicketId { get; init; }

    private sealed class Rules : AbstractValidator<SplitRequest>
    {
        public Rules()
        {
            RuleFor(split => split.With).Must(with => with is null || with.Count <= Most).WithMessage(_ => MailRules.Say(ApiText.IdsBetween, 0, Most));
            RuleFor(split => split.ExternalTicketId).Must(MailRules.IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
        }
    }
}

/// <summary>Where a message goes.</summary>
internal sealed record MoveRequest : IApiRequest<MoveRequest>
{
    public static IValidator<MoveRequest> Validator { get; } = new Rules();

    /// <summary>The ticket that it belongs to.</summary>
    public long? TicketId { get; init; }

    private sealed class Rules : AbstractValidator<MoveRequest>
    {
        public Rules() => RuleFor(move => move.TicketId).NotNull().WithMessage(_ => ApiText.TicketIdMissing);
    }
}

/// <summary>What is folded together.</summary>
internal sealed record MergeRequest : IApiRequest<MergeRequest>
{
    private const int Most = 100;

    public static IValidator<MergeRequest> Validator { get; } = new Rules();

    /// <summary>The other tickets.</summary>
    public IReadOnlyList<long>? TicketIds { get; init; }

    private sealed class Rules : AbstractValidator<MergeRequest>
    {
        public Rules() => RuleFor(merge => merge.TicketIds).Must(ids => ids is { Count: <= Most }).WithMessage(_ => MailRules.Say(ApiText.IdsBetween, 0, Most));
    }
}
