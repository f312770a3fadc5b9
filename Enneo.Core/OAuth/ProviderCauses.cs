namespace Enneo.Core.OAuth;

/// <summary>What providers other than Microsoft answer (RFC 6749, sections 4.1.2.1 and 5.2), and what we say of them; each code begins with <c>oauth.</c>.</summary>
internal static class ProviderCauses
{
    /// <summary>It gave nothing to renew tokens with.</summary>
    public const string NoRefreshToken = "no_refresh_token";

    /// <summary>It does not vouch for who signed in, or not so that it could be believed.</summary>
    public const string Identity = "identity";

    /// <summary>What it publishes about itself cannot be used.</summary>
    public const string Discovery = "discovery";

    public const string MailboxRefused = "mailbox_refused";

    private const string Prefix = "oauth.";

    /// <summary>In the language of whoever asks.</summary>
    private static IReadOnlyList<Cause> All =>
    [
        new("oauth.access_denied", ProviderCauseText.Declined, Mender.Person, ProviderCauseText.DeclinedRemedy),
        new("oauth.invalid_grant", ProviderCauseText.GrantEnded, Mender.Person, ProviderCauseText.GrantEndedRemedy),
        new("oauth.invalid_client", ProviderCauseText.AppUnknown, Mender.EnneoAdmin, ProviderCauseText.AppUnknownRemedy),
        new("oauth.unauthorized_client", ProviderCauseText.AppNotAllowed, Mender.EnneoAdmin, ProviderCauseText.AppNotAllowedRemedy),
        new("oauth.redirect_uri_mismatch", ProviderCauseText.Redirect, Mender.EnneoAdmin, ProviderCauseText.RedirectRemedy),
        new("oauth.invalid_scope", ProviderCauseText.Scope, Mender.EnneoAdmin, ProviderCauseText.ScopeRemedy),
        new("oauth.admin_policy_enforced", ProviderCauseText.Policy, Mender.Person, ProviderCauseText.PolicyRemedy),
        new("oauth.no_refresh_token", ProviderCauseText.NoRefreshToken, Mender.EnneoAdmin, ProviderCauseText.NoRefreshTokenRemedy),
        new("oauth.identity", ProviderCauseText.Identity, Mender.EnneoAdmin, ProviderCauseText.IdentityRemedy),
        new("oauth.discovery", ProviderCauseText.Discovery, Mender.EnneoAdmin, ProviderCauseText.DiscoveryRemedy),
        new("oauth.mailbox_refused", ProviderCauseText.MailboxRefused, Mender.Person, ProviderCauseText.MailboxRefusedRemedy),
        new("oauth.wrong_host", ProviderCauseText.WrongHost, Mender.EnneoAdmin, ProviderCauseText.WrongHostRemedy),
        new("oauth.keys_lost", ProviderCauseText.KeysLost, Mender.EnneoAdmin, ProviderCauseText.KeysLostRemedy),
        new("oauth.not_set_up", ProviderCauseText.NotSetUp, Mender.EnneoAdmin, ProviderCauseText.NotSetUpRemedy),
        new("oauth.unreachable", ProviderCauseText.Unreachable, Mender.Time, ProviderCauseText.UnreachableRemedy),
        new("oauth.temporarily_unavailable", ProviderCauseText.Unreachable, Mender.Time, ProviderCauseText.UnreachableRemedy),
        new("oauth.server_error", ProviderCauseText.Unreachable, Mender.Time, ProviderCauseText.UnreachableRemedy),
    ];

    /// <summary>What a mail server means that refuses a token which was renewed a moment ago.</summary>
    public static Cause OfServer => Causes.Of(Prefix + MailboxRefused);

    /// <param name="providerId">Null for Microsoft, whose codes stay as they are.</param>
    public static string CodeOf(string code, long? providerId) => providerId is null || code.StartsWith(Prefix, StringComparison.Ordinal) ? code : Prefix + code;

    /// <returns>Null for what is no provider's code.</returns>
    public static Cause? Find(string code) => !code.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : All.FirstOrDefault(cause => cause.Code == code) ?? new Cause(code, ProviderCauseText.Unknown, Mender.Person, ProviderCauseText.UnknownRemedy);
}
