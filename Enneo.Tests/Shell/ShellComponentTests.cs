using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Tests.Identity;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Shell;

public sealed class ShellComponentTests : BunitContext
{
    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, "That did not reach us whole")]
    [InlineData(403, "Not for this account")]
    [InlineData(404, "Page not found")]
    [InlineData(405, "Page not found")]
    [InlineData(500, "This page could not be shown")]
    [InlineData(503, "This page could not be shown")]
    public void AnErrorIsExplained_WithAWayBack(int status, string title)
    {
        var page = Render<ErrorPage>(parameters => parameters.Add(p => p.Status, status));

        Assert.Equal(title, page.Find("h1").TextContent);
        Assert.Equal("/", page.Find("main a").GetAttribute("href"));
    }

    [Fact]
    public async Task APartThatFailsIsContained_AndMayBeTriedAgain()
    {
        var fails = true;
        var contained = Render<Contained>(parameters => parameters.AddChildContent<Fragile>(child => child.Add(c => c.Fails, () => fails)));
        Assert.Equal("alert", contained.Find(".account-card").GetAttribute("role"));

        fails = false;
        await contained.InvokeAsync(() => contained.Find("button").Click());
        Assert.Contains("all is well", contained.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeopleAreListed_AndItSaysWhatAgentsSee()
    {
        await using MigratedStore store = new();
        await store.InitializeAsync();
        Services.AddSingleton(store.Get<Accounts>());
        await store.Get<Accounts>().AddAsync(new("ben@example.test", "Ben <b>", Roles.Agent, "grüne Tische im Schnee"), Actor.Operator, "command", Cancelled);
        await store.Get<Accounts>().AddAsync(new("anna@example.test", "Anna", Roles.Admin, "grüne Tische im Schnee"), Actor.Operator, "command", Cancelled);

        var page = Render<PeoplePage>();
        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll("tbody tr").Count));

        Assert.Contains("Every agent sees every mailbox until access per mailbox exists.", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["Anna", "Ben <b>"], page.FindAll("tbody b").Select(name => name.TextContent));
        Assert.Equal(["Admin", "Agent"], page.FindAll("tbody td:nth-child(2)").Select(role => role.TextContent));
        Assert.Contains("2 accounts", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryIconIsDrawn() => Assert.All(Enum.GetValues<IconName>(), name =>
        Assert.NotEmpty(Render<Icon>(parameters => parameters.Add(i => i.Name, name)).Find("path").GetAttribute("d")!));

    private sealed class Fragile : ComponentBase
    {
        [Parameter]
        public Func<bool> Fails { get; set; } = () => true;

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (Fails())
            {
                throw new InvalidOperationException("as this test wishes");
            }

            builder.AddContent(0, "all is well");
        }
    }
}
