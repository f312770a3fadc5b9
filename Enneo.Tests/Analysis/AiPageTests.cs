using System.Security.Claims;
using Bunit;
using Enneo.Core.Analysis;
using Enneo.Core.Identity;
using Enneo.Web.Analysis;
using Enneo.Web.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Analysis;

/// <summary>Settings → AI: what the questions of today cost, and the last ones.</summary>
public sealed class AiPageTests : BunitContext, IAsyncLifetime
{
    private readonly AnalysisStore _store = new();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        JSInterop.Mode = JSRuntimeMode.Loose;
        this.AddAuthorization().SetAuthorized("anna@example.test").SetRoles(Roles.Admin).SetClaims(new Claim(ClaimTypes.NameIdentifier, "1"), new Claim("enneo:session", "1"));
        Services.AddSingleton(_store.Get<AiSettingsEditing>());
        Services.AddSingleton(new BrowserTime(_store.Tags.Store.Clock));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await _store.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task ThePageSaysWhatTodayCost_OnceTheAccountsPricesAreEntered()
    {
        await _store.SwitchOnAsync();
        await _store.ReceiveAsync("Kettle leaks", "My kettle leaks.");
        var page = Render<AiPage>();
        Assert.Contains("120 used today (UTC); what that cost is not known", page.Markup, StringComparison.Ordinal);
        Assert.Contains("not known", Assert.Single(page.FindAll("[data-call]")).TextContent, StringComparison.Ordinal);

        await page.Find("#ai-input-price").ChangeAsync(new() { Value = "2.5" });
        await page.Find("#ai-output-price").ChangeAsync(new() { Value = "10" });
        await page.Find("#ai-currency").ChangeAsync(new() { Value = "EUR" });
        await page.Find("form").SubmitAsync();
        await _store.ReceiveAsync("Kettle hums", "My kettle hums.", "Tom Berg <tom@example.org>");

        page = Render<AiPage>();
        Assert.Contains("240 used today (UTC), at least EUR 0.000450", page.Markup, StringComparison.Ordinal);
        var newest = page.FindAll("[data-call]")[0].TextContent;
        Assert.Contains("reading mail", newest, StringComparison.Ordinal);
        Assert.Contains("EUR 0.000450", newest, StringComparison.Ordinal);
    }
}
