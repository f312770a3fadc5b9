using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Activity;

public sealed class AuditJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAdminSeesWhatHappened_Live_FiltersIt_AndTakesItAlong()
    {
        var ben = await app.AddPersonAsync("ben@example.test", "grüne Tische im Schnee", Roles.Agent, Cancelled);
        await using (var stranger = await chromium.VisitAsync(app.Address))
        {
            await stranger.Page.GotoAsync("/sign-in");
            await stranger.Page.Locator("#email").FillAsync("ben@example.test");
            await stranger.Page.Locator("#password").FillAsync("not the password");
            await stranger.Page.Locator("button[type=submit]").ClickAsync();
            await Expect(stranger.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not belong together");
        }

        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/audit-log");
        await Expect(page.GetByText("Somebody failed to sign in as ben with a password")).ToBeVisibleAsync();
        await Expect(page.GetByText("Anna signed in with a password")).ToBeVisibleAsync();

        await app.Get<SecondStep>().SetAsync(SecondStepRequirement.Nobody, Actor.Operator, "command", Cancelled); // as it is: nothing to tell
        await app.Get<FactorReset>().RunAsync(ben, Actor.Operator, "command", Cancelled);
        await Expect(page.GetByText("The operator reset the second step of ben")).ToBeVisibleAsync(); // by itself

        await page.GetByLabel("About").SelectOptionAsync("SecondStep");
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        Assert.Contains("topic=SecondStep", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
        await page.GetByLabel("Person").SelectOptionAsync("Anna");
        await Expect(page.GetByText("Nothing was recorded that fits these filters.")).ToBeVisibleAsync();
        await page.GetByLabel("Person").SelectOptionAsync("ben");
        await Expect(page.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1); // and the link to the file asks for as much
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), Cancelled);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("\"The operator\",\"reset the second step of ben\",\"by command\",\"\"", lines[1], StringComparison.Ordinal);

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task AnAdminRequiresASecondStep()
    {
        await using EnneoApp own = new();
        await own.InitializeAsync();
        await using var visit = await own.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/security");
        await page.GetByText("For admins").ClickAsync();
        await Expect(page.GetByText("Will be asked to set one up within a minute: anna.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Expect(page.GetByText("A second step is required here.")).ToBeVisibleAsync(); // they are an admin themselves
        Assert.Equal(SecondStepRequirement.Admins, await own.Get<SecondStep>().GetAsync(Cancelled));
    }
}
