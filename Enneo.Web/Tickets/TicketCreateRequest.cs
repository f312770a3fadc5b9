using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>Which way the first mail of a ticket goes.</summary>
internal enum TicketDirection
{
    /// <summary>Somebody wrote to us.</summary>
    In,

    /// <summary>We write to somebody: the mail is sent.</summary>
    Out,
}

/// <summary>A new ticket, or an earlier one of the same externalTicketId, which is changed.</summary>
internal sealed record TicketCreateRequest : IApiRequest<TicketCreateRequest>
{
    private const int MaxId = 900;
    private const int MaxLine = 900;

    public static IValidator<TicketCreateRequest> Validator { get; } = new Rules();

    public TicketDirection Direction { get; init; }

    /// <summary>The mailbox. Mail comes in by the API only where its method is api.</summary>
    public long? SubchannelId { get; init; }

    /// <summary>The mail as it came (RFC 5322), in base64, in place of the fields that say what it is.</summary>
    public byte[]? Source { get; init; }

    public string? From { get; init; }
    public string? FromName { get; init; }
    public IReadOnlyList<string>? To { get; init; }
    public IReadOnlyList<string>? Cc { get; init; }
    public IReadOnlyList<string>? Bcc { get; init; }
    public string? Subject { get; init; }

    /// <summary>HTML or plain text.</summary>
    public string? Body { get; init; }

    /// <summary>html or text; seen from the body where it is left out.</summary>
    public BodyType? Type { get; init; }

    /// <summary>When it was written; now where it is left out.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public IReadOnlyList<AttachmentRequest?>? Attachments { get; init; }

    /// <summary>Without brackets. A mail that is here already gets your ids, and no second ticket opens.</summary>
    public string? InternetMessageId { get; init; }

    public string? ExternalTicketId { get; init; }
    public string? ExternalConversationId { get; init; }
    public TicketStatus? Status { get; init; }
    public IReadOnlyList<long>? TagIds { get; init; }
    public long? Assignee { get; init; }

    /// <summary>Only for direction out: kept as your draft, and not sent.</summary>
    public bool IsDraft { get; init; }

    public NewMail ToNewMail(IReadOnlyList<ProgramFile> files) => new(Source is null ? (ReadOnlyMemory<byte>?)null : Source)
    {
        From = From is null ? null : new MailAddress(FromName?.Trim() ?? "", From.Trim()),
        To = MailRules.Addresses(To) ?? [],
        Cc = MailRules.Addresses(Cc) ?? [],
        Subject = Subject?.Trim() ?? "",
        Text = Body ?? "",
        IsHtml = MailRules.IsHtml(Body ?? "", Type),
        InternetMessageId = InternetMessageId?.Trim('<', '>', ' '),
        At = CreatedAt,
        Files = files,
    };

    public ProgramMail ToOutgoing(MailHtml mailHtml, IReadOnlyList<ProgramFile> files) => new(MailRules.Html(Body ?? "", Type, mailHtml), IsDraft)
    {
        To = MailRules.Addresses(To) ?? [],
        Cc = MailRules.Addresses(Cc) ?? [],
        Bcc = MailRules.Addresses(Bcc) ?? [],
        Subject = Subject?.Trim() ?? "",
        Files = files,
    };

    /// <param name="isNew">A subject is that of the mail, and changed only later.</param>
    public TicketPatch ToPatch(long ticketId, bool isNew) => new(ticketId)
    {
        Status = Status,
        TagIds = TagIds,
        AssigneeId = Assignee is { } person ? new Given<long?>(true, person) : default,
        Subject = isNew || string.IsNullOrWhiteSpace(Subject) ? null : Subject.Trim(),
    };

    private sealed class Rules : AbstractValidator<TicketCreateRequest>
    {
        public Rules()
        {
            RuleFor(ticket => ticket.SubchannelId).NotNull().WithMessage(_ => ApiText.SubchannelMissing);
            RuleFor(ticket => ticket.From)
                .Must(MailRules.IsAddress).When(ticket => ticket is { Direction: TicketDirection.In, Source: null, InternetMessageId: null } || ticket.From is not null)
                .WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(ticket => ticket.To).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(ticket => ticket.To).Must(to => to is { Count: > 0 }).When(ticket => ticket is { Direction: TicketDirection.Out }).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(ticket => ticket.Cc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(ticket => ticket.Bcc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(ticket => ticket.Subject).Must(IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MaxLine));
            RuleFor(ticket => ticket.FromName).Must(IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MaxLine));
            RuleFor(ticket => ticket.Body).MaximumLength(MailRules.MaxText).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 0, MailRules.MaxText));
            RuleFor(ticket => ticket.Source).Must(source => source is null or { Length: > 0 }).WithMessage(_ => ApiText.ValueWrong);
            RuleFor(ticket => ticket.Source).Null().When(ticket => ticket is { Direction: TicketDirection.Out }).WithMessage(_ => ApiText.SourceComesIn);
            RuleFor(ticket => ticket.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
            RuleFor(ticket => ticket.InternetMessageId).Must(IsId).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, MaxId));
            RuleFor(ticket => ticket.ExternalTicketId).Must(IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(ticket => ticket.ExternalConversationId).Must(IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
        }

        private static bool IsLine(string? text) => text is null || (text.Length <= MaxLine && !text.Any(char.IsControl));

        private static bool IsExternal(string? id) => id is null or { Length: > 0 and <= ExternalTicket.MaxLength };

        private static bool IsId(string? id) => id is null || (id.Trim('<', '>', ' ') is { Length: > 0 and <= MaxId } bare && !bare.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>'));
    }
}
