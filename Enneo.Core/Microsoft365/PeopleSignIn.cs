using System.Globalization;
using System.Security.Cryptography;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>A login at Microsoft that begins.</summary>
/// <param name="State">Comes back with the person, to the browser that began.</param>
/// <param name="ProtectedVerifier">The secret half of the code's proof, encrypted.</param>
public sealed record PersonLogin(Uri Address, string State, string ProtectedVerifier);

/// <summary>Where to begin, or why nobody can be sent there; neither where people do not sign in by Microsoft.</summary>
public sealed record PersonStart(PersonLogin? Login, Cause? Cause = null);

/// <summary>How a login ended: with a person, or with why not.</summary>
/// <param name="ProvedAt">When the person gave Microsoft a proof, by its clock; null where Microsoft does not say.</param>
/// <param name="IssuedAt">When Microsoft said so, by the same clock.</param>
public sealed record PersonLoginResult(MicrosoftPerson? Person, Cause? Cause, DateTimeOffset? ProvedAt = null, DateTimeOffset? IssuedAt = null);

/// <summary>Sends people to Microsoft's login and takes them back, to sign in here (OpenID Connect, authorization code with PKCE).</summary>
public sealed class PeopleSignIn
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly Registration _registration;
    private readonly GraphPeople _graph;

    internal PeopleSignIn(IDbContextFactory<EnneoDbContext> dbFactory, Registration registration, GraphPeople graph) => (_dbFactory, _registration, _graph) = (dbFactory, registration, graph);

    public async Task<PeopleLogins> SettingsAsync(CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(cancellationToken);
        return settings.People with { IsOn = settings.People.IsOn && settings.IsUsable };
    }

    /// <returns>The same, with what somebody's tenant may say here: another than ours, or one that nobody named by its id, says nothing. A guest of ours comes in by an invitation alone.</returns>
    public async Task<PeopleLogins> SettingsForAsync(MicrosoftPerson person, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(cancellationToken);
        return IsOurs(settings, person.TenantId) ? settings.People with { LetsTenantIn = settings.People.LetsTenantIn && !person.IsGuest } : settings.People with { LetsTenantIn = false, AdminRole = "" };
    }

    /// <returns>Whether somebody who came back a while ago would be taken back now: people sign in by Microsoft still, and by this tenant.</returns>
    public async Task<bool> TakesAsync(MicrosoftPerson person, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(cancellationToken);
        return settings is { IsUsable: true, People.IsOn: true } && IsTaken(settings, person.TenantId);
    }

    /// <param name="isProof">Microsoft shall ask for a proof anew, whoever is signed in there already.</param>
    /// <param name="chooses">Microsoft shall ask which of their accounts is meant, also where only one is signed in.</param>
    public async Task<PersonStart> StartAsync(string redirectUri, bool isProof, bool chooses, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(cancellationToken);
        if (!settings.IsUsable || !settings.People.IsOn)
        {
            return new PersonStart(null);
        }

        try
        {
            return new PersonStart(await StartAsync(settings, redirectUri, isProof, chooses, cancellationToken));
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new PersonStart(null, Causes.Of(SignInFailure.Of(exception).Code));
        }
    }

    private async Task<PersonLogin> StartAsync(Microsoft365Settings settings, string redirectUri, bool isProof, bool chooses, CancellationToken cancellationToken)
    {
        var state = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Dictionary<string, (string Value, bool IncludeInCacheKey)> extra = new() { ["state"] = (state, false) };
        if (isProof)
        {
            extra["max_age"] = ("0", false);
        }

        var asked = _registration.Application(settings, redirectUri: redirectUri).GetAuthorizationRequestUrl(ScopesOf(settings)).WithPkce(out var verifier).WithExtraQueryParameters(extra);
        var address = await (isProof ? asked.WithPrompt(Prompt.ForceLogin) : chooses ? asked.WithPrompt(Prompt.SelectAccount) : asked).ExecuteAsync(cancellationToken);
        return new PersonLogin(address, state, _registration.ProtectVerifier(verifier));
    }

    /// <summary>Takes back who began in this browser; that the state is theirs was seen to.</summary>
    /// <param name="protectedVerifier">Of <see cref="PersonLogin"/>.</param>
    public async Task<PersonLoginResult> FinishAsync(Callback callback, string protectedVerifier, string redirectUri, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(cancellationToken);
        if (!settings.IsUsable || !settings.People.IsOn)
        {
            return Refused(Causes.NotSetUp);
        }

        if ((MicrosoftAuthority.ProblemOf(callback, settings) ?? (callback.Code is { Length: > 0 } ? null : "invalid_request")) is { } problem)
        {
            return Refused(problem);
        }

        try
        {
            var result = await _registration.Application(settings, redirectUri: redirectUri)
                .AcquireTokenByAuthorizationCode(ScopesOf(settings), callback.Code)
                .WithPkceCodeVerifier(_registration.UnprotectVerifier(protectedVerifier))
                .ExecuteAsync(cancellationToken);
            return !IsTaken(settings, result.TenantId) ? Refused(Causes.TenantDiffers)
                : result is not { TenantId.Length: > 0, UniqueId.Length: > 0 } ? Refused("invalid_request")
                : await RolesAsync(settings, result, cancellationToken) is not { } roles ? Refused(Causes.GroupsUnknown)
                : new PersonLoginResult(PersonOf(result, roles), null, TimeIn(result, "auth_time"), TimeIn(result, "iat"));
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return Refused(SignInFailure.Of(exception).Code);
        }
    }

    /// <summary>Anybody's tenant where none is named by its id.</summary>
    private static bool IsTaken(Microsoft365Settings settings, string? tenantId) => !Guid.TryParse(settings.Tenant, out _) || IsOurs(settings, tenantId);

    private static bool IsOurs(Microsoft365Settings settings, string? tenantId) =>
        Guid.TryParse(settings.Tenant, out var ours) && Guid.TryParse(tenantId, out var theirs) && theirs == ours;

    /// <summary>
    /// App roles and groups as the identity token names them. Of somebody in very many groups it names none of these and says so
    /// (the overage claim, https://learn.microsoft.com/security/zero-trust/develop/configure-tokens-group-claims-app-roles): then Graph is asked for the one that counts here.
    /// </summary>
    /// <returns>Null where it matters and Graph does not say.</returns>
    private async Task<IReadOnlyList<string>?> RolesAsync(Microsoft365Settings settings, AuthenticationResult result, CancellationToken cancellationToken)
    {
        var claims = result.ClaimsPrincipal?.Claims.ToList() ?? [];
        List<string> named = [.. claims.Where(claim => claim.Type is "roles" or "groups").Select(claim => claim.Value)];
        var isCutShort = claims.Any(claim => claim.Type is "hasgroups" || (claim.Type is "_claim_names" && claim.Value.Contains("\"groups\"", StringComparison.Ordinal)));
        if (!isCutShort || !Guid.TryParse(settings.People.AdminRole, out _) || !IsOurs(settings, result.TenantId))
        {
            return named;
        }

        return await _graph.IsInGroupAsync(settings.Addresses, result.AccessToken, settings.People.AdminRole, cancellationToken) switch
        {
            true => [.. named, settings.People.AdminRole],
            false => named,
            null => null,
        };
    }

    private static MicrosoftPerson PersonOf(AuthenticationResult result, IReadOnlyList<string> roles) => new(
        result.TenantId,
        result.UniqueId,
        result.Account.Username,
        result.ClaimsPrincipal?.FindFirst("name")?.Value ?? "",
        roles,
        IsGuest(result));

    /// <summary>
    /// As the optional claim <c>acct</c> says. Without it, a guest is who was authenticated elsewhere (<c>idp</c>, which is left out or names our tenant for who was not), or
    /// has the name of one (https://learn.microsoft.com/entra/identity-platform/optional-claims-reference, https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference).
    /// </summary>
    private static bool IsGuest(AuthenticationResult result)
    {
        string? Claim(string name) => result.ClaimsPrincipal?.FindFirst(name)?.Value;
        return Claim("acct") is { } kind ? kind != "0"
            : (Claim("idp") is { Length: > 0 } idp && !idp.Contains(result.TenantId, StringComparison.OrdinalIgnoreCase)) || new[] { result.Account.Username, Claim("upn") }.Any(name => name?.Contains("#EXT#", StringComparison.OrdinalIgnoreCase) is true);
    }

    /// <summary>As OpenID Connect calls it: seconds since 1970.</summary>
    private static DateTimeOffset? TimeIn(AuthenticationResult result, string claim) =>
        long.TryParse(result.ClaimsPrincipal?.FindFirst(claim)?.Value, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>MSAL adds openid and profile, which are what this is about.</summary>
    private static string[] ScopesOf(Microsoft365Settings settings) => [$"{settings.Addresses.Graph}/User.Read"];

    private static PersonLoginResult Refused(string code) => new(null, Causes.Of(code));

    private async Task<Microsoft365Settings> ReadAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await Microsoft365Settings.ReadAsync(db, cancellationToken);
    }
}
