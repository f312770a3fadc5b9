using System.Globalization;
using System.Text.RegularExpressions;
using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Api;
using FluentValidation;

namespace Enneo.Web.Tickets;

/// <summary>A file: its bytes in base64, or an address from which Enneo fetches them.</summary>
internal sealed record AttachmentRequest(string? Name, string? Base64, string? Url, string? ContentType)
{
    public WantedFile ToFile() => new(Name, Base64, Url, ContentType);
}

/// <summary>How a text is written.</summary>
internal enum BodyType
{
    Html,
    Text,
}

/// <summary>What is said.</summary>
internal sealed record ContentRequest(string? Message);

/// <summary>What mails have in common, whoever writes them.</summary>
internal static partial class MailRules
{
    public const int MaxText = 2_000_000;
    private const int MaxAddress = 254;
    private const int MaxAddresses = 200;

    public static IReadOnlyList<MailAddress>? Addresses(IReadOnlyList<string>? addresses) => addresses is null ? null : [.. addresses.Select(address => new MailAddress("", address.Trim()))];

    public static bool AreAddresses(IReadOnlyList<string>? addresses) => addresses is null || (addresses.Count <= MaxAddresses && addresses.All(IsAddress));

    public static bool IsAddress(string? address) =>
        address is { Length: > 2 and <= MaxAddress } && !address.Any(char.IsControl) && System.Net.Mail.MailAddress.TryCreate(address.Trim(), out var parsed) && parsed.Address == address.Trim();

    public static bool AreFiles(IReadOnlyList<AttachmentRequest?>? files) =>
        files is null || (files.Count <= AttachmentFetching.MaxFiles && files.All(file => file is not null && file.Base64 is null != file.Url is null && (file.Url is not null || file.Name is not null)));

    /// <summary>As HTML, whichever it is; what is not said is seen.</summary>
    public static string Html(string text, BodyType? type, MailHtml mailHtml) => IsHtml(text, type) ? text : mailHtml.FromText(text);

    public static bool IsHtml(string text, BodyType? type) => type is BodyType.Html || (type is null && Tag().IsMatch(text));

    public static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    public static IReadOnlyList<WantedFile> Files(IReadOnlyList<AttachmentRequest?>? files) => [.. (files ?? []).Select(file => file!.ToFile())];

    [GeneratedRegex("<(?:!doctype|html|body|p|div|br|span|a|b|i|table|ul|ol|h[1-6])[\\s>/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}

/// <summary>An answer to a ticket.</summary>
internal sealed record ReplyRequest : IApiRequest<ReplyRequest>
{
    public static IValidator<ReplyRequest> Validator { get; } = new Rules();

    public ContentRequest? Content { get; init; }

    /// <summary>html or text; seen from the text where it is left out.</summary>
    public BodyType? Type { get; init; }

    /// <summary>As it answers, where it is left out.</summary>
    public string? Subject { get; init; }

    /// <summary>Whoever wrote, where it is left out.</summary>
    public IReadOnlyList<string>? To { get; init; }

    public IReadOnlyList<string>? Cc { get; init; }
    public IReadOnlyList<string>? Bcc { get; init; }

    /// <summary>Kept as your draft, and not sent.</summary>
    public bool IsDraft { get; init; }

    public IReadOnlyList<AttachmentRequest?>? Attachments { get; init; }

    public ProgramMail ToMail(MailHtml mailHtml, IReadOnlyList<ProgramFile> files) => new(MailRules.Html(Content!.Message!, Type, mailHtml), IsDraft)
    {
        Subject = Subject,
        To = MailRules.Addresses(To),
        Cc = MailRules.Addresses(Cc),
        Bcc = MailRules.Addresses(Bcc),
        Files = files,
    };

    private sealed class Rules : AbstractValidator<ReplyRequest>
    {
        public Rules()
        {
            RuleFor(reply => reply.Content).Must(content => content?.Message is { Length: > 0 and <= MailRules.MaxText }).WithMessage(_ => MailRules.Say(ApiText.TextBetween, 1, MailRules.MaxText));
            RuleFor(reply => reply.To).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Cc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Bcc).Must(MailRules.AreAddresses).WithMessage(_ => ApiText.AddressesWrong);
            RuleFor(reply => reply.Attachments).Must(MailRules.AreFiles).WithMessage(_ => MailRules.Say(ApiText.AttachmentsWrong, AttachmentFetching.MaxFiles));
        }
    }
}

/// <summary>A ticket's mail is passed on.</summary>
internal sealed record ForwardRequest : IApiRequest<ForwardRequest>
{
    public static IValidator<ForwardRequest> Validator { get; } = new Rules();

    /// <summary>What stands above the mail.</summary>
    public string? Body { get; init; }

    public string? ToEmail { get; init; }
    public string? Subject { get; init; }

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
