using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task EachMailboxLeadsToItsOpenAndClosedMail()
    {
        var mailbox = await _store.AddMailboxAsync();
        await using InboxScreen screen = new(_store);
        screen.Services.GetRequiredService<NavigationManager>().NavigateTo($"/inbox?mailbox={mailbox.Id}&view=closed");

        var page = screen.Render<InboxPage>();

        await page.WaitForAssertionAsync(() => Assert.Equal(
            [$"/inbox?mailbox={mailbox.Id}", $"/inbox?mailbox={mailbox.Id}&view=closed"],
            page.FindAll(".entry.selected .views a").Select(link => link.GetAttribute("href"))));
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
