using Enneo.Core.Connections;

namespace Enneo.Core.Microsoft365;

/// <summary>What the fields of the registration must be.</summary>
internal static class Microsoft365Rules
{
    public static Dictionary<string, string[]> Check(Microsoft365Input input)
    {
        Dictionary<string, string[]> errors = [];
        var tenant = input.Tenant.Trim();
        if (tenant.Length == 0)
        {
            errors["tenant"] = [Microsoft365Text.TenantMissing];
        }
        else if (!tenant.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            errors["tenant"] = [Microsoft365Text.TenantInvalid];
        }

        if (!Guid.TryParse(input.ClientId.Trim(), out _))
        {
            errors["clientId"] = [Microsoft365Text.ClientIdInvalid];
        }

        if (input.People is { IsOn: true } and ({ LetsTenantIn: true } or { AdminRole.Length: > 0 }) && !Guid.TryParse(tenant, out _))
        {
            errors["people"] = [Microsoft365Text.PeopleNeedTenant];
        }

        if (input.Cloud is Cloud.Own && !IsComplete(input.Own))
        {
            errors["own"] = [Microsoft365Text.OwnInvalid];
        }

        return errors;
    }

    public static CloudAddresses? Normalized(CloudAddresses? own) => own is null ? null : own with
    {
        Authority = own.Authority.Trim().TrimEnd('/'),
        Graph = own.Graph.Trim().TrimEnd('/'),
        Outlook = own.Outlook.Trim().TrimEnd('/'),
        ApplicationOutlook = own.ApplicationOutlook.Trim().TrimEnd('/'),
        Imap = own.Imap.Trim(),
        Smtp = own.Smtp.Trim(),
        TrustedCertificate = CertificateFingerprint.TryNormalize(own.TrustedCertificate ?? "", out var fingerprint) ? fingerprint : null,
    };

    private static bool IsComplete(CloudAddresses? own) =>
        own is not null
        && new[] { own.Authority, own.Graph, own.Outlook, own.ApplicationOutlook }.All(IsHttps)
        && own.Imap.Trim().Length > 0
        && own.Smtp.Trim().Length > 0
        && (string.IsNullOrWhiteSpace(own.TrustedCertificate) || CertificateFingerprint.TryNormalize(own.TrustedCertificate, out _));

    private static bool IsHttps(string address) => Uri.TryCreate(address.Trim(), UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;
}
