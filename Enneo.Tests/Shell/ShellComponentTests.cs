using Bunit;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Tests.Shell;

public sealed class ShellComponentTests : BunitContext
{
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
