using Enneo.Core.OAuth;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>Microsoft as it signs people in and gives tokens, by MSAL.</summary>
internal sealed class MicrosoftAuthority(Registration registration, GraphPeople people, Microsoft365Settings settings) : IAuthority
{
    public async Task<LoginPage> LoginAsync(ConnectWish wish, string state, CancellationToken cancellationToken)
    {
        var address = await registration.Application(settings, redirectUri: wish.RedirectUri)
            .GetAuthorizationRequestUrl(Scopes.OutlookOf(settings.Addresses))
            .WithExtraScopesToConsent(Scopes.ConsentOf(settings.Addresses, wish.IsShared is true))
            .WithLoginHint(wish.Hint)
            .WithPrompt(Prompt.SelectAccount)
            .WithPkce(out var verifier)
            .WithExtraQueryParameters(new Dictionary<string, (string Value, bool IncludeInCacheKey)> { ["state"] = (state, false) })
            .ExecuteAsync(cancellationToken);
        return new LoginPage(address, registration.ProtectVerifier(verifier));
    }

    public string? ProblemOf(Callback callback) => ProblemOf(callback, settings);

    public async Task<Login> RedeemAsync(ConnectAttempt attempt, string code, CancellationToken cancellationToken)
    {
        var cache = registration.Cache();
        var application = registration.Application(settings, cache, attempt.RedirectUri);
        var result = await application.AcquireTokenByAuthorizationCode(Scopes.OutlookOf(settings.Addresses), code)
            .WithPkceCodeVerifier(registration.UnprotectVerifier(attempt.ProtectedVerifier))
            .ExecuteAsync(cancellationToken);
        if (Guid.TryParse(settings.Tenant, out var tenant) && !(Guid.TryParse(result.TenantId, out var given) && given == tenant))
        {
            throw new AuthorityRefusedException(Causes.TenantDiffers, isFinal: true);
        }

        var names = await people.NamesAsync(application, settings.Addresses, result, cancellationToken);
        return new Login(
            result.TenantId ?? "", result.UniqueId ?? "", result.Account.HomeAccountId.Identifier, result.Account.Username, names, new Grant(result.AccessToken, result.ExpiresOn, cache.Tokens ?? []));
    }

    public async Task<Grant> TokenAsync(ConnectedAccount account, TokenWish wish, CancellationToken cancellationToken)
    {
        if (TenantChange.Left(settings, account))
        {
            throw new AuthorityRefusedException(Causes.TenantChanged, isFinal: true);
        }

        var cache = registration.Cache(account.ProtectedTokens);
        var application = registration.Application(settings, cache);
        var result = await AcquireAsync(application, account, wish.Rejected is null ? wish : wish with { Claims = null }, cancellationToken);
        if (result.AccessToken == wish.Rejected) // else somebody renewed it meanwhile
        {
            result = await AcquireAsync(application, account, wish with { Early = true }, cancellationToken);
        }

        return new Grant(result.AccessToken, result.ExpiresOn, cache.HasChanged ? cache.Tokens : null) { Scopes = [.. result.Scopes] };
    }

    /// <inheritdoc cref="IAuthority.ProblemOf"/>
    public static string? ProblemOf(Callback callback, Microsoft365Settings settings) =>
        callback.Error is { } error ? SignInFailure.CodeIn(callback.ErrorDescription) ?? SignInFailure.SafeCode(error)
        : !IsOurs(callback, settings) ? Causes.TenantDiffers
        : null;

    /// <summary>Whoever else answers at our address is not believed (RFC 9700, section 4.4).</summary>
    private static bool IsOurs(Callback callback, Microsoft365Settings settings) =>
        (callback.Issuer is not { } issuer || issuer.StartsWith(settings.Addresses.Authority + "/", StringComparison.OrdinalIgnoreCase))
        && (callback.Tenant is not { } tenant || !Guid.TryParse(settings.Tenant, out var ours) || (Guid.TryParse(tenant, out var theirs) && theirs == ours));

    private async Task<AuthenticationResult> AcquireAsync(IConfidentialClientApplication application, ConnectedAccount account, TokenWish wish, CancellationToken cancellationToken)
    {
        var cloud = settings.Addresses;
        if (account.IsApplication)
        {
            var asked = application.AcquireTokenForClient(Scopes.ApplicationOf(cloud, wish.Use)).WithForceRefresh(wish.Early);
            return await (wish.Claims is { } wanted ? asked.WithClaims(wanted) : asked).ExecuteAsync(cancellationToken);
        }

        var scopes = wish.Use is TokenFor.Mail ? Scopes.OutlookOf(cloud) : Scopes.GraphOf(cloud, account.TenantId == ConnectedAccount.PersonalTenant);
        var person = await application.GetAccountAsync(account.HomeAccountId) ?? throw new AuthorityRefusedException(account.ProblemOf(wish.Use).Code ?? Causes.NothingStored, isFinal: true);
        var silent = application.AcquireTokenSilent(scopes, person).WithForceRefresh(wish.Early);
        return await (wish.Claims is { } claims ? silent.WithClaims(claims) : silent).ExecuteAsync(cancellationToken);
    }
}
