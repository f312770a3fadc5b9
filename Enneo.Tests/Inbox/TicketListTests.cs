using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Inbox;

public sealed class TicketListTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ShowsASkeletonUntilTheMailboxesAreKnown()
    {
        await using InboxScreen screen = new(_store);

        var list = screen.Render<TicketList>(parameters => parameters.Add(l => l.View, new InboxView()));

        Assert.NotNull(list.Find(".ghosts"));
    }

    [Fact]
    public async Task WithoutAMailboxAnAdminIsLedToAddOne()
    {
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView(), isAdmin: true);

        Assert.Contains(InboxText.NoMailbox, list.Markup, StringComparison.Ordinal);
        Assert.Equal("/settings/email-accounts", list.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task WithoutAMailboxAnAgentIsToldWhomToAsk()
    {
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView());

        Assert.Contains(InboxText.AskAdmin, list.Markup, StringComparison.Ordinal);
        Assert.Empty(list.FindAll(".empty a"));
    }

    [Fact]
    public async Task SaysThatNoMailCameYet()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView(), hasNothing: true);

        Assert.Contains(InboxText.NoMailYet, list.Markup, StringComparison.Ordinal);
        Assert.Empty(list.FindAll(".empty a"));
    }

    [Fact]
    public async Task SaysThatAllIsAnswered()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView());

        Assert.Contains(InboxText.AllAnswered, list.Markup, StringComparison.Ordinal);
        Assert.Equal("/inbox?view=closed", list.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public async Task SaysThatNothingIsClosed()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView(View: TicketView.Closed));

        Assert.Contains(InboxText.NothingClosed, list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TellsHowFarTheFirstSyncHasCome()
    {
        await _store.AddMailboxAsync(status: new MailboxStatus { MailboxId = 0, State = MailboxState.Syncing, ProgressDone = 12400, ProgressTotal = 20000 });
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView());

        Assert.Matches("12.?400.*20.?000", list.Find(".progress").TextContent);
        Assert.Contains(InboxText.MailIsComing, list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhatIsWrongWithItsMailbox()
    {
        var mailbox = await _store.AddMailboxAsync(status: new MailboxStatus { MailboxId = 0, State = MailboxState.SignInAgain, Message = "Sign in again, since 09:14." });
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView(mailbox.Id));

        Assert.Equal("Sign in again, since 09:14.", list.Find(".trouble").TextContent);
    }

    [Fact]
    public async Task ListsTicketsByDayWithUnreadOnesBold()
    {
        var mailbox = await _store.AddMailboxAsync();
        var now = _store.Clock.GetUtcNow();
        await _store.ReceiveAsync(mailbox, "Meter reading", at: now.AddDays(-1));
        var read = await _store.ReceiveAsync(mailbox, "Password reset", at: now.AddHours(-2));
        await _store.ReceiveAsync(mailbox, "Wrong amount", at: now.AddHours(-1));
        await _store.Get<ReadState>().MarkAsync([read.MessageId], true, Actor.System, "test", Xunit.TestContext.Current.CancellationToken);
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView());

        Assert.Equal([InboxText.Today, InboxText.Yesterday], list.FindAll(".day h3").Select(heading => heading.TextContent));
        Assert.Equal(["Wrong amount", "Password reset", "Meter reading"], Subjects(list));
        Assert.Equal(["Wrong amount", "Meter reading"], list.FindAll(".row.unread .subject").Select(subject => subject.TextContent));
    }

    [Fact]
    public async Task RowsAreLinksThatKeepTheView()
    {
        var mailbox = await _store.AddMailboxAsync();
        var ticket = (await _store.ReceiveAsync(mailbox, "Wrong amount")).TicketId;
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, new InboxView(mailbox.Id, TicketId: ticket));

        Assert.Equal($"/inbox?mailbox={mailbox.Id}&ticket={ticket}", list.Find("a.row").GetAttribute("href"));
        Assert.Equal("true", list.Find("a.row").GetAttribute("aria-current"));
    }

    [Fact]
    public async Task ATicketThatArrivesStandsOnTop()
    {
        var mailbox = await _store.AddMailboxAsync();
        await _store.ReceiveAsync(mailbox, "First");
        await using InboxScreen screen = new(_store);
        var list = await RenderAsync(screen, new InboxView());

        await ArriveAsync(list, mailbox, "Second");

        Assert.Equal(["Second", "First"], Subjects(list));
    }

    [Fact]
    public async Task ATicketThatArrivesUnderThePointerWaitsInAPill()
    {
        var mailbox = await _store.AddMailboxAsync();
        await _store.ReceiveAsync(mailbox, "First");
        await using InboxScreen screen = new(_store);
        screen.MayMove(false);
        var list = await RenderAsync(screen, new InboxView());

        await ArriveAsync(list, mailbox, "Second");
        await ArriveAsync(list, mailbox, "Third");

        Assert.Equal(["First"], Subjects(list));
        Assert.Equal("2 new", list.Find(".pill").TextContent);

        await list.Find(".pill").ClickAsync();

        Assert.Equal(["Third", "Second", "First"], Subjects(list));
        Assert.Empty(list.FindAll(".pill"));
    }

    [Fact]
    public async Task LoadsTheNextPageWhenItIsAskedFor()
    {
        var mailbox = await _store.AddMailboxAsync();
        for (var i = 0; i < 60; i++)
        {
            await _store.ReceiveAsync(mailbox, $"Mail {i}");
        }

        await using InboxScreen screen = new(_store);
        var list = await RenderAsync(screen, new InboxView());
        Assert.Equal(50, list.FindAll("a.row").Count);

        await list.Find("[data-load]").ClickAsync();

        Assert.Equal(60, list.FindAll("a.row").Count);
        Assert.Empty(list.FindAll("[data-load]"));
    }

    [Fact]
    public async Task WhenAllThatIsShownLeavesWhatLiesBelowIsShown()
    {
        var mailbox = await _store.AddMailboxAsync();
        for (var i = 0; i < 52; i++)
        {
            await _store.ReceiveAsync(mailbox, $"Mail {i}");
        }

        await using InboxScreen screen = new(_store);
        var list = await RenderAsync(screen, new InboxView());
        var shown = (await _store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 50, Xunit.TestContext.Current.CancellationToken)).Select(ticket => ticket.Id).ToList();
        await _store.Get<WriterLane>().RunAsync(
            (db, token) => db.Tickets.Where(t => shown.Contains(t.Id)).ExecuteUpdateAsync(set => set.SetProperty(t => t.Status, TicketStatus.Closed), token), Xunit.TestContext.Current.CancellationToken);

        await list.InvokeAsync(() => list.Instance.ApplyOwnAsync(shown));

        Assert.Equal(["Mail 1", "Mail 0"], Subjects(list));
    }

    [Fact]
    public async Task ALinkToAnOldTicketShowsTheListAroundIt()
    {
        var mailbox = await _store.AddMailboxAsync();
        var oldest = await _store.ReceiveAsync(mailbox, "Mail 0");
        for (var i = 1; i < 120; i++)
        {
            await _store.ReceiveAsync(mailbox, $"Mail {i}");
        }

        await using InboxScreen screen = new(_store);
        var list = await RenderAsync(screen, new InboxView(TicketId: oldest.TicketId));

        Assert.Equal("Mail 0", list.Find("[aria-current=true] .subject").TextContent);
        Assert.Equal(51, list.FindAll("a.row").Count);

        await list.Find("[data-load]").ClickAsync();
        await list.Find("[data-load]").ClickAsync();

        Assert.Equal(120, list.FindAll("a.row").Count);
    }

    [Fact]
    public async Task AListThatCannotBeReadSaysSoAndTriesAgain()
    {
        var mailbox = await _store.AddMailboxAsync();
        await _store.ReceiveAsync(mailbox, "First");
        await using InboxScreen screen = new(_store);
        IReadOnlyList<MailboxListing> mailboxes = await _store.Get<MailboxQueries>().ListAsync(Reach.All, Xunit.TestContext.Current.CancellationToken);
        await _store.RenameTableAsync("tickets", "tickets_away");

        var list = screen.Render<TicketList>(parameters => parameters.Add(l => l.View, new InboxView()).Add(l => l.Mailboxes, mailboxes));
        await list.WaitForAssertionAsync(() => Assert.Contains(InboxText.ListFailed, list.Markup, StringComparison.Ordinal));

        await _store.RenameTableAsync("tickets_away", "tickets");
        await list.Find(".again").ClickAsync();

        await list.WaitForAssertionAsync(() => Assert.Equal(["First"], Subjects(list)));
    }

    private static IEnumerable<string> Subjects(IRenderedComponent<TicketList> list) =>
        list.FindAll(".subject").Select(subject => subject.TextContent);

    private async Task<IRenderedComponent<TicketList>> RenderAsync(InboxScreen screen, InboxView view, bool isAdmin = false, bool hasNothing = false)
    {
        IReadOnlyList<MailboxListing> mailboxes = await _store.Get<MailboxQueries>().ListAsync(Reach.All, Xunit.TestContext.Current.CancellationToken);
        var list = screen.Render<TicketList>(parameters => parameters
            .Add(l => l.View, view)
            .Add(l => l.Mailboxes, mailboxes)
            .Add(l => l.HasNothing, hasNothing)
            .Add(l => l.IsAdmin, isAdmin));
        await list.WaitForStateAsync(() => list.FindAll(".ghosts").Count == 0);
        return list;
    }

    private async Task ArriveAsync(IRenderedComponent<TicketList> list, Mailbox mailbox, string subject)
    {
        var result = await _store.ReceiveAsync(mailbox, subject);
        await list.InvokeAsync(() => list.Instance.ApplyAsync(Changes.Of(_store, result.TicketId)));
    }
}
