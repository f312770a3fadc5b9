using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;

namespace Enneo.Web.Tickets;

/// <summary>A file: its bytes in base64, or an address from which Enneo fetches them.</summary>
internal sealed record AttachmentRequest(string? Name, string? Base64, string? Url, string? ContentType)
{
    /// <summary>As a part of a form brought them.</summary>
    [JsonIgnore]
    public byte[]? Bytes { get; init; }

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
internal static partial class MailRules
{
    public const int MaxText = 2_000_000;
    public const int MaxLine = 900;
    public const int MaxId = 900;
    private const int MaxAddress = 254;
    private const int MaxAddresses = 200;

    public static IReadOnlyList<MailAddress>? Addresses(IReadOnlyList<string>? addresses) => addresses is null ? null : [.. addresses.Select(address => new MailAddress("", address.Trim()))];

    public static bool AreAddresses(IReadOnlyList<string>? addresses) => addresses is null || (addresses.Count <= MaxAddresses && addresses.All(IsAddress));

    public static bool IsAddress(string? address) =>
        address is { Length: > 2 and <= MaxAddress } && !address.Any(char.IsControl) && System.Net.Mail.MailAddress.TryCreate(address.Trim(), out var parsed) && parsed.Address == address.Trim() && new MailAddress("", parsed.Address).CanBeWritten();

    public static bool AreFiles(IReadOnlyList<AttachmentRequest?>? files) => files is null || (files.Count <= AttachmentFetching.MaxFiles && files.All(IsFile));

    public static bool IsLine(string? text) => text is null || (text.Length <= MaxLine && !text.Any(char.IsControl));

    public static bool IsExternal(string? id) => id is null or { Length: > 0 and <= ExternalTicket.MaxLength };

    public static bool IsMessageId(string? id) =>
        id is null || (Bare(id) is { Length: > 0 and <= MaxId } bare && !bare.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>') && MessageIds.IsValid(bare));

    public static string? Bare(string? messageId) => messageId?.Trim('<', '>', ' ');

    public static bool IsKeepable(JsonElement? json) => json is not { } data || data.GetRawText().Length <= MessageFacts.MaxRawData;

    /// <returns>Null for what is null or left out.</returns>
    public static string? Raw(JsonElement? json) => json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } data ? data.GetRawText() : null;

    /// <summary>As HTML, whichever it is; what is not said is seen.</summary>
    public static string Html(string text, BodyType? type, MailHtml mailHtml) => IsHtml(text, type) ? text : mailHtml.FromText(text);

    public static bool IsHtml(string text, BodyType? type) => type is BodyType.Html || (type is null && Tag().IsMatch(text));

    public static string Say(string text, params object?[] values) => string.Format(CultureInfo.InvariantCulture, text, values);

    public static IReadOnlyList<WantedFile> Files(IReadOnlyList<AttachmentRequest?>? files) => [.. (files ?? []).Select(file => file!.ToFile())];

    private static bool IsFile(AttachmentRequest? file) => file is not null
        && (file.Bytes is not null || file.Base64 is null != file.Url is null) && (file.Url is not null || file.Name is not null);

    [GeneratedRegex("<(?:!doctype|html|body|p|div|br|span|a|b|i|table|ul|ol|h[1-6])[\\s>/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
