using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Tests.Inbox;
using Enneo.Web.Inbox;
using Enneo.Web.Inbox.Search;

namespace Enneo.Tests.Search;

public sealed class SearchResultsTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _support = null!;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _support = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ShowsWhatWasFoundWithMarksAndLeadsToTheMessage()
    {
        var mail = await _store.ReceiveAsync(_support, "Wrong <amount>", text: "The meter says 48213.");
        await _store.ReceiveAsync(_support, "Re: Wrong <amount>", answers: "m1@example.net", text: "Thanks.");
        await using InboxScreen screen = new(_store);

        var results = await RenderAsync(screen, new InboxView { Search = "amount meter" });

        Assert.Equal("1 mail", results.Find(".count").TextContent);
        Assert.Equal("Wrong <amount>", results.Find(".subject").TextContent);
        Assert.Equal(["amount", "meter"], results.FindAll("mark").Select(mark => mark.TextContent));
        Assert.Equal("The meter says 48213.", results.Find(".text").TextContent.Trim());
        Assert.Equal($"/inbox?ticket={mail.TicketId}&q=amount%20meter&message={mail.MessageId}", results.Find("a.row").GetAttribute("href"));
    }

    [Fact]
    public async Task SaysWhatCouldNotBeTaken()
    {
        await _store.ReceiveAsync(_support, "Meter");
        await using InboxScreen screen = new(_store);

        var results = await RenderAsync(screen, new InboxView { Search = "meter is:new" });

        Assert.Contains("is: takes unread, read, open or closed", results.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Single(results.FindAll("a.row"));
    }

    [Fact]
    public async Task NothingFoundHelpsOn()
    {
        await _store.AddMailboxAsync("Sales");
        await using InboxScreen screen = new(_store);

        var results = await RenderAsync(screen, new InboxView(_support.Id) { Search = "nothing" });

        Assert.Equal(SearchWords.NothingFound, results.Find(".lead").TextContent);
        Assert.Equal("/inbox?q=nothing", results.Find(".nothing a").GetAttribute("href"));
        Assert.Contains("from:", results.FindAll("dt").Select(name => name.TextContent));
    }

    [Fact]
    public async Task NewestOrBestIsAChoiceInItsAddress()
    {
        await _store.ReceiveAsync(_support, "Meter", text: "x");
        await _store.ReceiveAsync(_support, "Other", text: "meter");
        await using InboxScreen screen = new(_store);

        var results = await RenderAsync(screen, new InboxView { Search = "meter " });
        Assert.Equal(["Other", "Meter"], results.FindAll(".subject").Select(subject => subject.TextContent));
        Assert.Equal("/inbox?q=meter%20&sort=best", results.FindAll(".orders a")[1].GetAttribute("href"));

        results.Render(parameters => parameters.Add(r => r.View, new InboxView { Search = "meter ", BestFirst = true }));
        Assert.Equal(["Meter", "Other"], results.FindAll(".subject").Select(subject => subject.TextContent));
    }

    [Fact]
    public async Task WhileSomethingElseIsLookedForThereIsNoMoreOfWhatWasFoundBefore()
    {
        for (var i = 0; i < 60; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}");
        }

        await _store.ReceiveAsync(_support, "Zebra");
        await using InboxScreen screen = new(_store);
        var results = await RenderAsync(screen, new InboxView { Search = "meter " });
        Assert.NotEmpty(results.FindAll("[data-load]"));

        TaskCompletionSource found = new();
        screen.Asked!.Meanwhile = () => found.Task;
        results.Render(parameters => parameters.Add(r => r.View, new InboxView { Search = "zebra " }));
        Assert.Empty(results.FindAll("[data-load]"));
        found.SetResult();

        await results.WaitForAssertionAsync(() => Assert.Equal(["Zebra"], results.FindAll(".subject").Select(subject => subject.TextContent)));
    }

    [Fact]
    public async Task LoadsTheNextPageWhenItIsAskedFor()
    {
        for (var i = 0; i < 30; i++)
        {
            await _store.ReceiveAsync(_support, $"Meter {i}");
        }

        await using InboxScreen screen = new(_store);
        var results = await RenderAsync(screen, new InboxView { Search = "meter" });
        Assert.Equal(25, results.FindAll("a.row").Count);

        await results.Find("[data-load]").ClickAsync();

        Assert.Equal(30, results.FindAll("a.row").Count);
        Assert.Empty(results.FindAll("[data-load]"));
        Assert.Equal("30 mails", results.Find(".count").TextContent);
    }

    [Fact]
    public async Task ASearchThatFailsCanBeTriedAgain()
    {
        await _store.ReceiveAsync(_support, "Meter");
        await _store.RenameTableAsync("search_entries", "elsewhere");
        await using InboxScreen screen = new(_store);
        var results = await RenderAsync(screen, new InboxView { Search = "meter" });
        Assert.Contains(SearchWords.Failed, results.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        await _store.RenameTableAsync("elsewhere", "search_entries");
        await results.Find(".again").ClickAsync();

        Assert.Single(results.FindAll("a.row"));
    }

    [Fact]
    public async Task TheThreadBeginsWithTheMessageThatWasFound()
    {
        var first = await _store.ReceiveAsync(_support, "Meter", text: "one");
        await _store.ReceiveAsync(_support, "Re: Meter", answers: "m1@example.net", text: "two");
        await _store.Get<Core.Tickets.ReadState>().MarkAsync([first.MessageId], true, Core.Activity.Actor.System, "test", Xunit.TestContext.Current.CancellationToken);
        await using InboxScreen screen = new(_store);

        var thread = screen.Render<ThreadView>(parameters => parameters
            .Add(t => t.TicketId, first.TicketId)
            .Add(t => t.View, new InboxView(TicketId: first.TicketId) { Search = "one", MessageId = first.MessageId })
            .Add(t => t.Person, new InboxPerson(_store.AgentId, false)));

        await thread.WaitForAssertionAsync(() => Assert.Equal(2, thread.FindAll("[data-open]").Count));
        Assert.True(thread.FindAll("[data-open]")[0].HasAttribute("data-sought"));
        Assert.False(thread.FindAll("[data-open]")[1].HasAttribute("data-sought"));
    }

    private async Task<IRenderedComponent<SearchResults>> RenderAsync(InboxScreen screen, InboxView view)
    {
        var mailboxes = await _store.Get<MailboxQueries>().ListAsync(Reach.All, Xunit.TestContext.Current.CancellationToken);
        return screen.Render<SearchResults>(parameters => parameters.Add(results => results.View, view).Add(results => results.Mailboxes, mailboxes));
    }
}
