using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Tests.Inbox;
using Enneo.Web.Inbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Spam;

/// <summary>The list of spam says of each conversation why it lies there.</summary>
public sealed class SpamListTests : IAsyncLifetime
{
    private readonly InboxStore _store = new();
    private Mailbox _mailbox = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        _mailbox = await _store.AddMailboxAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task EachRowSaysWhoHidItAndWhy()
    {
        await HideAsync("flagged", HeaderRule.SpamAssassin, verdict => verdict.Evidence = "X-Spam-Flag: YES");
        await HideAsync("read", null, verdict => (verdict.Probability, verdict.Reasons) =
            (.9931, """[{"Kind":"LinkHost","Argument":"x.top","Weight":2.1},{"Kind":"Words","Argument":"winner","Weight":1.2},{"Kind":"Words","Argument":"invoice","Weight":-3}]"""));
        await HideAsync("delivered", null, verdict => verdict.Stage = SpamStage.Server);
        await HideAsync("blocked", null, verdict => (verdict.Stage, verdict.Evidence) = (SpamStage.SenderList, "spam.example"));
        var marked = (await _store.ReceiveAsync(_mailbox, "marked")).TicketId;
        await _store.Get<SpamDecisions>().MarkAsync([marked], isSpam: true, Actor.User(_store.AgentId), "web", Cancel);
        var elsewhere = (await _store.ReceiveAsync(_mailbox, "elsewhere")).TicketId;
        await _store.ChangeTicketAsync(elsewhere, ticket => (ticket.SpamStatus, ticket.Place) = (SpamStatus.AutoProgrammatic, TicketPlace.Junk));

        await using InboxScreen screen = new(_store);
        var list = await RenderAsync(screen, TicketView.Junk);

        Assert.Equal("Headers: SpamAssassin flagged it", Because(list, "flagged"));
        Assert.Equal("AI, 99.3 %: a link to x.top", Because(list, "read"));
        Assert.Equal("Delivered to Junk by the server", Because(list, "delivered"));
        Assert.Equal("Blocked sender: spam.example", Because(list, "blocked"));
        Assert.Equal("Marked by Anna", Because(list, "marked"));
        Assert.Equal("Moved to Junk by the server or a program", Because(list, "elsewhere"));
        Assert.Equal("X-Spam-Flag: YES", list.Find("[data-because]:contains('SpamAssassin')").GetAttribute("title"));
    }

    [Fact]
    public async Task TheRowItselfRestores()
    {
        var ticket = (await _store.HideAsync(_mailbox, 1, HeaderRule.Bulk)).Single();
        await using InboxScreen screen = new(_store);
        screen.Services.GetRequiredService<InboxActions>().PersonId = _store.AgentId;
        var list = await RenderAsync(screen, TicketView.Junk);

        await list.Find("[data-row-not-spam]").ClickAsync();

        await using var db = await _store.Get<IDbContextFactory<Core.Data.EnneoDbContext>>().CreateDbContextAsync(Cancel);
        Assert.Equal(SpamStatus.ManualClean, (await db.Tickets.SingleAsync(t => t.Id == ticket, Cancel)).SpamStatus);
    }

    [Fact]
    public async Task OtherListsSayAndAskNothingOfIt()
    {
        await _store.ReceiveAsync(_mailbox, "Question");
        await using InboxScreen screen = new(_store);

        var list = await RenderAsync(screen, TicketView.Open);

        Assert.Single(list.FindAll("[data-row]"));
        Assert.Empty(list.FindAll("[data-because], [data-row-not-spam]"));
    }

    private async Task HideAsync(string subject, HeaderRule? rule, Action<SpamVerdict> with)
    {
        var ticket = (await _store.HideAsync(_mailbox, 1, rule, with)).Single();
        await _store.ChangeTicketAsync(ticket, row => row.Subject = subject);
    }

    private static string Because(IRenderedComponent<TicketList> list, string subject) =>
        list.FindAll("[data-row]").Single(row => row.QuerySelector(".subject")!.TextContent == subject).QuerySelector("[data-because]")!.TextContent;

    private async Task<IRenderedComponent<TicketList>> RenderAsync(InboxScreen screen, TicketView view)
    {
        var seen = Reach.All;
        var mailboxes = await _store.Get<MailboxQueries>().ListAsync(seen, Cancel);
        InboxDirectory directory = new([.. await _store.Get<Accounts>().ListAsync(Cancel)], []);
        var list = screen.Render<TicketList>(parameters => parameters
            .AddCascadingValue(directory)
            .Add(l => l.View, new InboxView(View: view))
            .Add(l => l.Mailboxes, mailboxes));
        await list.WaitForStateAsync(() => list.FindAll(".ghosts").Count == 0);
        return list;
    }
}
