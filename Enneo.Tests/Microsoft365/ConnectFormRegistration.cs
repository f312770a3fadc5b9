using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Microsoft365;
using Enneo.Web.Microsoft365;
using Microsoft.AspNetCore.WebUtilities;

namespace Enneo.Tests.Microsoft365;

/// <summary>The page of the registration: what it explains, and what it warns of.</summary>
public sealed partial class ConnectFormTests
{
    [Fact]
    [Trait("Check", "OA13")]
    public async Task Every_permission_that_is_asked_for_is_explained_and_no_other()
    {
        var explained = Render<Microsoft365Page>().FindAll(".permissions code").SelectMany(cell => cell.TextContent.Split(", "));

        var own = QueryHelpers.ParseQuery((await _store.StartAsync("own@example.test", Cancel))!.Query)["scope"].ToString();
        var shared = QueryHelpers.ParseQuery((await _store.StartAsync("team@example.test", Cancel, isShared: true))!.Query)["scope"].ToString();
        Assert.Equal($"{own} {shared}".Split(' ').Select(scope => scope[(scope.LastIndexOf('/') + 1)..]).Distinct().Order(), explained.Order());
    }

    [Fact]
    public async Task An_admin_reads_that_another_app_ends_sign_ins_before_it_is_saved()
    {
        await _store.AddAsync("ends@example.test", Cancel);
        await ProveAsync();
        var page = Render<Microsoft365Page>();
        await page.InvokeAsync(() => page.Find("#m365-client").Change("bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee"));
        await page.InvokeAsync(() => page.Find("#m365-secret").Change("another~secret"));

        await page.InvokeAsync(() => page.Find("form").Submit());
        await page.WaitForAssertionAsync(() => Assert.Contains(Microsoft365Text.SignInEnds, page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find("#m365-ends").Change(true));
        await page.InvokeAsync(() => page.Find("form").Submit());

        await page.WaitForAssertionAsync(() => Assert.Equal("Saved.", page.Find("[data-said]").TextContent));
        Assert.Equal("bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee", (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.ClientId);
    }

    [Fact]
    public async Task An_admin_reads_that_another_tenant_ends_sign_ins_before_it_is_saved_and_what_was_said_of_one_counts_for_no_other()
    {
        const string Other = "22222222-2222-3333-4444-555555555555";
        await _store.AddAsync("leaves@example.test", Cancel);
        await ProveAsync();
        var page = Render<Microsoft365Page>();

        await page.InvokeAsync(() => page.Find("#m365-tenant").Change("33333333-2222-3333-4444-555555555555"));
        await page.InvokeAsync(() => page.Find("form").Submit());
        await page.WaitForAssertionAsync(() => Assert.Contains(Microsoft365Text.TenantEnds, page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.Find("#m365-leaves").Change(true));
        await page.InvokeAsync(() => page.Find("#m365-tenant").Change(Other));
        await page.InvokeAsync(() => page.Find("form").Submit());
        await page.WaitForAssertionAsync(() => Assert.False(page.Find("#m365-leaves").HasAttribute("checked")));
        Assert.Equal(EntraServer.Tenant, (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Tenant);

        await page.InvokeAsync(() => page.Find("#m365-leaves").Change(true));
        await page.InvokeAsync(() => page.Find("form").Submit());
        await page.WaitForAssertionAsync(() => Assert.Equal("Saved.", page.Find("[data-said]").TextContent));
        Assert.Equal(Other, (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Tenant);
    }

    private async Task ProveAsync()
    {
        await _store.Get<Accounts>().AddAsync(new NewAccount("anna@example.test", "Anna", Roles.Admin, "four words of anna"), Actor.Operator, "test", Cancel);
        await _store.Get<Core.Data.WriterLane>().RunAsync(
            async (db, token) =>
            {
                var now = TimeProvider.System.GetUtcNow();
                db.Sessions.Add(new Session { Id = ConnectedStore.Session, UserId = 1, StartedAt = now, Method = SignInMethod.Password, Device = "", Address = null, LastSeenAt = now, ProvenAt = now });
                await db.SaveChangesAsync(token);
            },
            Cancel);
    }
}
