using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Receiving;
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
internal sealed record TicketCreateRequest : IApiRequest<TicketCreateRequest>, ITakesFiles<TicketCreateRequest>, IMaySend, IMayIgnore, IMayBeNamed
{
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
    public TicketPriority? Priority { get; init; }
    public TicketChannel? Channel { get; init; }

    /// <summary>When somebody should have answered at the latest.</summary>
    public DateTimeOffset? FirstResponseDueBy { get; init; }

    /// <summary>When it should be closed at the latest.</summary>
    public DateTimeOffset? DueBy { get; init; }

    public IReadOnlyList<long>? TagIds { get; init; }

    /// <summary>The same as tagIds.</summary>
    public IReadOnlyList<long>? Tags { get; init; }

    public long? Assignee { get; init; }
    public string? ContractId { get; init; }

    /// <summary>An object, kept for you.</summary>
    public JsonElement? AdditionalData { get; init; }

    /// <summary>Any JSON, kept for you beside the message.</summary>
    public JsonElement? RawData { get; init; }

    /// <summary>A template of the mailbox, in place of body. {{customer}}, {{agent}}, {{subject}} and {{mailbox}} are known unless templateData says otherwise.</summary>
    public long? TemplateId { get; init; }

    /// <summary>What stands in subject, body and template in place of {{name}}.</summary>
    public IReadOnlyDictionary<string, string?>? TemplateData { get; init; }

    /// <summary>The template, filled.</summary>
    internal string? TemplateBody { get; init; }

    /// <summary>Whom it is with, as far as the request says.</summary>
    internal MailAddress? Customer => Direction is TicketDirection.Out
        ? MailRules.Addresses(To) is [var first, ..] ? first : null
        : From is null ? null : new MailAddress(FromName?.Trim() ?? "", From.Trim());

    /// <summary>realtime: analysed before it is answered; batch, in its turn; false, not at all. The query may say it as well.</summary>
    public ProcessChoice? Process { get; init; }

    /// <summary>Only for direction out: kept as your draft, and not sent.</summary>
    public bool? IsDraft { get; init; }

    bool IMaySend.SendsAtOnce => Direction is TicketDirection.Out && IsDraft is not true;

    /// <summary>A mail that we send has its sender, time and Message-ID from here.</summary>
    IReadOnlyList<string> IMayIgnore.Unread => Direction is not TicketDirection.Out ? IsDraft is true ? ["isDraft"] : [] :
    [
        .. From is null ? (string[])[] : ["from"],
        .. FromName is null ? (string[])[] : ["fromName"],
        .. CreatedAt is null ? (string[])[] : ["createdAt"],
        .. InternetMessageId is null ? (string[])[] : ["internetMessageId"],
    ];

    bool IMayBeNamed.IsNamed => ExternalTicketId is not null || ExternalConversationId is not null || (Direction is TicketDirection.In && InternetMessageId is not null);

    /// <summary>What is said of a mail, which nobody reads where the ticket is here already.</summary>
    internal IReadOnlyList<string> OfMail =>
    [
        .. Direction is TicketDirection.Out ? ["direction"] : (string[])[],
        .. new (string Name, bool IsThere)[]
        {
            ("source", Source is not null), ("from", From is not null), ("fromName", FromName is not null), ("to", To is not null), ("cc", Cc is not null), ("bcc", Bcc is not null),
            ("body", Body is not null), ("templateId", TemplateId is not null), ("type", Type is not null), ("createdAt", CreatedAt is not null), ("attachments", Attachments is { Count: > 0 }),
            ("internetMessageId", InternetMessageId is not null), ("externalConversationId", ExternalConversationId is not null), ("rawData", RawData is not null), ("process", Process is not null),
        }.Where(said => said.IsThere).Select(said => said.Name),
    ];

    public TicketCreateRequest With(IReadOnlyList<AttachmentRequest> files) => this with { Attachments = [.. Attachments ?? [], .. files] };

    public NewMail ToNewMail(IReadOnlyList<ProgramFile> files) => new(Source is null ? (ReadOnlyMemory<byte>?)null : Source)
    {
        From = From is null ? null : new MailAddress(FromName?.Trim() ?? "", From.Trim()),
        To = MailRules.Addresses(To) ?? [],
        Cc = MailRules.Addresses(Cc) ?? [],
        Bcc = MailRules.Addresses(Bcc) ?? [],
        Subject = FilledSubject,
        Text = FilledBody,
        IsHtml = IsHtml,
        InternetMessageId = MailRules.Bare(InternetMessageId),
        At = CreatedAt,
        Files = files,
        RawData = MailRules.Raw(RawData),
    };

    public ProgramMail ToOutgoing(MailHtml mailHtml, IReadOnlyList<ProgramFile> files) => new(MailRules.Html(FilledBody, IsHtml ? BodyType.Html : BodyType.Text, mailHtml), IsDraft is true)
    {
        To = MailRules.Addresses(To) ?? [],
        Cc = MailRules.Addresses(Cc) ?? [],
        Bcc = MailRules.Addresses(Bcc) ?? [],
        Subject = FilledSubject,
        Files = files,
    };

    /// <param name="isNew">A subject is that of the mail, and changed only later.</param>
    public TicketPatch ToPatch(long ticketId, bool isNew) => new(ticketId)
    {
        Status = Status,
        TagIds = (TagIds ?? Tags)?.Distinct().ToList(),
        Priority = Priority,
        Channel = Channel,
        FirstResponseDueBy = FirstResponseDueBy is { } first ? new Given<DateTimeOffset?>(true, first) : default,
        DueBy = DueBy is { } due ? new Given<DateTimeOffset?>(true, due) : default,
        ContractId = ContractId is { } contract ? new Given<string?>(true, contract) : default,
        AdditionalData = MailRules.Raw(AdditionalData),
        AssigneeId = Assignee is { } person ? new Given<long?>(true, person) : default,
        Subject = isNew || string.IsNullOrWhiteSpace(Subject) ? null : FilledSubject,
    };

    private string FilledSubject => PlaceholderText.Fill(Subject?.Trim() ?? "", TemplateData, isHtml: false);

    private string FilledBody => TemplateBody ?? PlaceholderText.Fill(Body ?? "", TemplateData, IsHtml);

    private bool IsHtml => TemplateBody is not null || MailRules.IsHtml(Body ?? "", Type);

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
            RuleFor(ticket => ticket.Subject)
                .Must((ticket, subject) => PlaceholderText.Length(subject ?? "", ticket.TemplateData, isHtml: false) <= MailRules.MaxLine && MailRules.IsLine(ticket.FilledSubject))
                .WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(ticket => ticket.FromName).Must(MailRules.IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(ticket => ticket.Body)
                .Must((ticket, body) => PlaceholderText.Length(body ?? "", ticket.TemplateData, MailRules.IsHtml(body ?? "", ticket.Type)) <= MailRules.MaxText)
                .WithMessage(_ => MailRules.Say(ApiText.TextBetween, 0, MailRules.MaxText));
            RuleFor(ticket => ticket.Source).Must(source => source is null or { Length: > 0 }).WithMessage(_ => ApiText.ValueWrong);
            RuleFor(ticket => ticket.Source).Null().When(ticket => ticket is { Direction: TicketDirection.Out }).WithMessage(_ => ApiText.SourceComesIn);
            RuleFor(ticket => ticket.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
            RuleFor(ticket => ticket.InternetMessageId).Must(MailRules.IsMessageId).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, MailRules.MaxId));
            RuleFor(ticket => ticket.ExternalTicketId).Must(MailRules.IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(ticket => ticket.ExternalConversationId).Must(MailRules.IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(ticket => ticket.Tags).Must((ticket, tags) => tags is null || (tags.Count <= TicketPatchRequest.MaxTags && ticket.TagIds is null)).WithMessage(_ => ApiText.TagsTwice);
            RuleFor(ticket => ticket.TagIds).Must(tags => tags is null || tags.Count <= TicketPatchRequest.MaxTags).WithMessage(_ => MailRules.Say(ApiText.TooManyOf, TicketPatchRequest.MaxTags));
            RuleFor(ticket => ticket.ContractId).Must(id => id is null || id is { Length: > 0 and <= TicketFacts.MaxContract }).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, TicketFacts.MaxContract));
            RuleFor(ticket => ticket.AdditionalData).Must(TicketPatchRequest.IsObject).WithMessage(_ => ApiText.ObjectWanted);
            RuleFor(ticket => ticket.RawData).Must(MailRules.IsKeepable).WithMessage(_ => ApiText.DataTooLong);
            RuleFor(ticket => ticket.TemplateId).Null().When(ticket => ticket.Body is { Length: > 0 } || ticket.Source is not null).WithMessage(_ => ApiText.TemplateOrBody);
            RuleFor(ticket => ticket.TemplateData).Must(PlaceholderText.AreFew).WithMessage(_ => MailRules.Say(ApiText.TooManyOf, PlaceholderText.MaxPlaceholders));
            RuleFor(ticket => ticket.TemplateData).Must(PlaceholderText.AreShort).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 0, PlaceholderText.MaxValue));
            RuleFor(ticket => ticket.IsDraft)
                .Must((ticket, _) => ticket is
                {
                    ExternalTicketId: null, ExternalConversationId: null, Status: null, TagIds: null, Tags: null, Assignee: null, Priority: null, Channel: null,
                    FirstResponseDueBy: null, DueBy: null, ContractId: null, AdditionalData: null, RawData: null,
                })
                .When(ticket => ticket is { Direction: TicketDirection.Out, IsDraft: true })
                .WithMessage(_ => ApiText.DraftHasNoTicket);
        }
    }
}
