using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Sending;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

/// <summary>New messages and drafts as the inbox shows them.</summary>
public sealed class WritingTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task TheButtonBeginsAMessageFromTheMailboxThatIsOpen()
    {
        await _store.AddMailboxAsync();
        var sales = await _store.AddMailboxAsync("Sales");
        await using InboxScreen screen = new(_store);
        var navigation = screen.Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo($"/inbox?mailbox={sales.Id}");
        var page = screen.Render<InboxPage>();
        await page.WaitForElementAsync("button[data-shortcut=c]");

        await page.Find("button[data-shortcut=c]").ClickAsync();

        Assert.EndsWith($"/inbox?mailbox={sales.Id}&draft=1", navigation.Uri, StringComparison.Ordinal);
        var composer = await page.WaitForElementAsync("[data-composer]");
        Assert.Equal(InboxText.NewMessage, composer.GetAttribute("aria-label"));
        Assert.Contains("shows-thread", page.Find(".inbox").ClassName, StringComparison.Ordinal);
        await page.WaitForAssertionAsync(() => Assert.Equal("Sales <sales@example.com>", page.Find("select option[selected]").TextContent));
    }

    [Fact]
    public async Task WithoutAMailboxNothingCanBeWritten()
    {
        await using InboxScreen screen = new(_store);

        var page = screen.Render<InboxPage>();

        await page.WaitForAssertionAsync(() => Assert.Contains(InboxText.NoMailbox, page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("button[data-shortcut=c]"));
    }

    [Fact]
    public async Task ADraftThatIsGoneIsSaid()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);

        var pane = screen.Render<NewMessage>(parameters => parameters.Add(p => p.DraftId, 99L).Add(p => p.View, new InboxView()).Add(p => p.Person, new InboxPerson(_store.AgentId, false)));

        await pane.WaitForAssertionAsync(() => Assert.Contains(InboxText.DraftMissing, pane.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DraftsAreListedAndLeadToWhereTheyAreWrittenOn()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Wrong amount");
        var drafts = _store.Get<Drafts>();
        var reply = await drafts.StartReplyAsync(mail.MessageId, DraftMode.Reply, _store.AgentId, Cancel);
        var letter = await drafts.StartNewAsync(null, [], _store.AgentId, Cancel);
        _store.Clock.Advance(TimeSpan.FromMinutes(1));
        await drafts.SaveAsync(letter!.Id, new DraftSave(1, [], [], [], "", "<div>Half a sentence</div>"), _store.AgentId, Cancel);
        await using InboxScreen screen = new(_store);

        var list = await RenderListAsync(screen);

        Assert.Equal([InboxText.NobodyYet, "Marta Nowak"], list.FindAll(".who").Select(who => who.TextContent));
        Assert.Equal([InboxText.NoSubject, "Re: Wrong amount"], list.FindAll(".subject").Select(subject => subject.TextContent));
        Assert.Equal("Half a sentence", list.Find(".snippet").TextContent);
        Assert.Equal(
            [$"/inbox?view=drafts&draft={letter.Id}", $"/inbox?view=drafts&ticket={reply!.TicketId}"],
            list.FindAll("a.row").Select(row => row.GetAttribute("href")));
    }

    [Fact]
    public async Task TheListFollowsWhatIsBegunAndGivenUpElsewhere()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        var list = await RenderListAsync(screen);
        Assert.Contains(InboxText.NoDrafts, list.Markup, StringComparison.Ordinal);
        var draft = await _store.Get<Drafts>().StartNewAsync(null, [], _store.AgentId, Cancel);
        await _store.Get<Drafts>().SaveAsync(draft!.Id, new DraftSave(1, [], [], [], "Elsewhere", ""), _store.AgentId, Cancel);
        InboxChanges changes = new();
        changes.Add(ActivityEntry.Of(ActivityKind.DraftSaved, Actor.User(_store.AgentId), "web", _store.Clock), Reach.All, _store.AgentId);

        await list.InvokeAsync(() => list.Instance.ApplyAsync(changes));

        Assert.Equal("Elsewhere", list.Find(".subject").TextContent);
    }

    [Fact]
    public async Task AListThatCannotBeReadSaysSo()
    {
        await _store.RenameTableAsync("drafts", "gone");
        await using InboxScreen screen = new(_store);

        var list = await RenderListAsync(screen);

        Assert.Contains(InboxText.ListFailed, list.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        await _store.RenameTableAsync("gone", "drafts");
        await list.Find("button").ClickAsync();
        Assert.Contains(InboxText.NoDrafts, list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AForwardBeginsWithAnEmptyLineForRecipientsAndItsFiles()
    {
        var mail = await _store.ReceiveAsync(await _store.AddMailboxAsync(), "Wrong amount");
        await using InboxScreen screen = new(_store);
        var thread = screen.Render<ThreadView>(parameters => parameters
            .Add(t => t.TicketId, mail.TicketId).Add(t => t.View, new InboxView(TicketId: mail.TicketId)).Add(t => t.Person, new InboxPerson(_store.AgentId, false)));

        await thread.Find("[data-shortcut=f]").ClickAsync();

        Assert.Empty(thread.FindAll(".chip bdi"));
        Assert.Equal("Fwd: Wrong amount", thread.Find("[data-subject]").GetAttribute("value"));
        Assert.Equal(InboxText.ForwardedMessage, thread.Find(".quoted button").TextContent);

        await thread.Find("select.mode").ChangeAsync(nameof(DraftMode.ForwardAsAttachment));
        Assert.Contains(InboxText.WholeMessage, thread.Find(".attachments").TextContent, StringComparison.Ordinal);
        Assert.Empty(thread.FindAll(".quoted"));

        await thread.Find("select.mode").ChangeAsync(nameof(DraftMode.Reply));
        Assert.Equal("Marta Nowak", thread.Find(".chip bdi").TextContent);
        Assert.Empty(thread.FindAll("[data-subject], .attachments"));
    }

    [Fact]
    public async Task WhomAConversationIsWithIsShownWithTheirOtherOnes()
    {
        var mailbox = await _store.AddMailboxAsync();
        var earlier = await _store.ReceiveAsync(mailbox, "An earlier question");
        var mail = await _store.ReceiveAsync(mailbox, "Wrong amount");
        await using InboxScreen screen = new(_store);
        var line = await RenderLineAsync(screen, mail.TicketId);
        Assert.Equal("Marta Nowak", line.Find("summary bdi").TextContent);
        Assert.Equal("An earlier question", (await line.WaitForElementAsync(".beside li .subject")).TextContent); // shown where there is room
        Assert.Empty(line.FindAll(".card h3"));

        await line.Find("details").TriggerEventAsync("ontoggle", EventArgs.Empty);

        await line.WaitForElementAsync(".card h3");
        Assert.Equal("marta@example.net", line.Find(".card .address").TextContent);
        Assert.Equal("An earlier question", Assert.Single(line.FindAll(".card li .subject")).TextContent);
        Assert.Equal($"/inbox?mailbox={mailbox.Id}&ticket={earlier.TicketId}", line.Find(".card li a").GetAttribute("href"));
    }

    [Fact]
    public async Task AMailThatOneOfUsForwardedIsItsWritersUntilSomebodySaysOtherwise()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(
            mailbox, "Fwd: Bicycle", "Anna <anna@example.com>", text: "---------- Forwarded message ---------\r\nFrom: Jonas Weber <jonas@customer.example>\r\nDate: today\r\nSubject: Bicycle\r\n\r\nIs it ready?");
        await _store.ChangeAgentAsync(agent => agent.NormalizedEmail = "ANNA@EXAMPLE.COM");
        await using InboxScreen screen = new(_store);
        var line = await RenderLineAsync(screen, mail.TicketId);
        Assert.Equal("Jonas Weber", line.Find("summary bdi").TextContent);
        Assert.Contains("Anna", line.Find(".how").TextContent, StringComparison.Ordinal);

        await line.Find(".requester > button").ClickAsync();
        await line.WaitForAssertionAsync(() => Assert.Equal("Anna", line.Find("summary bdi").TextContent));

        await line.Find(".requester > button").ClickAsync();
        await line.WaitForAssertionAsync(() => Assert.Equal("Jonas Weber", line.Find("summary bdi").TextContent));
    }

    private async Task<IRenderedComponent<DraftList>> RenderListAsync(InboxScreen screen)
    {
        var list = screen.Render<DraftList>(parameters => parameters
            .Add(l => l.View, new InboxView { Drafts = true }).Add(l => l.Person, new InboxPerson(_store.AgentId, false)));
        await list.WaitForElementAsync(".row, .empty");
        return list;
    }

    private async Task<IRenderedComponent<RequesterLine>> RenderLineAsync(InboxScreen screen, long ticketId)
    {
        var line = screen.Render<RequesterLine>(parameters => parameters
            .Add(l => l.TicketId, ticketId).Add(l => l.View, new InboxView(TicketId: ticketId)).Add(l => l.Person, new InboxPerson(_store.AgentId, false)));
        await line.WaitForElementAsync("summary");
        return line;
    }
}
