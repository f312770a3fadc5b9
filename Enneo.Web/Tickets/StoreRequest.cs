using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>A message that was written elsewhere. Nothing of it is sent.</summary>
internal sealed record StoreRequest : IApiRequest<StoreRequest>, ITakesFiles<StoreRequest>, IMayBeNamed
{
    public static IValidator<StoreRequest> Validator { get; } = new Rules();

    /// <summary>in: the customer wrote it; out: one of us did, and it was sent elsewhere. Where neither this nor private is said, it is an internal note.</summary>
    public TicketDirection? Direction { get; init; }

    /// <summary>An internal note: no customer ever sees it.</summary>
    public bool? Private { get; init; }

    public ContentRequest? Content { get; init; }

    /// <summary>html or text; seen from the text where it is left out.</summary>
    public BodyType? Type { get; init; }

    /// <summary>That of the ticket, where it is left out.</summary>
    public string? Subject { get; init; }

    /// <summary>Who wrote it; the customer or the mailbox, where it is left out.</summary>
    public string? From { get; init; }

    public string? FromName { get; init; }
    public IReadOnlyList<string>? To { get; init; }
    public IReadOnlyList<string>? Cc { get; init; }
    public IReadOnlyList<string>? Bcc { get; init; }

    /// <summary>When it was written; now where it is left out.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>What your system calls it. The same one again is the same message, and stored once.</summary>
    public string? ExternalConversationId { get; init; }

    /// <summary>Without brackets. A mail that its mailbox has already is that one, and is not stored again.</summary>
    public string? InternetMessageId { get; init; }

    /// <summary>Any JSON, kept for you.</summary>
    public JsonElement? RawData { get; init; }

    public IReadOnlyList<AttachmentRequest?>? Attachments { get; init; }

    /// <summary>When it is analysed, where the customer wrote it.</summary>
    public ProcessChoice? Process { get; init; }

    bool IMayBeNamed.IsNamed => ExternalConversationId is not null;

    public StoreRequest With(IReadOnlyList<AttachmentRequest> files) => this with { Attachments = [.. Attachments ?? [], .. files] };

    public MessageWish ToWish() => new(KindOf(), MailRules.Files(Attachments), ToMail) { ExternalId = ExternalConversationId, Pace = (Process ?? ProcessChoice.Batch).ToPace() };

    private StoredKind KindOf() => Private is true || (Direction is null && Private is null) ? StoredKind.Note : Direction is TicketDirection.In ? StoredKind.In : StoredKind.Out;

    private NewMail ToMail(IReadOnlyList<ProgramFile> files) => new()
    {
        From = From is null ? null : new MailAddress(FromName?.Trim() ?? "", From.Trim()),
        To = MailRules.Addresses(To) ?? [],
        Cc = MailRules.Addresses(Cc) ?? [],
        Bcc = MailRules.Addresses(Bcc) ?? [],
        Subject = Subject?.Trim() ?? "",
        Text = Content!.Message!,
        IsHtml = MailRules.IsHtml(Content.Message!, Type),
        InternetMessageId = MailRules.Bare(InternetMessageId),
        At = CreatedAt,
        Files = files,
        RawData = MailRules.Raw(RawData),
    };

    private sealed class Rules : AbstractValidator<StoreRequest>
    {
        public Rules()
        {
            RuleFor(store => store.Content).Must(content => content?.Message is { Length: > 0 and <= MailRules.MaxText }).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 1, MailRules.MaxText));
            RuleFor(store => store.Private).Must((store, isPrivate) => isPrivate is not true || store.Direction is null).WithMessage(_ => ApiText.NoteHasNoDirection);
            RuleFor(store => store.From).Must(from => from is null || MailRules.IsAddress(from)).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(store => store.FromName).Must(MailRules.IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(store => store.Subject).Must(MailRules.IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(store => store.To).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(store => store.Cc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(store => store.Bcc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(store => store.ExternalConversationId).Must(MailRules.IsExternal).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, ExternalTicket.MaxLength));
            RuleFor(store => store.InternetMessageId).Must(MailRules.IsMessageId).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 1, MailRules.MaxId));
            RuleFor(store => store.RawData).Must(MailRules.IsKeepable).WithMessage(_ => ApiText.DataTooLong);
            RuleFor(store => store.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
        }
    }
}
