using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Inbox;
using Enneo.Web.Inbox.Search;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Search;

public sealed class SearchBoxTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _support = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _support = await _store.AddMailboxAsync();
        await _store.AddMailboxAsync("Customer care");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task OffersItsOperatorsWhileItIsEmpty()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView());
        Assert.Equal("false", box.Find("input").GetAttribute("aria-expanded"));

        await box.Find("form").TriggerEventAsync("onfocusin", new());

        Assert.Equal(["from:", "to:", "subject:", "has:", "filename:", "is:", "mailbox:", "tag:", "before:", "after:"], Offers(box));
        Assert.Equal("true", box.Find("input").GetAttribute("aria-expanded"));

        await box.Find("form").TriggerEventAsync("onfocusout", new());

        Assert.True(box.Find("[role=listbox]").HasAttribute("hidden"));
    }

    [Theory]
    [InlineData("fi", "filename:")]
    [InlineData("invoice is:", "unread,read,open,closed")]
    [InlineData("is:unr", "unread")]
    [InlineData("is:unread", "")]
    [InlineData("has:", "attachment")]
    [InlineData("mailbox:c", "Customer care")]
    [InlineData("before:", "today,7d,1m,1y")]
    [InlineData("from:mar", "Marta Nowak")]
    [InlineData("from:m", "Marta Nowak")]
    [InlineData("from:arta", "")]
    [InlineData("to:sup", "support@example.com")]
    [InlineData("invoice", "")]
    [InlineData("invoice ", "")]
    public async Task CompletesWhatIsTyped(string typed, string offered)
    {
        await _store.ReceiveAsync(_support, "Invoice");
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView());

        _ = box.Find("input").InputAsync(typed);

        await box.WaitForAssertionAsync(() => Assert.Equal(offered, string.Join(',', Offers(box))));
    }

    [Fact]
    public async Task AnOfferIsTakenWithTheKeyboard()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView());
        _ = box.Find("input").InputAsync("invoice mailbox:cu");
        await box.WaitForAssertionAsync(() => Assert.Single(Offers(box)));

        await box.Find("input").KeyDownAsync("ArrowDown");
        Assert.Equal(box.Find("[role=option]").Id, box.Find("input").GetAttribute("aria-activedescendant"));
        await box.Find("form").SubmitAsync();

        Assert.Equal("invoice mailbox:\"Customer care\" ", box.Find("input").GetAttribute("value"));
        Assert.EndsWith("/inbox?q=invoice%20mailbox%3A%22Customer%20care%22%20", Address(screen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOperatorWaitsForItsValue()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView());
        await box.Find("form").TriggerEventAsync("onfocusin", new());

        await box.FindAll("[role=option]")[5].ClickAsync();

        Assert.Equal("is:", box.Find("input").GetAttribute("value"));
        Assert.Equal(["unread", "read", "open", "closed"], Offers(box));
        Assert.EndsWith("/", Address(screen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchesOnceTypingPauses()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView(_support.Id));

        var first = box.Find("input").InputAsync("inv");
        var second = box.Find("input").InputAsync("invoice");
        Assert.EndsWith("/", Address(screen), StringComparison.Ordinal);
        _store.Clock.Advance(TimeSpan.FromMilliseconds(300));
        await Task.WhenAll(first, second);

        Assert.EndsWith($"/inbox?mailbox={_support.Id}&q=invoice", Address(screen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyBoxLeadsBackToTheList()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView(_support.Id, TicketView.Closed) { Search = "invoice", BestFirst = true });
        Assert.Equal($"/inbox?mailbox={_support.Id}&view=closed", box.Find("[data-leave]").GetAttribute("href"));

        var typing = box.Find("input").InputAsync("");
        await box.Find("form").SubmitAsync();
        _store.Clock.Advance(TimeSpan.FromSeconds(1));
        await typing;

        Assert.EndsWith($"/inbox?mailbox={_support.Id}&view=closed", Address(screen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherAddressIsAnotherSearch()
    {
        await using InboxScreen screen = new(_store);
        var box = await RenderAsync(screen, new InboxView { Search = "invoice" });
        Assert.Equal("invoice", box.Find("input").GetAttribute("value"));

        box.Render(parameters => parameters.Add(b => b.View, new InboxView { Search = "meter" }));

        Assert.Equal("meter", box.Find("input").GetAttribute("value"));
    }

    private static List<string> Offers(IRenderedComponent<SearchBox> box) =>
        [.. box.FindAll("[role=listbox]:not([hidden]) .title").Select(value => value.TextContent)];

    private static string Address(InboxScreen screen) => screen.Services.GetRequiredService<NavigationManager>().Uri;

    private async Task<IRenderedComponent<SearchBox>> RenderAsync(InboxScreen screen, InboxView view)
    {
        var mailboxes = await _store.Get<MailboxQueries>().ListAsync(Reach.All, Xunit.TestContext.Current.CancellationToken);
        return screen.Render<SearchBox>(parameters => parameters.Add(box => box.View, view).Add(box => box.Mailboxes, mailboxes));
    }
}
