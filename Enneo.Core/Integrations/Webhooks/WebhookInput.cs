using Enneo.Core.Connections;
using Enneo.Core.Net;
using FluentValidation;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>All that an admin says about a webhook.</summary>
public sealed record WebhookInput
{
    public string Url { get; init; } = "";

    /// <summary>Names of <see cref="WebhookEvent"/>; empty for all.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Null for all mailboxes.</summary>
    public IReadOnlyList<long>? MailboxIds { get; init; }

    public bool IsActive { get; init; } = true;

    public bool IsSynchronous { get; init; }

    /// <summary>The host may lie in a private network, and be reached without TLS.</summary>
    public bool MayBePrivate { get; init; }

    /// <summary>SHA-256 fingerprint of the one certificate that is trusted there although nobody vouches for it; null for those that the machine trusts.</summary>
    public string? TrustedCertificate { get; init; }

    /// <summary>The key by which its system calls us; what is done by that is not told to it.</summary>
    public long? OwnKeyId { get; init; }
}

/// <summary>What became of a change.</summary>
/// <param name="Secret">The new secret, shown this once; null where there is none.</param>
/// <param name="Errors">By field; empty when it was done.</param>
public sealed record WebhookResult(long? WebhookId, string? Secret, IReadOnlyDictionary<string, string[]> Errors)
{
    public static readonly WebhookResult Missing = new(null, null, new Dictionary<string, string[]>());

    public bool Succeeded => WebhookId is not null;

    internal static WebhookResult Refused(string field, string problem) => new(null, null, new Dictionary<string, string[]> { [field] = [problem] });
}

/// <summary>The rules of a webhook: the pages and the API share them.</summary>
public sealed class WebhookInputValidator : AbstractValidator<WebhookInput>
{
    private const int MaxUrl = 2000;

    public WebhookInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(w => w.Url)
            .Must(url => Parse(url) is { Fragment.Length: 0 } && url.Length <= MaxUrl && !url.Any(char.IsControl)).WithMessage(_ => WebhookText.UrlInvalid)
            .Must((w, url) => GuardedPosting.IsAllowed(Parse(url)!, w.MayBePrivate)).WithMessage(_ => WebhookText.UrlNotAllowed);
        RuleForEach(w => w.Events).Must(name => name is not null && Enum.GetNames<WebhookEvent>().Contains(name)).WithMessage(_ => $"{WebhookText.EventUnknown} {string.Join(", ", Enum.GetNames<WebhookEvent>())}.");
        RuleFor(w => w.TrustedCertificate).Must(text => string.IsNullOrWhiteSpace(text) || CertificateFingerprint.TryNormalize(text, out _)).WithMessage(_ => WebhookText.FingerprintInvalid);
        RuleFor(w => w.MailboxIds).Must(ids => ids is null or { Count: > 0 }).WithMessage(_ => WebhookText.MailboxMissing);
    }

    private static Uri? Parse(string url) =>
        Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) && address.UserInfo.Length == 0 ? address : null;
}
