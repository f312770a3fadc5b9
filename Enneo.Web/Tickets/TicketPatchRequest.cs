using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>What is to be changed of a ticket; what is left out stays.</summary>
internal sealed record TicketPatchRequest : IApiRequest<TicketPatchRequest>
{
    public const int MaxTags = 100;
    private const int MaxWorkers = 100;
    private const int MaxSubject = 900;

    private static readonly Dictionary<string, Core.Tickets.SpamStatus> s_verdicts = TicketWords.SpamStatuses
        .Where(word => word.Value is Core.Tickets.SpamStatus.ManualSpam or Core.Tickets.SpamStatus.ManualClean).ToDictionary();

    public static IValidator<TicketPatchRequest> Validator { get; } = new Rules();

    /// <summary>Only where several tickets are changed.</summary>
    public long? Id { get; init; }

    /// <summary>The ETag that it must still have, or several of which it must have one, as If-Match says for one: of several, one that has another is left as it is, with the status 412.</summary>
    public string? IfMatch { get; init; }

    public TicketStatus? Status { get; init; }

    /// <summary>The person who takes care of it; null for nobody.</summary>
    public Given<long?> Assignee { get; init; }

    public string? Subject { get; init; }

    /// <summary>Those that it shall have, and no others.</summary>
    public IReadOnlyList<long>? TagIds { get; init; }

    /// <summary>The same as tagIds.</summary>
    public IReadOnlyList<long>? Tags { get; init; }

    /// <summary>manual_spam, manual_clean, or null to withdraw such a verdict. manual_clean does what "Not spam" does.</summary>
    public Given<string?> SpamStatus { get; init; }

    /// <summary>What your system calls it; null to forget that.</summary>
    public Given<string?> ExternalTicketId { get; init; }

    public TicketPriority? Priority { get; init; }

    /// <summary>When somebody should have answered at the latest; null for no such time.</summary>
    public Given<DateTimeOffset?> FirstResponseDueBy { get; init; }

    /// <summary>When it should be closed at the latest; null for no such time.</summary>
    public Given<DateTimeOffset?> DueBy { get; init; }

    /// <summary>Those who worked on it besides the assignee, and no others.</summary>
    public IReadOnlyList<long>? WorkedOnBy { get; init; }

    public Given<string?> ContractId { get; init; }

    /// <summary>An object, kept for you: keys that it names replace those of before, null takes one away.</summary>
    public JsonElement? AdditionalData { get; init; }

    /// <summary>An object, or nothing.</summary>
    public static bool IsObject(JsonElement? json) => json is not { } data || (data.ValueKind is JsonValueKind.Object && data.GetRawText().Length <= TicketFacts.MaxData);

    /// <param name="isWork">Whoever makes the change has worked on the ticket.</param>
    public TicketPatch ToPatch(long ticketId, TagCondition? condition, bool isWork = false) => new(ticketId, condition)
    {
        Priority = Priority,
        FirstResponseDueBy = FirstResponseDueBy,
        DueBy = DueBy,
        WorkedOnBy = WorkedOnBy,
        ContractId = ContractId,
        AdditionalData = MailRules.Raw(AdditionalData),
        IsWork = isWork,
        Status = Status,
        AssigneeId = Assignee,
        Subject = Subject?.Trim(),
        TagIds = (TagIds ?? Tags)?.Distinct().ToList(),
        SpamStatus = new(SpamStatus.Is, SpamStatus.Value is { } word ? s_verdicts[word] : null),
        ExternalId = ExternalTicketId,
    };

    private sealed class Rules : AbstractValidator<TicketPatchRequest>
    {
        public Rules()
        {
            RuleFor(patch => patch.SpamStatus)
                .Must(verdict => verdict.Value is null || s_verdicts.ContainsKey(verdict.Value))
                .WithMessage(_ => Say(ApiText.WordUnknown, string.Join(", ", s_verdicts.Keys.Append("null"))));
            RuleFor(patch => patch.Subject)
                .Must(subject => subject is null || (!string.IsNullOrWhiteSpace(subject) && subject.Length <= MaxSubject && !subject.Any(char.IsControl)))
                .WithMessage(_ => Say(ApiText.LineBetween, 1, MaxSubject));
            RuleFor(patch => patch.TagIds).Must(tags => tags is null || tags.Count <= MaxTags).WithMessage(_ => Say(ApiText.TooManyOf, MaxTags));
            RuleFor(patch => patch.Tags).Must((patch, tags) => tags is null || (tags.Count <= MaxTags && patch.TagIds is null)).WithMessage(_ => ApiText.TagsTwice);
            RuleFor(patch => patch.ExternalTicketId)
                .Must(id => id.Value is null || id.Value is { Length: > 0 and <= ExternalTicket.MaxLength })
                .WithMessage(_ => Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(patch => patch.ContractId)
                .Must(id => id.Value is null || id.Value is { Length: > 0 and <= TicketFacts.MaxContract })
                .WithMessage(_ => Say(ApiText.LineBetween, 1, TicketFacts.MaxContract));
            RuleFor(patch => patch.WorkedOnBy).Must(people => people is null || people.Count <= MaxWorkers).WithMessage(_ => Say(ApiText.TooManyOf, MaxWorkers));
            RuleFor(patch => patch.AdditionalData).Must(IsObject).WithMessage(_ => ApiText.ObjectWanted);
        }

        private static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
    }
}

/// <summary>Changes of several tickets.</summary>
internal sealed class TicketPatchList : List<TicketPatchRequest?>, IApiRequest<TicketPatchList>
{
    private const int Most = 500;

    public static IValidator<TicketPatchList> Validator { get; } = new Rules();

    private IEnumerable<TicketPatchRequest?> Tickets => this;

    private sealed class Rules : AbstractValidator<TicketPatchList>
    {
        public Rules()
        {
            RuleFor(list => list.Count).InclusiveBetween(1, Most).WithMessage(_ => string.Format(CultureInfo.InvariantCulture, ApiText.NumberBetween, 1, Most));
            RuleForEach(list => list.Tickets)
                .Must(patch => patch?.Id is not null).WithMessage(_ => ApiText.IdMissing)
                .SetValidator(TicketPatchRequest.Validator!);
        }
    }
}

/// <summary>How a change ended.</summary>
/// <param name="Status">As a request of its own would have been answered.</param>
internal sealed record TicketPatchOutcome(long Id, bool Success, int Status);

internal sealed record TicketPatchListAnswer(bool Success, IReadOnlyList<TicketPatchOutcome> Results);
