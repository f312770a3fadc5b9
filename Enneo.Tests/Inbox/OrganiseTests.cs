using AngleSharp.Dom;
using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

/// <summary>What people do with conversations, on the whole page.</summary>
public sealed class OrganiseTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private InboxScreen _screen = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
    public async Task ClosingTheOpenConversationGoesOnToTheNextAndCanBeUndone()
    {
        var tickets = await ReceiveAsync("First", "Second", "Third");
        var page = await OpenAsync($"/inbox?ticket={tickets[1]}", rows: 3);

        await page.Find(".thread [data-shortcut=e]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Third", "First"], Subjects(page)));
        Assert.EndsWith($"/inbox?ticket={tickets[0]}", Address(), StringComparison.Ordinal);
        Assert.Equal(InboxText.DoneClosed, page.Find(".toast span").TextContent);

        await page.Find(".toast .undo").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Third", "Second", "First"], Subjects(page)));
        Assert.Equal(InboxText.Undone, page.Find(".toast span").TextContent);
        Assert.Empty(page.FindAll(".toast .undo"));
    }

    [Fact]
    public async Task TheNextOpensAlsoWhereTheListShowsWhatWasDoneBeforeItEnds()
    {
        var tickets = await ReceiveAsync("First", "Second", "Third");
        var page = await OpenAsync($"/inbox?ticket={tickets[1]}", rows: 3);
        var actions = _screen.Services.GetRequiredService<InboxActions>();
        var place = actions.Place!([tickets[1]]);
        await _store.Get<TicketEditing>().SetStatusAsync([tickets[1]], TicketStatus.Closed, Actor.User(_store.AgentId), "web", Cancelled);
        _store.Announce(ActivityKind.TicketStatusChanged, tickets[1]);
        await page.WaitForAssertionAsync(() => Assert.Equal(["Third", "First"], Subjects(page)));
        actions.Place = _ => place;
        await page.InvokeAsync(() => actions.SetStatusAsync([tickets[1]], TicketStatus.Closed));
        Assert.EndsWith($"/inbox?ticket={tickets[0]}", Address(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheToastLeavesAfterTenSeconds()
    {
        await ReceiveAsync("First");
        var page = await OpenAsync("/", rows: 1);
        await page.Find("[data-row-key=s]").ClickAsync();
        await page.WaitForStateAsync(() => page.FindAll(".toast").Count == 1);

        _store.Clock.Advance(TimeSpan.FromSeconds(10));

        await page.WaitForStateAsync(() => page.FindAll(".toast").Count == 0);
    }

    [Fact]
    public async Task WhatIsPickedIsDealtWithTogether()
    {
        await ReceiveAsync("First", "Second", "Third");
        var page = await OpenAsync("/", rows: 3);

        await page.FindAll("[data-select]")[0].ClickAsync(new MouseEventArgs());
        await page.FindAll("[data-select]")[1].ClickAsync(new MouseEventArgs { ShiftKey = true });
        Assert.Equal("2 selected", page.Find(".picked[role=status]").TextContent);
        await page.Find(".bulk [data-shortcut=e]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(["First"], Subjects(page)));
        Assert.Equal("Closed · 2 conversations", page.Find(".toast span").TextContent);
        Assert.Empty(page.FindAll(".bulk"));
    }

    [Fact]
    public async Task AllAreSelectedAndLetGoByOneKey()
    {
        await ReceiveAsync("First", "Second");
        var page = await OpenAsync("/", rows: 2);

        await page.Find("[data-select-all]").ClickAsync();
        Assert.Equal(2, page.FindAll(".row.picked").Count);

        await page.Find("[data-unpick]").ClickAsync();
        Assert.Empty(page.FindAll(".row.picked"));
    }

    [Fact]
    public async Task TheHistoryTellsFromWhichFolderToWhichMailWasMoved()
    {
        var mailbox = await _store.AddMailboxAsync();
        var inbox = await _store.AddFolderAsync(mailbox, "INBOX", FolderRole.Inbox);
        var orders = await _store.AddFolderAsync(mailbox, "Orders", FolderRole.None);
        var first = await _store.ReceiveAsync(mailbox, "First", folderId: inbox);
        await _store.ReceiveAsync(mailbox, "Re: First", answers: "m1@example.net", folderId: inbox);
        await _store.Get<JunkFiling>().MoveToFolderAsync([first.TicketId], orders, Actor.User(_store.AgentId), "web", Cancelled);
        await _store.Get<MessageFiling>().MoveToFolderAsync([first.MessageId], inbox, Actor.MailServer, "sync", Cancelled);

        var page = await OpenAsync($"/inbox?ticket={first.TicketId}", rows: 1);

        await page.WaitForAssertionAsync(() => Assert.StartsWith(
            "Anna moved 2 messages from Inbox to Orders · Another mail program moved a message from Orders to Inbox", string.Join(' ', page.FindAll(".history").Select(line => line.TextContent.Trim())), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AssigningShowsWhoseItIsInTheRowTheThreadAndItsHistory()
    {
        var tickets = await ReceiveAsync("First");
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await page.Find(".thread [data-shortcut=i]").ClickAsync();

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Equal("A", page.Find(".row .face").TextContent);
            Assert.Equal("Support · Open · assigned to Anna", page.Find(".thread .meta span:not(.dot)").TextContent);
            Assert.Contains("Anna took this", page.Find(".history").TextContent, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task WhatIsSnoozedLeavesTheListAndStandsUnderSnoozed()
    {
        var tickets = await ReceiveAsync("First");
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await Menu(page, InboxText.Snooze, InboxText.TomorrowMorning).ClickAsync();

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Empty(page.FindAll("a.row"));
            Assert.Equal("Snoozed until Thu 08:00", page.Find(".toast span").TextContent);
            Assert.Equal("1", Count(page, InboxText.Snoozed));
        });
        Navigate("/inbox?view=snoozed");
        await page.WaitForAssertionAsync(() => Assert.Equal("Thu 08:00", page.Find(".row .until").TextContent));
    }

    [Fact]
    public async Task AMomentThatHasPassedCannotBePicked()
    {
        var tickets = await ReceiveAsync("First");
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await page.Find(".thread input[type=datetime-local]").ChangeAsync("2026-03-01T08:00:00");
        Assert.True(page.Find(".thread .pick button").HasAttribute("disabled"));

        await page.Find(".thread input[type=datetime-local]").ChangeAsync("2026-03-06T17:30:00");
        await page.Find(".thread .pick button").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal("Snoozed until Fri 17:30", page.Find(".toast span").TextContent));
    }

    [Fact]
    public async Task PendingIsMarkedInTheRow()
    {
        var tickets = await ReceiveAsync("First");
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await Menu(page, InboxText.More, InboxText.SetPending).ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(InboxText.PendingMark, page.Find(".row .chip").TextContent));
    }

    [Fact]
    public async Task MarkingUnreadGoesBackToTheList()
    {
        var tickets = await ReceiveAsync("First");
        await _store.Get<TicketFiling>().MarkAsync(tickets, seen: true, Actor.System, "test", Cancelled);
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await page.Find(".thread [data-shortcut=U]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Single(page.FindAll(".row.unread")));
        Assert.EndsWith("/", Address(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConversationIsMergedWithOneThatIsLookedForAndOldLinksLeadToIt()
    {
        var tickets = await ReceiveAsync("Where is my bicycle?", "Invoice 4711", "Bicycle, once more");
        var page = await OpenAsync($"/inbox?ticket={tickets[2]}", rows: 3);

        await page.Find(".thread [data-merge]").ClickAsync();
        await page.Find(".picker input").InputAsync("bicycle");
        await page.WaitForAssertionAsync(() => Assert.Equal(["Where is my bicycle?"], page.FindAll("[data-pick] .subject").Select(subject => subject.TextContent)));
        await page.Find("[data-pick]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.EndsWith($"/inbox?ticket={tickets[0]}", Address(), StringComparison.Ordinal));
        await page.WaitForAssertionAsync(() => Assert.Equal("2", page.Find(".row .messages").TextContent));

        Navigate($"/inbox?ticket={tickets[2]}");
        await page.WaitForAssertionAsync(() => Assert.EndsWith($"/inbox?ticket={tickets[0]}", Address(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMessageIsSplitOffAndComesBack()
    {
        var mailbox = await _store.AddMailboxAsync();
        var first = await _store.ReceiveAsync(mailbox, "Question");
        await _store.ReceiveAsync(mailbox, "Re: Question", answers: "m1@example.net");
        var page = await OpenAsync($"/inbox?ticket={first.TicketId}", rows: 1);

        await page.Find("[data-split-here]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Re: Question", "Question"], Subjects(page)));
        Assert.Equal("Re: Question", page.Find("[data-heading]").TextContent);
        Assert.Contains("Anna split this off", page.Find(".history").TextContent, StringComparison.Ordinal);

        await page.Find(".toast .undo").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(["Question"], Subjects(page)));
    }

    [Fact]
    public async Task WhatCannotBeDoneSaysSoAndChangesNothing()
    {
        var tickets = await ReceiveAsync("First");
        var page = await OpenAsync($"/inbox?ticket={tickets[0]}", rows: 1);

        await page.Find(".thread [data-archive]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(InboxText.NoSuchFolder, page.Find(".toast span").TextContent));
        Assert.Empty(page.FindAll(".toast .undo"));
        Assert.Equal(["First"], Subjects(page));
    }

    [Fact]
    public async Task WhatSomebodyElseDoesShowsHereToo()
    {
        var tickets = await ReceiveAsync("First", "Second");
        var page = await OpenAsync("/", rows: 2);

        await _store.Get<TicketEditing>().SetStatusAsync([tickets[0]], TicketStatus.Closed, Actor.System, "test", Cancelled);
        _store.Announce(ActivityKind.TicketStatusChanged, tickets[0]);

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Equal(["Second"], Subjects(page));
            Assert.Equal("1", Count(page, InboxText.Unassigned));
        });
    }

    private static string Count(IRenderedComponent<InboxPage> page, string list) =>
        page.FindAll(".navigation .name").Single(entry => entry.QuerySelector(".words")!.TextContent == list).QuerySelector(".count")?.TextContent ?? "";

    private static IElement Menu(IRenderedComponent<InboxPage> page, string menu, string choice) =>
        page.FindAll(".thread details").Single(details => details.QuerySelector("summary")?.GetAttribute("aria-label") == menu)
            .QuerySelectorAll("[data-menu-item]").Single(item => item.QuerySelector(".words")?.TextContent == choice);

    private static IEnumerable<string> Subjects(IRenderedComponent<InboxPage> page) => page.FindAll(".row .subject").Select(subject => subject.TextContent);

    private string Address() => _screen.Services.GetRequiredService<NavigationManager>().Uri;

    private void Navigate(string url) => _screen.Services.GetRequiredService<NavigationManager>().NavigateTo(url);

    private async Task<List<long>> ReceiveAsync(params string[] subjects)
    {
        var mailbox = await _store.AddMailboxAsync();
        List<long> tickets = [];
        foreach (var subject in subjects)
        {
            tickets.Add((await _store.ReceiveAsync(mailbox, subject)).TicketId);
        }

        return tickets;
    }

    private async Task<IRenderedComponent<InboxPage>> OpenAsync(string url, int rows)
    {
        Navigate(url);
        var page = _screen.Render<InboxPage>();
        await page.WaitForStateAsync(() => page.FindAll("a.row").Count == rows && page.FindAll(".ghosts").Count == 0);
        return page;
    }
}
