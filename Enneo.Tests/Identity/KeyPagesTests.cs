using AngleSharp.Dom;
using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Identity.ApiKeys;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Identity;

/// <summary>Settings → API keys: an admin makes keys for programs and takes them away.</summary>
public sealed class KeyPagesTests : BunitContext, IAsyncLifetime
{
    private readonly MigratedStore _store = new();
    private long _admin;
    private long _support;
    private string _session = "";

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _admin = (await _store.Get<Accounts>().AddAsync(new NewAccount("anna@example.test", "Anna", Roles.Admin, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
        _session = (await _store.Get<Sessions>().StartAsync(_admin, SignInMethod.Password, new SignInPlace("Firefox", null), "web", Cancelled))!;
        _support = await _store.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", true), [], "test", Cancelled);
        Services.AddSingleton(_store.Get<ApiKeyQueries>());
        Services.AddSingleton(_store.Get<ApiKeyEditing>());
        Services.AddSingleton(_store.Get<MailboxQueries>());
        Services.AddSingleton(_store.Get<Sessions>());
        Services.AddSingleton(TimeProvider.System);
        Services.AddScoped<BrowserTime>();
        JSInterop.Mode = JSRuntimeMode.Loose;
        JSInterop.SetupModule("./js/copy.js").Mode = JSRuntimeMode.Loose;
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task AKeyIsShownOnceAndThenOnlyItsBeginning()
    {
        var page = Show(_session);
        await NameAsync(page, "Shop");
        await page.InvokeAsync(() => Scope(page, "write").Change(true));
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".secret input")));
        var secret = page.Find(".secret input").GetAttribute("value")!;
        var caller = await _store.Get<ApiKeyCheck>().UseAsync(secret, Cancelled);
        Assert.Equal(("Shop", ApiScopes.Read | ApiScopes.Write, false), (caller!.Name, caller.Scopes, caller.IsLimited));

        await page.InvokeAsync(() => page.Find(".made .btn-primary").Click());
        Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        Assert.Contains(secret[..12], page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyMayBeLimitedToMailboxes()
    {
        var page = Show(_session);
        await NameAsync(page, "Limited");
        await page.InvokeAsync(() => page.Find("form > label.check input").Change(true));
        await page.InvokeAsync(() => page.FindAll("label").Single(label => label.TextContent.Contains("Support", StringComparison.Ordinal)).QuerySelector("input")!.Change(true));
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".secret input")));
        var key = Assert.Single(await _store.Get<ApiKeyQueries>().ListAsync(Actor.User(_admin), Cancelled));
        Assert.Equal([_support], key.MailboxIds);
    }

    [Fact]
    public async Task WhatIsMissingIsSaid()
    {
        var page = Show(_session);
        await page.InvokeAsync(() => page.Find("form").Submit());

        page.WaitForAssertion(() => Assert.NotEmpty(page.Find("[role=alert]").TextContent));
        Assert.Empty(await _store.Get<ApiKeyQueries>().ListAsync(Actor.User(_admin), Cancelled));
    }

    [Fact]
    public async Task AKeyIsTakenAwayAfterBeingAskedOnceMore()
    {
        var made = await _store.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Old shop", ApiScopes.Read), Actor.User(_admin), "test", Cancelled);
        var page = Show(_session);

        await page.InvokeAsync(() => page.Find("button[aria-label*='Old shop']").Click());
        Assert.NotNull(await _store.Get<ApiKeyCheck>().UseAsync(made.Secret!, Cancelled));
        await page.InvokeAsync(() => page.Find(".sure .btn-danger").Click());

        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".keys li")));
        Assert.Null(await _store.Get<ApiKeyCheck>().UseAsync(made.Secret!, Cancelled));
    }

    [Fact]
    public async Task WithoutAFreshProofItIsAskedForFirst()
    {
        var page = Show("a session that is not there");
        await NameAsync(page, "Too soon");
        await page.InvokeAsync(() => page.Find("form").Submit());

        Assert.Contains("/account/confirm?returnUrl=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Empty(await _store.Get<ApiKeyQueries>().ListAsync(Actor.User(_admin), Cancelled));
    }

    private static Task NameAsync(IRenderedComponent<ApiKeysPage> page, string name) => page.InvokeAsync(() => page.Find("#key-name").Change(name));

    private static IElement Scope(IRenderedComponent<ApiKeysPage> page, string name) => page.FindAll("fieldset label").Single(label => label.QuerySelector("b")!.TextContent == name).QuerySelector("input")!;

    private IRenderedComponent<ApiKeysPage> Show(string session)
    {
        var authorization = this.AddAuthorization().SetAuthorized("anna@example.test").SetRoles(Roles.Admin);
        authorization.SetClaims(
            new(System.Security.Claims.ClaimTypes.NameIdentifier, _admin.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("enneo:session", session));
        return Render<ApiKeysPage>();
    }
}
