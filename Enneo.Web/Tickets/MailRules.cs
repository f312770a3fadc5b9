using System.Globalization;
using System.Text.Json;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;

namespace Enneo.Web.Tickets;

/// <summary>A file: its bytes in base64, or an address from which Enneo fetches them.</summary>
internal sealed record AttachmentRequest(string? Name, string? Base64, string? Url, string? ContentType)
{
    /// <summary>As a part of a form brought them.</summary>
    internal byte[]? Bytes { get; init; }

    public WantedFile ToFile() => new(Name, Base64, Url, ContentType) { Bytes = Bytes };
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
internal static class MailRules
{
    public const int MaxText = MailSyntax.MaxText;
    public const int MaxLine = MailSyntax.MaxLine;
    public const int MaxId = MailSyntax.MaxId;
    private const int MaxAddresses = 200;

    public static IReadOnlyList<MailAddress>? Addresses(IReadOnlyList<string>? addresses) => addresses is null ? null : [.. addresses.Select(address => new MailAddress("", address.Trim()))];

    public static bool AreAddresses(IReadOnlyList<string>? addresses) => addresses is null || (addresses.Count <= MaxAddresses && addresses.All(IsAddress));

    public static bool IsAddress(string? address) => MailSyntax.IsAddress(address);

    public static bool AreFiles(IReadOnlyList<AttachmentRequest?>? files) => files is null || (files.Count <= AttachmentFetching.MaxFiles && files.All(IsFile));

    public static bool IsLine(string? text) => MailSyntax.IsLine(text);

    public static bool IsExternal(string? id) => MailSyntax.IsExternal(id);

    public static bool IsMessageId(string? id) => MailSyntax.IsMessageId(id);

    public static string? Bare(string? messageId) => MailSyntax.Bare(messageId);

    public static bool IsKeepable(JsonElement? json) => json is not { } data || data.GetRawText().Length <= MessageFacts.MaxRawData;

    /// <returns>Null for what is null or left out.</returns>
    public static string? Raw(JsonElement? json) => json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data ? data.GetRawText() : null;

    /// <summary>As HTML, whichever it is; what is not said is seen.</summary>
    public static string Html(string text, BodyType? type, MailHtml mailHtml) => IsHtml(text, type) ? text : mailHtml.FromText(text);

    public static bool IsHtml(string text, BodyType? type) => type is BodyType.Html || (type is null && MailSyntax.IsHtml(text));

    public static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    public static IReadOnlyList<WantedFile> Files(IReadOnlyList<AttachmentRequest?>? files) => [.. (files ?? []).Select(file => file!.ToFile())];

    private static bool IsFile(AttachmentRequest? file) => file is not null
        && (file.Bytes is not null || file.Base64 is null != file.Url is null) && (file.Url is not null || file.Name is not null);
}
