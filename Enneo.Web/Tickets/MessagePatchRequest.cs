using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>How mail ended that another system carries out.</summary>
internal enum ReportedDelivery
{
    Sent,
    Rejected,
}

/// <summary>A file that a note is to have no longer.</summary>
/// <param name="Sha256">As it stands beside the file: so that nothing is taken out that was put there meanwhile.</param>
internal sealed record RemovedAttachmentRequest(string? Name, string? Sha256)
{
    private const int HashLength = 64;

    public static bool AreRight(IReadOnlyList<RemovedAttachmentRequest?>? files) =>
        files is null || (files.Count <= AttachmentFetching.MaxFiles && files.All(file => file is { Name.Length: > 0, Sha256.Length: HashLength } && file.Sha256.All(char.IsAsciiHexDigit)));
}

/// <summary>What is to be changed of a note or a draft, or how a mail ended that your system carries out; what is left out stays.</summary>
internal sealed record MessagePatchRequest : IApiRequest<MessagePatchRequest>, ITakesFiles<MessagePatchRequest>, IMaySend
{
    private const int MaxServerText = 2000;

    public static IValidator<MessagePatchRequest> Validator { get; } = new Rules();

    public ContentRequest? Content { get; init; }

    /// <summary>html or text; seen from the text where it is left out.</summary>
    public BodyType? Type { get; init; }

    /// <summary>Of a draft.</summary>
    public string? Subject { get; init; }

    /// <summary>Of a draft.</summary>
    public IReadOnlyList<string>? To { get; init; }

    /// <summary>Of a draft.</summary>
    public IReadOnlyList<string>? Cc { get; init; }

    /// <summary>Of a draft.</summary>
    public IReadOnlyList<string>? Bcc { get; init; }

    /// <summary>Put to a note, besides those that it has.</summary>
    public IReadOnlyList<AttachmentRequest?>? Attachments { get; init; }

    /// <summary>Taken out of a note; one that it does not have is no error.</summary>
    public IReadOnlyList<RemovedAttachmentRequest?>? RemovedAttachments { get; init; }

    /// <summary>false publishes a draft: it is sent, which needs the scope send, or becomes a note.</summary>
    public bool? IsDraft { get; init; }

    bool IMaySend.SendsAtOnce => IsDraft is false;

    /// <summary>How a mail of a mailbox of the method "api" ended. Said once.</summary>
    public ReportedDelivery? DeliveryState { get; init; }

    /// <summary>What the mail server said.</summary>
    public string? ServerText { get; init; }

    public MessagePatchRequest With(IReadOnlyList<AttachmentRequest> files) => this with { Attachments = [.. Attachments ?? [], .. files] };

    public MessagePatch ToPatch(MailHtml mailHtml) => new()
    {
        Html = Content?.Message is { } message ? MailRules.Html(message, Type, mailHtml) : null,
        Subject = Subject,
        Files = MailRules.Files(Attachments),
        Removed = [.. (RemovedAttachments ?? []).Select(file => new RemovedFile(file!.Name!, file.Sha256!))],
        To = MailRules.Addresses(To),
        Cc = MailRules.Addresses(Cc),
        Bcc = MailRules.Addresses(Bcc),
        IsPublished = IsDraft is false,
        IsSent = DeliveryState is { } state ? state is ReportedDelivery.Sent : null,
        ServerText = ServerText,
    };

    private sealed class Rules : AbstractValidator<MessagePatchRequest>
    {
        public Rules()
        {
            RuleFor(patch => patch.Content).Must(content => content is null || content.Message is { Length: > 0 and <= MailRules.MaxText }).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 1, MailRules.MaxText));
            RuleFor(patch => patch.Subject).Must(MailRules.IsLine).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MailRules.MaxLine));
            RuleFor(patch => patch.To).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(patch => patch.Cc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(patch => patch.Bcc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(patch => patch.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
            RuleFor(patch => patch.RemovedAttachments).Must(RemovedAttachmentRequest.AreRight).WithMessage(_ => MailRules.Say(ApiText.RemovedWrong, AttachmentFetching.MaxFiles));
            RuleFor(patch => patch.ServerText).Must(text => text is null || (text.Length <= MaxServerText && !text.Any(char.IsControl))).WithMessage(_ => MailRules.Say(ApiText.LineBetween, 0, MaxServerText));
        }
    }
}
