using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Identity;

public sealed class SecurityComponentTests : BunitContext, IAsyncLifetime
{
    private readonly MigratedStore _store = new();
    private long _admin;
    private long _ben;
    private string _session = "";

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _admin = await AddAsync("anna@example.test", Roles.Admin);
        _ben = await AddAsync("ben@example.test", Roles.Agent);
        _session = (await _store.Get<Sessions>().StartAsync(_admin, SignInMethod.Password, new SignInPlace("Firefox", null), "web", Cancelled))!;
        await _store.Get<Sessions>().StartAsync(_ben, SignInMethod.Password, new SignInPlace("Firefox", null), "web", Cancelled);
        await _store.Get<RecoveryCodes>().MakeAsync(_ben, Actor.User(_ben), "web", Cancelled);
        Services.AddSingleton(_store.Get<FactorReset>());
        Services.AddSingleton(_store.Get<PeopleLinks>());
        Services.AddSingleton(_store.Get<Sessions>());
    }

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task AnAdminSignsSomebodyOut_AfterBeingAskedOnceMore()
    {
        var component = Show(Roles.Admin, _session);
        await component.InvokeAsync(() => component.Find("button[aria-label='Sign out Ben everywhere']").Click());
        Assert.NotEmpty(await _store.Get<Sessions>().ListAsync(_ben, Cancelled));

        await component.InvokeAsync(() => component.Find("[role=alertdialog] .btn-danger").ClickAsync(new()));
        component.WaitForAssertion(() => Assert.Empty(component.FindAll("[role=alertdialog]")));
        Assert.Empty(await _store.Get<Sessions>().ListAsync(_ben, Cancelled));
    }

    [Fact]
    public async Task AnAdminResetsASecondStep()
    {
        var component = Show(Roles.Admin, _session);
        await component.InvokeAsync(() => component.Find("button[aria-label='Reset second step of Ben']").Click());
        await component.InvokeAsync(() => component.Find("[role=alertdialog] .btn-danger").ClickAsync(new()));

        Assert.Equal(0, (await _store.Get<FactorQueries>().OfAsync(_ben, Cancelled)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task WithoutAFreshProof_ItIsAskedForFirst()
    {
        var component = Show(Roles.Admin, "a session that is not there");
        await component.InvokeAsync(() => component.Find("button[aria-label='Reset second step of Ben']").Click());
        await component.InvokeAsync(() => component.Find("[role=alertdialog] .btn-danger").ClickAsync(new()));

        Assert.Contains("/account/confirm?returnUrl=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(RecoveryCodes.Count, (await _store.Get<FactorQueries>().OfAsync(_ben, Cancelled)).RecoveryCodesLeft);
    }

    [Theory]
    [InlineData(true, "their password stays")]
    [InlineData(false, "the only way in that Ben has")]
    public async Task AnAdminUnlinksMicrosoft_ToldWhatThatMeans(bool hasPassword, string words)
    {
        MicrosoftPerson atMicrosoft = new("tenant", "object", "ben@contoso.example", "Ben", []);
        Assert.True(await _store.Get<PeopleLinks>().LinkAsync(_ben, atMicrosoft, Actor.User(_ben), "web", Cancelled));
        Assert.Equal("ben@contoso.example", (await _store.Get<FactorQueries>().OfAllAsync(Cancelled))[_ben].MicrosoftAs);
        var component = Show(Roles.Admin, _session, new PersonFactors(_ben, HasApp: false, Passkeys: 0, Sessions: 1, "ben@contoso.example", hasPassword));

        await component.InvokeAsync(() => component.Find("[data-unlink]").Click());
        Assert.Contains(words, component.Find("[role=alertdialog] p").TextContent, StringComparison.Ordinal);
        await component.InvokeAsync(() => component.Find("[role=alertdialog] .btn-danger").ClickAsync(new()));

        Assert.Null(await _store.Get<PeopleLinks>().OfAsync(_ben, Cancelled));
        Assert.Empty(await _store.Get<Sessions>().ListAsync(_ben, Cancelled));
    }

    [Fact]
    public async Task WhoIsNoAdminAnyMoreDoesNothing()
    {
        var component = Show(Roles.Agent, _session);
        await component.InvokeAsync(() => component.Find("button[aria-label='Sign out Ben everywhere']").Click());

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => component.InvokeAsync(() => component.Find("[role=alertdialog] .btn-danger").ClickAsync(new())));
        Assert.NotEmpty(await _store.Get<Sessions>().ListAsync(_ben, Cancelled));
    }

    private IRenderedComponent<PersonSecurity> Show(string role, string session, PersonFactors? factors = null)
    {
        var authorization = this.AddAuthorization().SetAuthorized("anna@example.test").SetRoles(role);
        authorization.SetClaims(
            new(System.Security.Claims.ClaimTypes.NameIdentifier, _admin.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("enneo:session", session));
        return Render<PersonSecurity>(parameters => parameters
            .Add(p => p.PersonId, _ben)
            .Add(p => p.Name, "Ben")
            .Add(p => p.Factors, factors ?? new PersonFactors(_ben, HasApp: true, Passkeys: 0, Sessions: 1)));
    }

    private async Task<long> AddAsync(string email, string role) =>
        (await _store.Get<Accounts>().AddAsync(new NewAccount(email, "", role, "blaue Stühle im Regen"), Actor.Operator, "command", Cancelled)).UserId!.Value;
}
