using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.OAuth;
using Enneo.Tests.Microsoft365;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.OAuth;

/// <summary>
/// A provider that speaks OpenID Connect as Google does: https, code with PKCE, a refresh token for who asks for offline access and for consent.
/// What it says can be made wrong, piece by piece.
/// </summary>
internal sealed class OidcServer(TestCertificate certificate) : IAsyncDisposable
{
    public const string ClientId = "enneo.apps.example.test";
    public const string Secret = "GOCSPX-s3cret";
    public const string Password = "what-anna-knows";
    public const string Offline = "access_type=offline&prompt=consent";

    private readonly EntraKeys _keys = new();
    private readonly ConcurrentDictionary<string, (string Login, IReadOnlyDictionary<string, string> Asked)> _codes = new();
    private readonly ConcurrentDictionary<string, string> _refreshTokens = new();
    private readonly ConcurrentQueue<string> _given = new();
    private WebApplication? _app;

    public int Port { get; } = FreePort.Next();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{Port}");

    public string Issuer => WantsBasic ? $"{Address}/basic" : Address;

    public string PublicKey => _keys.PublicPem;

    /// <inheritdoc cref="EntraKeys.LookingInto"/>
    public string LookingInto(string address) => _keys.LookingInto(address, "email", Address, ClientId);

    public IReadOnlyCollection<string> GivenTokens => [.. _given];

    /// <summary>Bodies of all token requests.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> TokenRequests { get; } = new();

    public int Refreshes => TokenRequests.Count(request => request["grant_type"] == "refresh_token");

    /// <summary>Token requests are answered so.</summary>
    public (int Status, string Body)? TokenRefusal { get; set; }

    /// <summary>A new refresh token comes with each renewal, and the old one is worth nothing.</summary>
    public bool Rotates { get; set; } = true;

    /// <summary>The app's secret is taken in the header alone.</summary>
    public bool WantsBasic { get; set; }

    /// <summary>Waited before a refresh is answered.</summary>
    public TimeSpan RefreshDelay { get; set; }

    /// <summary>Of access tokens.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Changes the claims of identity tokens.</summary>
    public Action<Dictionary<string, object>>? Forge { get; set; }

    /// <summary>Identity tokens are signed by a key that nobody published.</summary>
    public bool SignsWrongly { get; set; }

    /// <summary>How far its clock is ahead of ours.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>It publishes an address for tokens that are not wanted any more.</summary>
    public bool Revokes { get; set; } = true;

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Revocations { get; } = new();

    /// <summary>What it calls itself where it publishes its addresses.</summary>
    public string? CallsItself { get; set; }

    /// <summary>As when somebody takes the app's access away: what was given is worth nothing.</summary>
    public void RevokeAll() => _refreshTokens.Clear();

    public void Behave()
    {
        (TokenRefusal, Rotates, WantsBasic, RefreshDelay, Lifetime) = (null, true, false, TimeSpan.Zero, TimeSpan.FromHours(1));
        (Forge, SignsWrongly, CallsItself, Skew, Revokes) = (null, false, null, TimeSpan.Zero, true);
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(Port, listen => listen.UseHttps(certificate.Certificate)));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Discovery(Address, WantsBasic));
        _app.MapGet("/basic/.well-known/openid-configuration", () => Discovery($"{Address}/basic", basic: true));
        _app.MapGet("/keys", () => _keys.Published());
        _app.MapGet("/authorize", (HttpRequest request) => Results.Content(
            $"""
            <!doctype html><title>Sign in</title><h1>Sign in</h1><form method="post">
            <input name="login" value="{request.Query["login_hint"]}" aria-label="Account"/><input name="password" type="password" aria-label="Password"/>
            <button name="answer" value="accept">Allow</button><button name="answer" value="cancel">Cancel</button></form>
            """,
            "text/html; charset=utf-8"));
        _app.MapPost("/authorize", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return Results.Redirect(Back(
                request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), form["answer"] == "accept" && form["password"] == Password ? form["login"].ToString() : null));
        });
        _app.MapPost("/token", TokenAsync);
        _app.MapPost("/revoke", async (HttpRequest request) =>
        {
            var form = (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
            Revocations.Enqueue(form);
            return Vouches(request, form) && _refreshTokens.TryRemove(form["token"], out _) ? Results.Ok() : Refuse("invalid_client", 401);
        });
        _app.MapGet("/favicon.ico", () => Results.NoContent());
        await _app.StartAsync();
    }

    /// <summary>Logs in where <paramref name="login"/> leads.</summary>
    /// <param name="person">Null cancels.</param>
    /// <returns>What they come back with.</returns>
    public Callback LogIn(Uri login, string? person)
    {
        var back = QueryHelpers.ParseQuery(new Uri(Back(QueryHelpers.ParseQuery(login.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), person)).Query);
        return new Callback(
            back.GetValueOrDefault("state"), back.TryGetValue("code", out var code) ? code.ToString() : null, back.TryGetValue("error", out var error) ? error.ToString() : null,
            null, null, null, back.GetValueOrDefault("iss"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _keys.Dispose();
    }

    private IResult Discovery(string issuer, bool basic) => Results.Json(new
    {
        issuer = CallsItself ?? issuer,
        authorization_endpoint = $"{Address}/authorize",
        token_endpoint = $"{Address}/token",
        jwks_uri = $"{Address}/keys",
        revocation_endpoint = Revokes ? $"{Address}/revoke" : null,
        response_types_supported = new[] { "code" },
        token_endpoint_auth_methods_supported = basic ? new[] { "client_secret_basic" } : ["client_secret_post", "client_secret_basic"],
    });

    private string Back(IReadOnlyDictionary<string, string> asked, string? login)
    {
        if (login is null || asked["client_id"] != ClientId || asked["code_challenge_method"] != "S256")
        {
            return $"{asked["redirect_uri"]}?error=access_denied&state={asked["state"]}&iss={Uri.EscapeDataString(Issuer)}";
        }

        var code = $"4/0A{Guid.NewGuid():N}";
        _codes[code] = (login, asked);
        return $"{asked["redirect_uri"]}?code={Uri.EscapeDataString(code)}&state={asked["state"]}&iss={Uri.EscapeDataString(Issuer)}";
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        TokenRequests.Enqueue(form);
        if (form["grant_type"] == "refresh_token")
        {
            await Task.Delay(RefreshDelay, TimeProvider.System);
        }

        if (TokenRefusal is { } refusal)
        {
            return Results.Content(refusal.Body, "application/json", Encoding.UTF8, refusal.Status);
        }

        if (!Vouches(request, form))
        {
            return Refuse("invalid_client", 401);
        }

        return form["grant_type"] switch
        {
            "authorization_code" when _codes.TryRemove(form["code"], out var code) && IsRedeemedBy(code.Asked, form) => Give(code.Login, code.Asked, withIdentity: true),
            "refresh_token" when Rotates && _refreshTokens.TryRemove(form["refresh_token"], out var login) => Give(login, null, withIdentity: false),
            "refresh_token" when !Rotates && _refreshTokens.TryGetValue(form["refresh_token"], out var same) => Give(same, null, withIdentity: false),
            _ => Refuse("invalid_grant", 400),
        };
    }

    private bool Vouches(HttpRequest request, Dictionary<string, string> form) => WantsBasic
        ? AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Parameter == Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{Secret}"))
        : form["client_id"] == ClientId && form.GetValueOrDefault("client_secret") == Secret;

    private static bool IsRedeemedBy(IReadOnlyDictionary<string, string> asked, Dictionary<string, string> form) =>
        asked["redirect_uri"] == form["redirect_uri"] && asked["code_challenge"] == EntraKeys.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"])));

    /// <param name="asked">Null for a renewal.</param>
    private IResult Give(string login, IReadOnlyDictionary<string, string>? asked, bool withIdentity)
    {
        var access = _keys.Sign(new Dictionary<string, object>(Claims(login)) { ["email"] = login, ["jti"] = Guid.NewGuid(), ["filler"] = new string('x', 800) });
        Dictionary<string, object> answer = new() { ["access_token"] = access, ["token_type"] = "Bearer", ["expires_in"] = (int)Lifetime.TotalSeconds };
        _given.Enqueue(access);
        if (asked is null ? Rotates : asked.GetValueOrDefault("access_type") == "offline" || asked["scope"].Contains("offline_access", StringComparison.Ordinal))
        {
            var refresh = $"1//0{Convert.ToHexString(RandomNumberGenerator.GetBytes(60))}";
            _given.Enqueue(refresh);
            _refreshTokens[refresh] = login;
            answer["refresh_token"] = refresh;
        }

        if (withIdentity && asked!.GetValueOrDefault("nonce") is { } nonce)
        {
            Dictionary<string, object> claims = new(Claims(login)) { ["aud"] = ClientId, ["azp"] = ClientId, ["nonce"] = nonce, ["email"] = login, ["email_verified"] = true };
            Forge?.Invoke(claims);
            answer["id_token"] = _keys.Sign(claims, trusted: !SignsWrongly);
        }

        return Results.Json(answer);
    }

    private Dictionary<string, object> Claims(string login)
    {
        var now = TimeProvider.System.GetUtcNow() + Skew;
        return new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["sub"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(login)))[..21],
            ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
    }

    private static IResult Refuse(string error, int status) => Results.Json(new { error, error_description = "said so by the test" }, statusCode: status);
}
