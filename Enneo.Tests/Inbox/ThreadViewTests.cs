using Bunit;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class ThreadViewTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task FoldsWhatWasReadAndOpensTheNewest()
    {
        var (first, last) = await ReceiveTwoAsync();
        await MarkReadAsync(first.MessageId);
        await MarkReadAsync(last.MessageId);
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, first.TicketId);

        Assert.Contains("The first words", thread.Find("button.folded").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/message/{last.MessageId}/body", thread.Find("iframe").GetAttribute("data-address"));

        await thread.Find("button.folded").ClickAsync();

        Assert.Equal(2, thread.FindAll("iframe").Count);
    }

    [Fact]
    public async Task OpensWhatIsUnreadAndMarksItWhenTheBrowserSaysSo()
    {
        var (first, last) = await ReceiveTwoAsync();
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, first.TicketId);
        Assert.Equal(2, thread.FindAll("[data-unread]").Count);
        Assert.Equal(2, await UnreadAsync(first.TicketId));

        await thread.FindAll("[data-mark-seen]")[0].ClickAsync();

        Assert.Equal(1, await UnreadAsync(first.TicketId));
        Assert.NotEqual(first.MessageId, last.MessageId);
    }

    [Fact]
    public async Task AnyMessageCanBeForwardedByItsMenu_OneAtATime()
    {
        var (first, last) = await ReceiveTwoAsync();
        await using InboxScreen screen = new(_store);
        var thread = await RenderAsync(screen, first.TicketId);
        Assert.Equal(2, thread.FindAll("[data-forward-message]").Count);

        await thread.FindAll("[data-forward-message]")[0].ClickAsync();

        await thread.WaitForAssertionAsync(() => Assert.Single(thread.FindAll(".composer")));
        var draft = await _store.Get<Drafts>().FindForTicketAsync(first.TicketId, _store.AgentId, TestContext.Current.CancellationToken);
        Assert.Equal((DraftMode.Forward, first.MessageId), (draft!.Mode, draft.AnsweredMessageId));
        Assert.NotEqual(first.MessageId, last.MessageId);
        Assert.Empty(thread.FindAll("[data-forward-message]"));
    }

    [Fact]
    public async Task FramesAreSandboxedWithoutScripts()
    {
        var (first, _) = await ReceiveTwoAsync();
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, first.TicketId);

        Assert.All(thread.FindAll("iframe"), frame =>
            Assert.Equal("allow-same-origin allow-popups allow-popups-to-escape-sandbox", frame.GetAttribute("sandbox")));
    }

    [Fact]
    public async Task NothingOfAMailIsMarkup()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "<img src=x onerror=alert(1)>", "\"<b>Eve</b>\" <eve@example.net>", text: "<script>alert(1)</script>");
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, mail.TicketId);

        Assert.Equal("<img src=x onerror=alert(1)>", thread.Find("[data-heading]").TextContent);
        Assert.Empty(thread.FindAll("img, script, strong b"));
    }

    [Fact]
    public async Task SaysWhyAMessageIsHere()
    {
        var (first, _) = await ReceiveTwoAsync();
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, first.TicketId);

        var reasons = thread.FindAll(".reasons li").Select(reason => reason.TextContent).ToList();
        Assert.Contains(InboxText.WhyNewThread, reasons[0], StringComparison.Ordinal);
        Assert.Contains("(m1@example.net)", reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingTicketLeadsBackToTheList()
    {
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, 4711);

        Assert.Contains(InboxText.ThreadMissing, thread.Markup, StringComparison.Ordinal);
        Assert.Equal("/inbox?view=closed", thread.Find("[data-shortcut=u]").GetAttribute("href"));
    }

    [Fact]
    public async Task AnUnreadableMailCanBeDownloaded()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Broken");
        await _store.ChangeMessageAsync(mail.MessageId, message => message.Unreadable = "It nests too deeply.");
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, mail.TicketId);

        Assert.Contains("It nests too deeply.", thread.Find(".unreadable").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/message/{mail.MessageId}/source", thread.Find(".unreadable a").GetAttribute("href"));
        Assert.Empty(thread.FindAll("iframe"));
    }

    [Fact]
    public async Task RemoteImagesAreCountedAsBlocked()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(
            mailbox, "News", contentType: "text/html; charset=utf-8", text: "<p>Hi</p><img src=\"https://tracker.example/a.png\"><img src=\"https://tracker.example/b.png\">");
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, mail.TicketId);

        await thread.WaitForAssertionAsync(() => Assert.StartsWith("2 remote images blocked", thread.Find(".images span").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AutomaticMailIsNamedSo()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Out of office", headers: "Auto-Submitted: auto-replied\r\n");
        await using InboxScreen screen = new(_store);

        Assert.Equal(InboxText.AutomaticReply, (await RenderAsync(screen, mail.TicketId)).Find(".chip").TextContent);
    }

    [Fact]
    public async Task AMailThatArrivesIsAppendedAndOpened()
    {
        var mailbox = await _store.AddMailboxAsync();
        var first = await _store.ReceiveAsync(mailbox, "Question");
        await MarkReadAsync(first.MessageId);
        await using InboxScreen screen = new(_store);
        var thread = await RenderAsync(screen, first.TicketId);

        var second = await _store.ReceiveAsync(mailbox, "Re: Question", answers: "m1@example.net");
        await thread.InvokeAsync(() => thread.Instance.ApplyAsync(Changes.Of(_store, first.TicketId)));

        Assert.Equal(first.TicketId, second.TicketId);
        Assert.Equal(2, thread.FindAll("iframe").Count);
    }

    [Fact]
    public async Task ADraftIsThereAgainWhenTheThreadIsOpened()
    {
        var (first, last) = await ReceiveTwoAsync();
        await _store.Get<Drafts>().StartReplyAsync(last.MessageId, DraftMode.Reply, _store.AgentId, TestContext.Current.CancellationToken);
        await using InboxScreen screen = new(_store);

        var thread = await RenderAsync(screen, first.TicketId);

        Assert.NotNull(thread.Find("[data-composer]"));
        Assert.Equal("true", Assert.Single(thread.FindAll("[data-shortcut=r]")).GetAttribute("aria-pressed"));
        Assert.Empty(thread.FindAll("[data-shortcut=a]"));
    }

    [Fact]
    public async Task AnAnswerThatWasDiscardedInAnotherWindowIsNotOfferedAnyMore()
    {
        var (first, last) = await ReceiveTwoAsync();
        var drafts = _store.Get<Drafts>();
        var draft = await drafts.StartReplyAsync(last.MessageId, DraftMode.Reply, _store.AgentId, TestContext.Current.CancellationToken);
        await using InboxScreen screen = new(_store);
        var thread = await RenderAsync(screen, first.TicketId);

        await drafts.DiscardAsync(draft!.Id, _store.AgentId, TestContext.Current.CancellationToken);
        await thread.InvokeAsync(() => thread.Instance.ApplyAsync(Changes.Of(_store, first.TicketId)));

        Assert.Empty(thread.FindAll("[data-composer]"));
        Assert.Contains(InboxText.DraftGone, thread.Find(".note").TextContent, StringComparison.Ordinal);
    }

    private async Task<(IntakeResult First, IntakeResult Last)> ReceiveTwoAsync()
    {
        var mailbox = await _store.AddMailboxAsync();
        var first = await _store.ReceiveAsync(mailbox, "Question", text: "The first words");
        var last = await _store.ReceiveAsync(mailbox, "Re: Question", answers: "m1@example.net", text: "The last words");
        Assert.Equal(first.TicketId, last.TicketId);
        return (first, last);
    }

    private Task MarkReadAsync(long messageId) =>
        _store.Get<ReadState>().MarkAsync([messageId], true, Enneo.Core.Activity.Actor.System, "test", TestContext.Current.CancellationToken);

    private async Task<int> UnreadAsync(long ticketId) =>
        (await _store.Get<TicketQueries>().FindAsync(Reach.All, [ticketId], TestContext.Current.CancellationToken))[0].UnreadCount;

    private async Task<IRenderedComponent<ThreadView>> RenderAsync(InboxScreen screen, long ticketId)
    {
        var thread = screen.Render<ThreadView>(parameters => parameters
            .Add(t => t.TicketId, ticketId)
            .Add(t => t.View, new InboxView(View: TicketView.Closed, TicketId: ticketId))
            .Add(t => t.Person, new InboxPerson(_store.AgentId, false)));
        await thread.WaitForStateAsync(() => thread.FindAll(".ghosts").Count == 0);
        return thread;
    }
}
