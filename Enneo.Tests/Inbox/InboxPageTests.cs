using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using TestContext = Xunit.TestContext;

namespace Enneo.Tests.Inbox;

public sealed class InboxPageTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ItsAddressSaysWhatIsShown()
    {
        var support = await _store.AddMailboxAsync();
        var sales = await _store.AddMailboxAsync("Sales");
        await _store.ReceiveAsync(support, "To support");
        var mail = await _store.ReceiveAsync(sales, "To sales");
        await using InboxScreen screen = new(_store);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?mailbox={sales.Id}&ticket={mail.TicketId}");

        var page = screen.Render<InboxPage>();

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Equal(["To sales"], page.FindAll(".row .subject").Select(subject => subject.TextContent));
            Assert.Equal("To sales", page.Find("[data-heading]").TextContent);
            Assert.Contains("shows-thread", page.Find(".inbox").ClassName, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task MailArrivesWhileItIsOpen()
    {
        var mailbox = await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains(InboxText.NoMailYet, page.Markup, StringComparison.Ordinal));

        var mail = await _store.ReceiveAsync(mailbox, "Late arrival");
        _store.Announce(ActivityKind.MessageReceived, mail.TicketId, mailbox.Id);

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Contains("Late arrival", page.Markup, StringComparison.Ordinal);
            Assert.Equal("1", page.Find(".count").TextContent);
        });
    }

    [Fact]
    public async Task MailThatArrivesWhileTheListIsReadIsShown()
    {
        var mailbox = await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains(InboxText.NoMailYet, page.Markup, StringComparison.Ordinal));
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = screen.Asked!;
        asked.Meanwhile = () => // the list reads its page, and with the next question what stands beside the rows
        {
            asked.Meanwhile = async () =>
            {
                var mail = await _store.ReceiveAsync(mailbox, "In between");
                asked.Meanwhile = () => // the page has told its list, and reads on
                {
                    told.SetResult();
                    return Task.CompletedTask;
                };
                _store.Announce(ActivityKind.MessageReceived, mail.TicketId, mailbox.Id);
                await told.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
            };
            return Task.CompletedTask;
        };

        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?mailbox={mailbox.Id}");

        await page.WaitForAssertionAsync(() => Assert.Equal(["In between"], page.FindAll(".row .subject").Select(subject => subject.TextContent)));
        Assert.True(told.Task.IsCompleted);
    }

    [Fact]
    public async Task AReadOfTheListThatEndsLastDoesNotStand_WhereItBeganFirst()
    {
        var mailbox = await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains(InboxText.NoMailYet, page.Markup, StringComparison.Ordinal));
        var navigation = screen.Services.GetRequiredService<NavigationManager>();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = screen.Asked!;
        asked.Meanwhile = () => // the list reads its page, and with the next question what stands beside the rows
        {
            asked.Meanwhile = () =>
            {
                held.SetResult();
                return release.Task;
            };
            return Task.CompletedTask;
        };
        navigation.NavigateTo($"/inbox?mailbox={mailbox.Id}");
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Xunit.TestContext.Current.CancellationToken);

        await _store.ReceiveAsync(mailbox, "In between");
        navigation.NavigateTo("/inbox?view=closed");
        await page.WaitForAssertionAsync(() => Assert.Empty(page.FindAll(".row .subject")));
        navigation.NavigateTo($"/inbox?mailbox={mailbox.Id}");
        await page.WaitForAssertionAsync(() => Assert.Single(page.FindAll(".row .subject")));
        var list = page.FindComponent<TicketList>();
        var rendered = list.RenderCount;
        release.SetResult();

        await page.WaitForStateAsync(() => list.RenderCount > rendered);
        Assert.Equal(["In between"], page.FindAll(".row .subject").Select(subject => subject.TextContent));
    }

    [Fact]
    public async Task WhoeverMadeAChangeReadsWhatAnotherSystemSaysAgainstIt_AndCanStillTakeItBack()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Order");
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();
        await page.WaitForAssertionAsync(() => Assert.Contains("Order", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => screen.Services.GetRequiredService<InboxActions>().SetStatusAsync([mail.TicketId], TicketStatus.Closed));

        Refuse(_store.AgentId + 1, "somebody else's");
        Refuse(_store.AgentId, "The customer is locked");

        await page.WaitForAssertionAsync(() =>
        {
            Assert.Contains("crm.example could not be told of your change: it answered 422 (The customer is locked)", page.Find(".toast").TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("somebody else", page.Find(".toast").TextContent, StringComparison.Ordinal);
        });
        await page.Find(".toast .undo").ClickAsync();
        Assert.Equal(TicketStatus.Open, Assert.Single(await _store.Get<TicketQueries>().FindAsync(Reach.All, [mail.TicketId], TestContext.Current.CancellationToken)).Status);

        void Refuse(long userId, string answer) => _store.Announce(ActivityEntry.Of(
            ActivityKind.WebhookFailed, Actor.System, "webhook", _store.Clock, mailbox.Id, mail.TicketId, null,
            ("host", null, "crm.example"), ("status", null, 422), ("problem", null, null), ("answer", null, answer), ("user", null, userId)));
    }

    [Fact]
    public async Task EachMailboxLeadsToItsOpenAndClosedMail()
    {
        var mailbox = await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?mailbox={mailbox.Id}&view=closed");

        var page = screen.Render<InboxPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(
            [$"/inbox?mailbox={mailbox.Id}", $"/inbox?mailbox={mailbox.Id}&view=closed"],
            page.FindAll(".bar .views a").Select(link => link.GetAttribute("href"))));
        Assert.Equal(mailbox.Name, page.Find(".entry.selected .words").TextContent);
        Assert.Contains(InboxText.NothingClosed, page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailboxState.SignInAgain, true)]
    [InlineData(MailboxState.Error, true)]
    [InlineData(MailboxState.Paused, false)]
    public async Task AMailboxThatIsNotFineSaysSoInWords(MailboxState state, bool inTrouble)
    {
        await _store.AddMailboxAsync(status: new MailboxStatus { MailboxId = 0, State = state });
        await using InboxScreen screen = new(_store);

        var page = screen.Render<InboxPage>();

        var words = state switch
        {
            MailboxState.SignInAgain => InboxText.SignInAgain,
            MailboxState.Error => InboxText.NotReached,
            _ => InboxText.Paused,
        };
        await page.WaitForAssertionAsync(() => Assert.Equal(words, page.Find(".how").TextContent));
        Assert.Equal(inTrouble, page.FindAll(".entry.trouble").Count == 1);
    }

    [Fact]
    public async Task AMailboxUnfoldsIntoItsFolders()
    {
        var mailbox = await _store.AddMailboxAsync();
        var (inbox, orders) = (await _store.AddFolderAsync(mailbox, "INBOX", FolderRole.Inbox), await _store.AddFolderAsync(mailbox, "Customers/Orders", FolderRole.None));
        var mail = await _store.ReceiveAsync(mailbox, "An order", folderId: orders);
        await _store.ReceiveAsync(mailbox, "A question", folderId: inbox);
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();
        await page.WaitForStateAsync(() => page.FindAll(".unfold").Count == 1);
        Assert.Empty(page.FindAll(".folders"));

        await page.Find(".unfold").ClickAsync();
        Assert.Equal([InboxText.Inbox, "Orders"], page.FindAll(".folders .words").Select(words => words.TextContent));
        Assert.Equal("1", page.FindAll(".folders .count")[1].TextContent);

        screen.Services.GetRequiredService<NavigationManager>().NavigateTo(page.FindAll(".folders a")[1].GetAttribute("href")!);
        await page.WaitForAssertionAsync(() => Assert.Equal([$"{mail.TicketId}"], page.FindAll("[data-row]").Select(row => row.GetAttribute("data-row"))));
        Assert.Equal("Orders · Support", page.Find(".bar h1").TextContent);
    }

    [Fact]
    public async Task EachListSaysInItsOwnWordsThatItIsEmpty()
    {
        await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        var page = screen.Render<InboxPage>();

        foreach (var (view, words) in new[]
        {
            ("mine", InboxText.NothingMine), ("unassigned", InboxText.NothingUnassigned), ("starred", InboxText.NothingStarred), ("snoozed", InboxText.NothingSnoozed),
            ("sent", InboxText.NothingSent), ("closed", InboxText.NothingClosed), ("junk", InboxText.NothingJunk), ("trash", InboxText.NothingTrash),
        })
        {
            screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?view={view}");
            await page.WaitForAssertionAsync(() => Assert.Equal(words, page.Find(".empty .lead").TextContent));
        }
    }

    [Fact]
    public async Task OnlyAdminsAreLedToTheSettings()
    {
        await using (InboxScreen agents = new(_store))
        {
            Assert.Empty(agents.Render<InboxPage>().FindAll("a[href='/settings/email-accounts']"));
        }

        await using InboxScreen admins = new(_store, isAdmin: true);
        Assert.NotEmpty(admins.Render<InboxPage>().FindAll("a[href='/settings/email-accounts']"));
    }
}
