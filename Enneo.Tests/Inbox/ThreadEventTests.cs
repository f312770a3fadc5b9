using Bunit;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;

namespace Enneo.Tests.Inbox;

/// <summary>What programs wrote about a conversation, in a line each.</summary>
public sealed class ThreadEventTests : IAsyncLifetime
{
    private const string Report =
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail was not delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example.com\r\n\r\n"
        + "Final-Recipient: rfc822; tom@fjord.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n--b--";

    private readonly InboxStore _store = new();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ABounceSaysWhomItDidNotReachAndWhy_AndOpensInFull()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Question");
        await _store.ReceiveAsync(mailbox, "Undeliverable", "Marta Nowak <marta@example.net>", "m1@example.net", "Auto-Submitted: auto-replied\r\n", Report, "multipart/report; report-type=delivery-status; boundary=b");
        await using InboxScreen screen = new(_store);

        var thread = Render(screen, mail.TicketId);
        await thread.WaitForAssertionAsync(() => Assert.Equal("Not delivered to tom@fjord.example: no such user (550 5.1.1)", thread.Find(".event .words").TextContent));
        Assert.Single(thread.FindAll("iframe"));

        await thread.Find(".event .line").ClickAsync();

        Assert.Empty(thread.FindAll(".event"));
        Assert.Equal(2, thread.FindAll("iframe").Count);
    }

    [Fact]
    public async Task AnAutomaticReplyIsALine_AndTheMailAboveItStaysOpen()
    {
        var mailbox = await _store.AddMailboxAsync();
        var mail = await _store.ReceiveAsync(mailbox, "Question");
        await _store.ReceiveAsync(mailbox, "Away", "Marta Nowak <marta@example.net>", "m1@example.net", "Auto-Submitted: auto-replied\r\n", "I am away until Monday.");
        await using InboxScreen screen = new(_store);

        var thread = Render(screen, mail.TicketId);

        await thread.WaitForAssertionAsync(() => Assert.Equal("Automatic reply from Marta Nowak: I am away until Monday.", thread.Find(".event .words").TextContent));
        Assert.EndsWith($"/message/{mail.MessageId}/body", thread.Find("iframe").GetAttribute("data-address"), StringComparison.Ordinal);
    }

    private IRenderedComponent<ThreadView> Render(InboxScreen screen, long ticketId) => screen.Render<ThreadView>(parameters => parameters
        .Add(t => t.TicketId, ticketId)
        .Add(t => t.View, new InboxView(View: TicketView.Closed, TicketId: ticketId))
        .Add(t => t.Person, new InboxPerson(_store.AgentId, false)));
}
