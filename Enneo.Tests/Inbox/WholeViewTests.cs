using Bunit;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Inbox;

/// <summary>"Select all" is all of a view, also what is not loaded.</summary>
public sealed class WholeViewTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private InboxScreen _screen = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _screen = new(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _screen.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task AllOfAViewIsSelectedAndClosedAndOneUndoBringsAllOfItBack()
    {
        var page = await OpenAsync(received: 60, shown: 50);
        await page.Find("[data-select-all]").ClickAsync();
        Assert.Equal("50 selected", page.Find(".picked[role=status]").TextContent);
        await page.WaitForAssertionAsync(() => Assert.Equal("Select all 60 conversations in this view", page.Find("[data-pick-whole]").TextContent));

        await page.Find("[data-pick-whole]").ClickAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal("All 60 in this view selected", page.Find(".picked[role=status]").TextContent));
        Assert.Empty(page.FindAll("[data-pick-whole]"));
        Assert.Empty(page.FindAll(".bulk [data-merge]"));
        await page.Find(".bulk [data-shortcut=e]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll("a.row")));
        Assert.Equal("Closed · 60 conversations", page.Find(".toast span").TextContent);

        await page.Find(".toast .undo").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal("60", Unassigned(page)));
    }

    [Fact]
    public async Task WhereAllOfAViewIsShownNothingMoreIsOffered()
    {
        var page = await OpenAsync(received: 2, shown: 2);

        await page.Find("[data-select-all]").ClickAsync();

        Assert.Empty(page.FindAll("[data-pick-whole]"));
    }

    private static string? Unassigned(IRenderedComponent<InboxPage> page) =>
        page.FindAll(".navigation .name").Single(entry => entry.QuerySelector(".words")!.TextContent == InboxText.Unassigned).QuerySelector(".count")?.TextContent;

    private async Task<IRenderedComponent<InboxPage>> OpenAsync(int received, int shown)
    {
        var mailbox = await _store.AddMailboxAsync();
        for (var number = 1; number <= received; number++)
        {
            await _store.ReceiveAsync(mailbox, $"#{number}");
        }

        _screen.Services.GetRequiredService<NavigationManager>().NavigateTo("/");
        var page = _screen.Render<InboxPage>();
        await page.WaitForStateAsync(() => page.FindAll("a.row").Count == shown);
        return page;
    }
}
