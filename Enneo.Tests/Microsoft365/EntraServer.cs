using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Microsoft365;

/// <summary>
/// An authority that speaks OAuth 2.0 as Entra does: https, single tenant, code with PKCE, rotating refresh tokens, two
/// resources in one token request refused, errors in Entra's shape. Our own rather than a ready server, since that one's tokens have
/// another type than a mail server takes, it refuses what MSAL sends, and each AADSTS code must be had at will.
/// </summary>
internal sealed partial class EntraServer(TestCertificate certificate) : IAsyncDisposable
{
    public const string Tenant = "11111111-2222-3333-4444-555555555555";
    public const string ClientId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    public const string Secret = "s3cret~of~the~app";

    private readonly EntraKeys _keys = new();
    private readonly ConcurrentDictionary<string, EntraPerson> _people = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, EntraGrant> _codes = new();
    private readonly ConcurrentDictionary<string, EntraPerson> _refreshTokens = new();
    private WebApplication? _app;

    public int Port { get; } = FreePort.Next();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{Port}");

    public string Issuer => $"{Address}/{Tenant}/v2.0";

    public string PublicKey => _keys.PublicPem;

    /// <summary>Of access tokens.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>When a token should be renewed, as the answer says; null for when it ends. Less than nothing for one of which that has passed already.</summary>
    public TimeSpan? RefreshIn { get; set; }

    /// <summary>Access tokens are signed by a key that the mail server does not know.</summary>
    public bool SignsWrongly { get; set; }

    /// <summary>The login page says so in place of a code.</summary>
    public EntraRefusal? LoginRefusal { get; set; }

    /// <summary>The login page asks for an administrator and never comes back.</summary>
    public bool NeedsApproval { get; set; }

    /// <summary>Token requests of this grant are refused.</summary>
    public ConcurrentDictionary<string, EntraRefusal> TokenRefusals { get; } = new();

    /// <summary>Of the app, besides its secret.</summary>
    public X509Certificate2? AppCertificate { get; set; }

    /// <summary>Redirect addresses that are not registered.</summary>
    public ConcurrentDictionary<string, byte> UnknownRedirects { get; } = new();

    /// <summary>What people and an administrator agreed to.</summary>
    public EntraRights Rights { get; } = new();

    /// <summary>The mailbox that Exchange lets the app itself into.</summary>
    public string? ApplicationMailbox { get; set; }

    /// <summary>Bodies of all token requests.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> TokenRequests { get; } = new();

    /// <summary>Queries of all authorisation requests.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> AuthorizeRequests { get; } = new();

    /// <summary>When people gave a proof, as identity tokens say; null says nothing.</summary>
    public DateTimeOffset? ProvedAt { get; set; }

    /// <summary>How far its clock is ahead of ours.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Waited before a refresh is answered.</summary>
    public TimeSpan RefreshDelay { get; set; }

    public IReadOnlyCollection<string> GivenTokens => [.. _given];

    private readonly ConcurrentQueue<string> _given = new();

    public int Refreshes => TokenRequests.Count(request => request["grant_type"] == "refresh_token");

    public GraphServer Graph { get; } = new();

    /// <summary>The app is registered for other organisations and private accounts too.</summary>
    public bool IsMultiTenant { get; set; }

    /// <summary>Directories besides <see cref="Tenant"/> in which the app is registered.</summary>
    public HashSet<string> OtherTenants { get; } = [];

    /// <summary>Domains, by which directory (tenant) they belong to.</summary>
    public ConcurrentDictionary<string, string> Domains { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The administrator who opens the link for consent declines.</summary>
    public EntraRefusal? ConsentRefusal { get; set; }

    public EntraPerson? PersonOf(Guid objectId) => _people.Values.FirstOrDefault(person => person.ObjectId == objectId);

    public bool IsAlias(string address) => _people.Values.Any(person => person.Aliases.Contains(address, StringComparer.OrdinalIgnoreCase));

    public EntraPerson Person(string address) => _people.GetOrAdd(address, a => new EntraPerson(a, Guid.NewGuid()));

    public void Add(EntraPerson person) => _people[person.Address] = person;

    /// <summary>As when the person changed the password: what was given is worth nothing.</summary>
    public void RevokeAll() => _refreshTokens.Clear();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(Port, listen => listen.UseHttps(certificate.Certificate)));
        _app = builder.Build();
        GraphNames.Rewrite(_app, this);
        _app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", Discovery);
        _app.MapGet("/{tenant}/discovery/v2.0/keys", () => _keys.Published());
        _app.MapGet("/{tenant}/oauth2/v2.0/authorize", Authorize);
        _app.MapPost("/{tenant}/oauth2/v2.0/authorize", LogInAsync);
        _app.MapPost("/{tenant}/oauth2/v2.0/token", TokenAsync);
        _app.MapGet("/{tenant}/adminconsent", AdminConsent);
        _app.MapGet("/favicon.ico", () => Results.NoContent());
        Graph.Map(_app, this);
        GraphAsking.Map(_app, this);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _keys.Dispose();
    }

    private IResult Discovery(string tenant) => Results.Json(new
    {
        issuer = $"{Address}/{Domains.GetValueOrDefault(tenant, tenant)}/v2.0", // the id, by whichever name it was asked
        authorization_endpoint = $"{Address}/{tenant}/oauth2/v2.0/authorize",
        token_endpoint = $"{Address}/{tenant}/oauth2/v2.0/token",
        jwks_uri = $"{Address}/{tenant}/discovery/v2.0/keys",
        response_types_supported = new[] { "code" },
        scopes_supported = new[] { "openid", "profile", "offline_access" },
    });

    private IResult Authorize(string tenant, HttpRequest request)
    {
        var query = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        AuthorizeRequests.Enqueue(query);
        var problem = !IsMultiTenant && s_many.Contains(tenant) ? "AADSTS50194: Application is not configured as a multi-tenant application."
            : !Knows(tenant) ? "AADSTS90002: Tenant not found."
            : query.GetValueOrDefault("client_id") != ClientId ? "AADSTS700016: Application was not found in the directory."
            : query.GetValueOrDefault("response_type") != "code" ? "AADSTS70000: response_type"
            : query is not { } q || q.GetValueOrDefault("code_challenge_method") != "S256" ? "AADSTS501491: Invalid size of Code_Challenge parameter."
            : null;
        problem ??= UnknownRedirects.ContainsKey(query.GetValueOrDefault("redirect_uri", "")) ? "AADSTS50011: The redirect URI specified in the request does not match." : null;
        return problem is not null ? Page($"<h1>Sorry, but we’re having trouble signing you in.</h1><p>{problem}</p>")
            : query.GetValueOrDefault("prompt") == "none"
                ? Results.Redirect($"{query["redirect_uri"]}?error=login_required&error_description={Uri.EscapeDataString("AADSTS50058: A silent sign-in request was sent but no user is signed in.")}&state={query["state"]}")
            : NeedsApproval ? Page("<h1>Need admin approval</h1><p>Enneo needs permission to access resources in your organization that only an admin can grant.</p>")
            : Page($"""
                <h1>Sign in</h1><form method="post">
                <input name="login" value="{query.GetValueOrDefault("login_hint")}" aria-label="Account"/><input name="password" type="password" aria-label="Password"/>
                <button name="answer" value="accept">Accept</button><button name="answer" value="cancel">Cancel</button></form>
                """);
    }

    private static IResult Page(string html) => Results.Content($"<!doctype html><title>Sign in to your account</title>{html}", "text/html; charset=utf-8");

    private async Task<IResult> LogInAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return Results.Redirect(Back(
            request.Query["redirect_uri"].ToString(), request.Query["state"].ToString(), request.Query["code_challenge"].ToString(), request.Query["scope"].ToString(),
            form["answer"] == "accept" && form["password"] == EntraPerson.Password ? form["login"].ToString() : null));
    }

    /// <summary>Where the login page sends a person.</summary>
    /// <param name="scope">All that the person agrees to.</param>
    /// <param name="login">Null for who cancels.</param>
    public string Back(string redirectUri, string state, string challenge, string scope, string? login)
    {
        var refusal = LoginRefusal ?? (login is null ? new EntraRefusal("access_denied", 65004, "User declined to consent to access the app.") : null);
        if (refusal is not null)
        {
            return $"{redirectUri}?error={refusal.Error}&error_description={Uri.EscapeDataString($"AADSTS{refusal.Number}: {refusal.Text}")}&state={state}";
        }

        Rights.Agree(Person(login!), scope);
        var code = $"0.Code{Guid.NewGuid():N}";
        _codes[code] = new EntraGrant(Person(login!), redirectUri, challenge);
        return $"{redirectUri}?code={code}&state={state}&session_state={Guid.NewGuid()}";
    }

    private async Task<IResult> TokenAsync(string tenant, HttpRequest request)
    {
        var form = (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        TokenRequests.Enqueue(form);
        var grant = form.GetValueOrDefault("grant_type") ?? "";
        var scopes = form.GetValueOrDefault("scope", "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(s => s.Contains('/', StringComparison.Ordinal)).ToArray();
        if (grant == "refresh_token")
        {
            await Task.Delay(RefreshDelay, TimeProvider.System);
        }

        var refusal = TokenRefusals.GetValueOrDefault(grant)
            ?? (!Knows(tenant) ? new EntraRefusal("invalid_request", 90002) : null)
            ?? (form.GetValueOrDefault("client_id") != ClientId ? new EntraRefusal("unauthorized_client", 700016) : null)
            ?? (form.GetValueOrDefault("client_assertion") is { } assertion
                ? AppCertificate is { } trusted && EntraKeys.IsSignedBy(trusted, assertion) ? null : new EntraRefusal("invalid_client", 700027, "Client assertion failed signature validation.", 401)
                : form.GetValueOrDefault("client_secret") != Secret ? new EntraRefusal("invalid_client", 7000215, "Invalid client secret provided.", 401) : null)
            ?? (scopes.Select(EntraRights.ResourceOf).Distinct().Count() > 1 ? new EntraRefusal("invalid_request", 28000, "scope contains more than one resource") : null);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        var person = grant switch
        {
            "authorization_code" => Redeem(form),
            "refresh_token" => _refreshTokens.TryRemove(form["refresh_token"], out var owner) ? owner : null,
            "client_credentials" => new EntraPerson("", Guid.NewGuid()) { FullAccess = ApplicationMailbox },
            _ => null,
        };
        return person is null ? Refuse(new EntraRefusal("invalid_grant", grant == "refresh_token" ? 50173 : 70008))
            : grant != "client_credentials" && !Rights.Holds(person, scopes) ? Refuse(new EntraRefusal("invalid_grant", 65001))
            : Give(person, grant, scopes);
    }
}
