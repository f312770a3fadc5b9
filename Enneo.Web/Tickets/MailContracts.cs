using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>An answer to a ticket.</summary>
internal sealed record ReplyRequest : IApiRequest<ReplyRequest>, ITakesFiles<ReplyRequest>, IMaySend, IMayIgnore, IMayBeNamed
{
    public static IValidator<ReplyRequest> Validator { get; } = new Rules();

    public ContentRequest? Content { get; init; }

    /// <summary>A template of the ticket's mailbox, in place of content. {{customer}}, {{agent}}, {{ticket}}, {{subject}} and {{mailbox}} are known unless templateData says otherwise.</summary>
    public long? TemplateId { get; init; }

    /// <summary>What stands in subject, content and template in place of {{name}}.</summary>
    public IReadOnlyDictionary<string, string?>? TemplateData { get; init; }

    /// <summary>The template, filled.</summary>
    internal string? TemplateBody { get; init; }

    /// <summary>html or text; seen from the text where it is left out.</summary>
    public BodyType? Type { get; init; }

    /// <summary>As it answers, where it is left out.</summary>
    public string? Subject { get; init; }

    /// <summary>Whoever wrote, where it is left out.</summary>
    public IReadOnlyList<string>? To { get; init; }

    public IReadOnlyList<string>? Cc { get; init; }
    public IReadOnlyList<string>? Bcc { get; init; }

    /// <summary>Kept as your draft, and not sent.</summary>
    public bool? IsDraft { get; init; }

    /// <summary>An internal note: it is never sent.</summary>
    public bool? Private { get; init; }

    /// <summary>What your system calls it. The same one again is the same answer, and sent once.</summary>
    public string? ExternalConversationId { get; init; }

    /// <summary>The mailbox that it leaves from: that of the ticket.</summary>
    public long? SubchannelId { get; init; }

    public IReadOnlyList<AttachmentRequest?>? Attachments { get; init; }

    bool IMaySend.SendsAtOnce => IsDraft is not true && Private is not true;

    bool IMayBeNamed.IsNamed => ExternalConversationId is not null && IsDraft is not true;

    /// <summary>A draft is nobody's message yet.</summary>
    IReadOnlyList<string> IMayIgnore.Unread => IsDraft is true && Private is not true && ExternalConversationId is not null ? ["externalConversationId"] : [];

    public ReplyRequest With(IReadOnlyList<AttachmentRequest> files) => this with { Attachments = [.. Attachments ?? [], .. files] };

    public MessageWish ToNote() => new(StoredKind.Note, MailRules.Files(Attachments), files => new NewMail { Text = FilledText, IsHtml = IsHtml, Files = files })
    {
        ExternalId = ExternalConversationId,
    };

    public ProgramMail ToMail(MailHtml mailHtml, IReadOnlyList<ProgramFile> files) => new(MailRules.Html(FilledText, IsHtml ? BodyType.Html : BodyType.Text, mailHtml), IsDraft is true)
    {
        Subject = Subject is null ? null : PlaceholderText.Fill(Subject, TemplateData, isHtml: false),
        To = MailRules.Addresses(To),
        Cc = MailRules.Addresses(Cc),
        Bcc = MailRules.Addresses(Bcc),
        MailboxId = SubchannelId,
        Files = files,
    };

    private string FilledText => TemplateBody ?? PlaceholderText.Fill(Content?.Message ?? "", TemplateData, IsHtml);

    private bool IsHtml => TemplateBody is not null || MailRules.IsHtml(Content?.Message ?? "", Type);

    private sealed class Rules : AbstractValidator<ReplyRequest>
    {
        public Rules()
        {
            RuleFor(reply => reply.Content)
                .Must((reply, content) => content?.Message is { Length: > 0 } text && PlaceholderText.Length(text, reply.TemplateData, MailRules.IsHtml(text, reply.Type)) <= MailRules.MaxText)
                .When(reply => reply.TemplateId is null)
                .WithMessage(_ => MailRules.Say(ApiText.TextBetween, 1, MailRules.MaxText));
            RuleFor(reply => reply.TemplateId).Null().When(reply => reply.Content?.Message is { Length: > 0 }).WithMessage(_ => ApiText.TemplateOrBody);
            RuleFor(reply => reply.TemplateData).Must(PlaceholderText.AreFew).WithMessage(_ => MailRules.Say(ApiText.TooManyOf, PlaceholderText.MaxPlaceholders));
            RuleFor(reply => reply.TemplateData).Must(PlaceholderText.AreShort).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 0, PlaceholderText.MaxValue));
            RuleFor(reply => reply.Subject).Must((reply, subject) => PlaceholderText.Length(subject ?? "", reply.TemplateData, isHtml: false) <= MailRules.MaxLine)
                .When(reply => reply.TemplateData is not null).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(reply => reply.ExternalConversationId).Must(MailRules.IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(reply => reply.To).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Cc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Bcc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
        }
    }
}

/// <summary>A ticket's mail is passed on.</summary>
internal sealed record ForwardRequest : IApiRequest<ForwardRequest>, IMaySend
{
    public static IValidator<ForwardRequest> Validator { get; } = new Rules();

    /// <summary>What stands above the mail.</summary>
    public string? Body { get; init; }

    public string? ToEmail { get; init; }
    public string? Subject { get; init; }

    bool IMaySend.SendsAtOnce => true;

    public ProgramMail ToMail(MailHtml mailHtml) => new(MailRules.Html(Body ?? "", null, mailHtml)) { To = MailRules.Addresses([ToEmail!]), Subject = Subject };

    private sealed class Rules : AbstractValidator<ForwardRequest>
    {
        public Rules()
        {
            RuleFor(forward => forward.ToEmail).Must(MailRules.IsAddress).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(forward => forward.Body).MaximumLength(MailRules.MaxText).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 0, MailRules.MaxText));
        }
    }
}
