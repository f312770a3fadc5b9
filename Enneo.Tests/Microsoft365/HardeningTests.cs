using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Tests.Architecture;
using Enneo.Tests.Shell;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>Connect Account in a running program, met by people who mean harm.</summary>
public sealed class HardeningTests(EnneoApp app) : IClassFixture<EnneoApp>, IAsyncLifetime
{
    private const string Authority = "https://login.example.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Microsoft365Input registration = new()
        {
            Tenant = EntraServer.Tenant,
            ClientId = EntraServer.ClientId,
            Secret = EntraServer.Secret,
            Cloud = Cloud.Own,
            Own = new CloudAddresses(Authority, "https://graph.example.test", "https://outlook.example.test", "https://outlook.example.test", "imap.example.test:993", "smtp.example.test:587"),
        };
        Assert.Empty(await app.Get<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", Cancel));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    [Trait("Check", "OA05")]
    [Trait("Check", "OA06")]
    [Trait("Check", "OA07")]
    public async Task The_login_returns_to_the_address_of_the_settings_whatever_host_a_request_names_and_nothing_of_it_is_left_in_the_next_page()
    {
        using var visitor = new WebVisitor(app.Address).BehindHttpsProxy("evil.test");
        visitor.Headers["X-Forwarded-Host"] = "evil.test";
        using var signedIn = await visitor.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);

        using var start = await visitor.GetAsync("/settings/microsoft365/connect?form=a&address=a%40example.test&returnUrl=%2F%2Fevil.test");

        Assert.StartsWith(Authority, start.Headers.Location!.ToString(), StringComparison.Ordinal);
        var asked = QueryHelpers.ParseQuery(start.Headers.Location.Query);
        Assert.Equal(new Uri(app.Address, "/microsoft365/callback").ToString(), asked["redirect_uri"].ToString());
        Assert.DoesNotContain("evil.test", start.Headers.Location.ToString(), StringComparison.Ordinal);

        using var back = await visitor.GetAsync($"/microsoft365/callback?error=access_denied&error_description=%3Cscript%3E&state={asked["state"]}&returnUrl=%2F%5Cevil.test");
        var next = back.Headers.Location!.ToString();
        Assert.StartsWith("/microsoft365/done?", next, StringComparison.Ordinal);
        Assert.DoesNotContain(asked["state"].ToString(), next, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", next, StringComparison.Ordinal);
        Assert.Equal(["no-referrer"], back.Headers.GetValues("Referrer-Policy"));
        using var done = await visitor.GetAsync(next);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(done.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_back_with_an_administrators_consent_is_on_record_one_of_us_by_name_and_a_stranger_by_address()
    {
        var link = await app.Get<AccountConnecting>().ConsentLinkAsync(new Uri(app.Address, "/microsoft365/callback").ToString(), Cancel);
        var back = $"/microsoft365/callback?admin_consent=True&tenant={EntraServer.Tenant}&state={Uri.EscapeDataString(QueryHelpers.ParseQuery(link!.Query)["state"].ToString())}";
        using WebVisitor stranger = new(app.Address);
        using WebVisitor admin = new(app.Address);
        using var signedIn = await admin.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);

        foreach (var visitor in new[] { stranger, admin, stranger })
        {
            using var answer = await visitor.GetAsync(back);
            Assert.Equal("/microsoft365/done?end=ConsentGiven", answer.Headers.Location!.ToString());
        }

        await using var db = await app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        var entries = await db.Activity.Where(entry => entry.Kind == ActivityKind.Microsoft365Consented).OrderBy(entry => entry.Sequence).ToListAsync(Cancel);
        Assert.Equal([null, await app.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel)], entries.Select(entry => entry.ActorUserId));
        Assert.All(entries, entry => Assert.NotNull(entry.Address));
    }

    /// <summary>OA01 to OA20: CSRF, injected codes, PKCE, mix-up, redirects, leaks, wrong accounts, renewal, refusals, tokens at rest, scopes, clocks, disconnecting, hosts, identities, frames, windows, pasted tokens.</summary>
    [Fact]
    public void Every_check_of_signing_in_by_OAuth_is_the_trait_of_a_test_that_proves_it()
    {
        var proven = typeof(HardeningTests).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .Where(trait => trait.Name == "Check").Select(trait => trait.Value);

        Assert.Empty(Enumerable.Range(1, 20).Select(number => string.Create(CultureInfo.InvariantCulture, $"OA{number:00}")).Except(proven));
    }

    [Theory]
    [InlineData("/settings/email-accounts?account=new")]
    [InlineData("/settings/microsoft365")]
    [InlineData("/settings/microsoft365/connect?form=a&address=a%40example.test")]
    [InlineData("/microsoft365/callback?code=1&state=2")]
    [InlineData("/microsoft365/done?end=Connected")]
    [InlineData("/settings/oauth")]
    [InlineData("/settings/oauth/connect?form=a&address=a%40example.test")]
    [InlineData("/oauth/callback/a?code=1&state=2")]
    [InlineData("/sign-in/microsoft")]
    [Trait("Check", "OA18")]
    public async Task No_page_of_a_connection_is_shown_in_a_frame(string path)
    {
        using WebVisitor admin = new(app.Address);
        using var signedIn = await admin.SignInAsync(EnneoStore.PersonEmail, EnneoStore.PersonPassword);

        using var answer = await admin.GetAsync(path);

        Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    /// <summary>The form asks the server what became of a login; the login's window tells it nothing.</summary>
    [Fact]
    [Trait("Check", "OA19")]
    public void No_window_is_believed_what_it_tells_another()
    {
        var ours = SourceFile.All.Where(file => file.Project == "Enneo.Web").ToList();
        var scripts = ours.Where(file => file.Path.EndsWith("js", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(scripts);

        Assert.Empty(ours.Where(file => Names(file, "postMessage", "window.opener", "onmessage")).Concat(scripts.Where(file => Names(file, "'message'", "\"message\"", "`message`"))).Select(file => file.Path));

        static bool Names(SourceFile file, params string[] words) => words.Any(word => file.Text.Contains(word, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("account", "7")]
    [InlineData("sendsByGraph", "true")]
    [InlineData("accessToken", "\"eyJ0eXAi\"")]
    [InlineData("refreshToken", "\"0.AX\"")]
    [Trait("Check", "OA20")]
    public void A_program_cannot_name_a_connection_or_a_token(string field, string value)
    {
        var json = $$$"""{"name":"Support","data":{"method":"microsoft365","address":"a@example.test","{{{field}}}":{{{value}}} } }""";
        MailboxInput? input = null;
        try
        {
            input = JsonSerializer.Deserialize<MailboxInput>(json, MailboxJson.Options);
        }
        catch (JsonException unknown)
        {
            Assert.Contains(field, unknown.Message, StringComparison.Ordinal);
        }

        Assert.Null(input?.Data.Account);
        Assert.Null(input?.Data.SendsByGraph);
    }
}
