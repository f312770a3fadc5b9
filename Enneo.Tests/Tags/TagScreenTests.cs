using Bunit;
using Enneo.Core.Conditions;
using Enneo.Core.Tags;
using Enneo.Tests.Inbox;
using Enneo.Web.Inbox;
using Enneo.Web.Tags;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Tags;

/// <summary>Tags in the inbox, and their page.</summary>
public sealed class TagScreenTests : IAsyncLifetime
{
    private readonly TagStore _tags = new();

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _tags.InitializeAsync();

    public ValueTask DisposeAsync() => _tags.DisposeAsync();

    [Fact]
    public async Task AConversationShowsItsTagsWithTheReason_AndTheyCanBeTakenOff()
    {
        await _tags.AddByConditionsAsync("Billing", new ConditionTest(ConditionField.Subject, ConditionOperator.Contains, ["invoice"]));
        var (_, ticket) = await _tags.ReceiveAsync("Your invoice");
        await using InboxScreen screen = new(_tags.Store);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?ticket={ticket}");
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() =>
        {
            Assert.Equal("Billing", page.Find("[data-row] .tag").TextContent);
            Assert.Equal("Billing: because subject contains \"invoice\"", page.Find("[data-tags] .tag").GetAttribute("title"));
            Assert.Contains(page.FindAll(".navigation .name"), entry => entry.TextContent.Contains("Billing", StringComparison.Ordinal) && entry.QuerySelector(".count")?.TextContent == "1");
        });

        await page.Find("[data-tags] button").ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll(".tag")));
        Assert.Empty(await _tags.TagsOfAsync(ticket));
    }

    [Fact]
    public async Task SeveralConversationsAreTaggedAtOnce_OnlyWithWhatIsOffered()
    {
        var billing = await _tags.AddAsync("Billing");
        await _tags.AddAsync("Hidden", input => input with { Visibility = TagVisibility.Private });
        var (_, one) = await _tags.ReceiveAsync("One");
        var (_, two) = await _tags.ReceiveAsync("Two");
        await using InboxScreen screen = new(_tags.Store);
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll("[data-row]").Count));

        await page.Find("[data-select-all]").ClickAsync(new());
        Assert.Equal(["Billing"], page.FindAll(".bulk [data-tag] .words").Select(words => words.TextContent));
        await page.Find($".bulk [data-tag='{billing}']").ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Equal(2, page.FindAll("[data-row] .tag").Count));
        Assert.Equal(["Billing"], await _tags.TagsOfAsync(one));
        Assert.Equal(["Billing"], await _tags.TagsOfAsync(two));
    }

    [Fact]
    public async Task ThePageSaysHowManyExamplesAModelStillNeeds_AndWhatIsWrong()
    {
        var learning = await _tags.AddAsync("Refund", input => input with { Detection = TagDetectionMode.Ai });
        await using InboxScreen screen = new(_tags.Store, isAdmin: true);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/skills-routing?tag={learning}");
        var page = screen.Render<TagsPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains("10 more examples", page.Find("[data-model]").TextContent, StringComparison.Ordinal));
        await page.Find("#tag-name").ChangeAsync(new ChangeEventArgs { Value = "" });
        await page.Find("form").SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal(TagText.NameMissing, page.Find(".field-error").TextContent));

        await page.Find("#tag-name").ChangeAsync(new ChangeEventArgs { Value = "Refunds" });
        await page.Find("form").SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.Equal(TagsText.Saved, page.Find(".notice").TextContent));
        Assert.Equal("Refunds", (await _tags.Get<TagQueries>().FindAsync(learning, Cancel))!.Name);
    }

    [Fact]
    public async Task ATagIsDeletedOnlyByItsName()
    {
        var billing = await _tags.AddAsync("Billing");
        await using InboxScreen screen = new(_tags.Store, isAdmin: true);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/skills-routing?tag={billing}");
        var page = screen.Render<TagsPage>();
        await page.WaitForElementAsync("[data-delete]");

        await page.Find("[data-delete]").ClickAsync(new());
        Assert.True(page.Find("[data-delete-now]").HasAttribute("disabled"));
        await page.Find("#tag-delete").InputAsync(new ChangeEventArgs { Value = "Billing" });
        await page.Find("[data-delete-now]").ClickAsync(new());

        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll(".tree li")));
    }
}
