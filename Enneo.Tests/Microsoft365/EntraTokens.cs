using System.Security.Cryptography;
using System.Text;
using Enneo.Core.OAuth;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>What the authority gives and refuses.</summary>
internal sealed partial class EntraServer
{
    private static readonly string[] s_many = ["organizations", "common"];

    /// <inheritdoc cref="EntraKeys.LookingInto"/>
    public string LookingInto(string address) => _keys.LookingInto(address, "upn", Issuer, "https://outlook.office.com");

    private bool Knows(string tenant) => tenant == Tenant || OtherTenants.Contains(tenant) || (IsMultiTenant && (s_many.Contains(tenant) || tenant == ConnectedAccount.PersonalTenant));

    private IResult AdminConsent(string tenant, string client_id, string redirect_uri, string state) => Results.Redirect(
        client_id != ClientId ? $"{redirect_uri}?error=unauthorized_client&error_description=AADSTS700016&state={state}"
        : ConsentRefusal is { } refusal ? $"{redirect_uri}?error={refusal.Error}&error_subcode=cancel&error_description={Uri.EscapeDataString($"AADSTS{refusal.Number}: {refusal.Text}")}&state={state}"
        : $"{redirect_uri}?admin_consent=True&tenant={tenant}&state={state}");

    private EntraPerson? Redeem(Dictionary<string, string> form) =>
        _codes.TryRemove(form.GetValueOrDefault("code", ""), out var grant)
        && grant.RedirectUri == form.GetValueOrDefault("redirect_uri")
        && grant.Challenge == EntraKeys.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form.GetValueOrDefault("code_verifier", ""))))
            ? grant.Person : null;

    private IResult Give(EntraPerson person, string grant, string[] scopes)
    {
        var refresh = $"0.AX{Convert.ToHexString(RandomNumberGenerator.GetBytes(300))}";
        var resource = EntraRights.ResourceOf(scopes[0]);
        var agreed = person.IsPrivate ? scopes : [.. Rights.ScopesOf(person, resource)];
        var token = Token(person, resource, scopes, agreed);
        _given.Enqueue(token);
        if (grant == "client_credentials")
        {
            return Results.Json(new { token_type = "Bearer", expires_in = (int)Lifetime.TotalSeconds, access_token = token });
        }

        _given.Enqueue(refresh);
        _refreshTokens[refresh] = person;
        return Results.Json(new
        {
            token_type = "Bearer",
            scope = string.Join(' ', agreed),
            expires_in = (int)Lifetime.TotalSeconds,
            refresh_in = (int)(RefreshIn ?? Lifetime).TotalSeconds,
            ext_expires_in = (int)Lifetime.TotalSeconds,
            access_token = token,
            refresh_token = refresh,
            id_token = _keys.Sign(Identity(person)),
            client_info = EntraKeys.Encode(Encoding.UTF8.GetBytes($$"""{"uid":"{{person.ObjectId}}","utid":"{{person.Tenant}}"}""")),
        });
    }

    private Dictionary<string, object> Identity(EntraPerson person)
    {
        var claims = person.Claims.Aggregate(Claims(person, ClientId), (all, claim) => new Dictionary<string, object>(all) { [claim.Key] = claim.Value });
        return ProvedAt is { } at ? new Dictionary<string, object>(claims) { ["auth_time"] = at.ToUnixTimeSeconds() } : claims;
    }

    /// <param name="agreed">As Entra does, a token holds all that was agreed to at its resource, whichever of it was asked for; a private account's holds what was asked for.</param>
    private string Token(EntraPerson person, string resource, string[] scopes, string[] agreed) => _keys.Sign(
        new Dictionary<string, object>(Claims(person, resource))
        {
            ["upn"] = person.Address, // empty for the app itself, which nobody signs in as
            ["full_access"] = person.FullAccess ?? "",
            ["appid"] = ClientId,
            ["uti"] = Guid.NewGuid().ToString("N"),
            ["scp"] = string.Join(' ', agreed.Select(scope => scope[(scope.LastIndexOf('/') + 1)..])),
            ["roles"] = Rights.RolesOf(resource, scopes),
            ["in_exchange"] = Rights.InExchange.Keys, // which Exchange looks up; no token names it
            ["xms_filler"] = new string('x', 1300), // as long as real ones are
        },
        trusted: !SignsWrongly);

    private Dictionary<string, object> Claims(EntraPerson person, string audience)
    {
        var now = TimeProvider.System.GetUtcNow() + Skew;
        return new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = audience,
            ["sub"] = $"sub-{person.ObjectId}",
            ["oid"] = person.ObjectId.ToString(),
            ["tid"] = person.Tenant,
            ["name"] = person.Address.Split('@')[0],
            ["preferred_username"] = person.Address,
            ["roles"] = person.Roles,
            ["_claim_names"] = person.Groups.Count > 0 ? new { groups = "src1" } : new { },
            ["ver"] = "2.0",
            ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
    }

    private static IResult Refuse(EntraRefusal refusal) => refusal.Number == 0
        ? Results.Content("<h1>Service Unavailable</h1>", "text/html", Encoding.UTF8, refusal.Status) // what stands before it answers in its place
        : Results.Json(
        new
        {
            error = refusal.Error,
            error_description = $"AADSTS{refusal.Number}: {refusal.Text} Trace ID: {Guid.NewGuid()} Correlation ID: {Guid.NewGuid()} Timestamp: 2026-01-01 00:00:00Z",
            error_codes = new[] { refusal.Number },
            timestamp = "2026-01-01 00:00:00Z",
            trace_id = Guid.NewGuid(),
            correlation_id = Guid.NewGuid(),
            error_uri = $"https://login.microsoftonline.com/error?code={refusal.Number}",
        },
        statusCode: refusal.Status);
}
