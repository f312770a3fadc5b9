using System.Globalization;
using Enneo.Core.Connections;
using Enneo.Core.OAuth;

namespace Enneo.Web.OAuth;

/// <summary>A provider while it is edited.</summary>
/// <param name="before">As it is stored, or what a new one begins with.</param>
public sealed class ProviderDraft(ProviderInput before)
{
    private string? _compared;

    public bool IsGoogle => before.IsGoogle;

    public string Name { get; set; } = before.Name;
    public string Authority { get; set; } = before.Authority;
    public string AuthorizeAddress { get; set; } = before.AuthorizeAddress;
    public string TokenAddress { get; set; } = before.TokenAddress;
    public string ClientId { get; set; } = before.ClientId;

    /// <summary>Empty keeps the one that is stored.</summary>
    public string Secret { get; set; } = "";

    public string Scopes { get; set; } = before.Scopes;
    public string Extra { get; set; } = before.Extra;
    public TokenMechanism Mechanism { get; set; } = before.Mechanism;
    public string ImapHost { get; set; } = before.ImapHost;
    public int ImapPort { get; set; } = before.ImapPort;
    public ConnectionSecurity ImapSecurity { get; set; } = before.ImapSecurity;
    public string SmtpHost { get; set; } = before.SmtpHost;
    public int SmtpPort { get; set; } = before.SmtpPort;
    public ConnectionSecurity SmtpSecurity { get; set; } = before.SmtpSecurity;
    public string Fingerprint { get; set; } = before.TrustedCertificate ?? "";

    /// <summary>That the fingerprint as it stands here, which is another than before, was compared.</summary>
    public bool TrustsNew
    {
        get => _compared is not null && _compared == Fingerprint;
        set => _compared = value ? Fingerprint : null;
    }

    public ProviderInput ToInput() => before with
    {
        Name = Name,
        Authority = Authority,
        AuthorizeAddress = AuthorizeAddress,
        TokenAddress = TokenAddress,
        ClientId = ClientId,
        Secret = Secret.Length > 0 ? Secret : null,
        Scopes = Scopes,
        Extra = Extra,
        Mechanism = Mechanism,
        ImapHost = ImapHost,
        ImapPort = ImapPort,
        ImapSecurity = ImapSecurity,
        SmtpHost = SmtpHost,
        SmtpPort = SmtpPort,
        SmtpSecurity = SmtpSecurity,
        TrustedCertificate = Fingerprint,
        ComparedCertificate = _compared,
    };

    /// <inheritdoc cref="ProviderInput.CallbackKey"/>
    public string CallbackKey => ToInput().CallbackKey;

    /// <summary>How many mailboxes it has, in words.</summary>
    public static string Mailboxes(ProviderView provider) => string.Format(CultureInfo.CurrentCulture, ProvidersText.Mailboxes, provider.Mailboxes);
}
