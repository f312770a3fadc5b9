using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sync;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Tests.Mailboxes;
using Enneo.Web.Demo;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Demo;

/// <summary>The sample mails as they stand after the ledger, the parser and the threading have had them.</summary>
public sealed class DemoContentsTests(FilledDemo demo) : IClassFixture<FilledDemo>
{
    private readonly CancellationToken _cancellationToken = TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryMail_IsImported_AndTheLedgersAreEven()
    {
        var reports = await demo.Store.Get<MailboxReports>().ListAsync(_cancellationToken);

        Assert.Equal(["Billing", "Sales", "Support"], reports.Select(r => r.Mailbox.Name));
        Assert.Equal(demo.Filling.Mails, reports.Sum(r => r.Ledger.Imported));
        Assert.All(reports, r => Assert.Equal((MailboxState.Ok, 0, 0), (r.Status.State, r.Ledger.Failed, r.Ledger.Difference)));
        Assert.InRange(demo.Filling.Mails, 190, 250);
    }

    [Fact]
    public async Task EveryConversation_IsOneTicket()
    {
        var tickets = await demo.Store.ReadAsync(db => db.Tickets.AsNoTracking().ToListAsync(_cancellationToken), _cancellationToken);
        var sizes = DemoMails.Conversations().Select(c => c.Mails.Count);

        Assert.Equal(sizes.Order(), tickets.Select(t => t.MessageCount).Order());
    }

    [Fact]
    public async Task WhatWaitsForUs_IsOpen_WhatWeAnsweredOrIsOld_IsClosed()
    {
        var counts = (await demo.Store.Get<TicketQueries>().CountsAsync(Reach.All, null, _cancellationToken)).Mailboxes;
        var closed = await demo.Store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null, TicketView.Closed), null, 200, _cancellationToken);
        var open = await demo.Store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 200, _cancellationToken);

        Assert.InRange(counts.Sum(c => c.Open), 30, 70);
        Assert.InRange(closed.Count, 30, 70);
        Assert.InRange(counts.Sum(c => c.Unread), 15, 40);
        Assert.Contains(open, t => t.Subject == "Hinterbremse quietscht seit der Inspektion" && t.UnreadCount == 1 && t.MessageCount == 5);
        Assert.DoesNotContain(open, t => t.Subject == "Danke!");
        Assert.Empty(await WronglyJudgedAsync());
    }

    /// <summary>The subjects of tickets whose newest message says something else about them than their status.</summary>
    private Task<List<string>> WronglyJudgedAsync()
    {
        var news = TimeProvider.System.GetUtcNow().AddDays(-14).AddMinutes(1);
        return demo.Store.ReadAsync(
            db => db.Tickets
                .Select(t => new
                {
                    t.Subject,
                    t.IsClosed,
                    Last = db.Messages
                        .Where(m => m.TicketId == t.Id)
                        .OrderBy(m => m.Automatic == AutomaticKind.AutoReply || m.Automatic == AutomaticKind.Bounce) // events decide only where nobody wrote
                        .ThenByDescending(m => m.ReceivedAt)
                        .First(),
                })
                .Where(t => t.IsClosed != (t.Last.Direction == MessageDirection.Out || t.Last.ReceivedAt < news))
                .Select(t => t.Subject)
                .ToListAsync(_cancellationToken),
            _cancellationToken);
    }

    [Fact]
    public async Task TheTeamHasTagsInATree_TaggedConversations_APriority_ANote_AndAnAutomationThatIsOff()
    {
        var tags = await demo.Store.Get<TagQueries>().ListAsync(_cancellationToken);
        var open = await demo.Store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(null), null, 200, _cancellationToken);
        var automation = Assert.Single(await demo.Store.Get<AutomationQueries>().ListAsync(_cancellationToken));

        Assert.Contains(tags, tag => tag.FullName == "Workshop / Brakes");
        Assert.InRange((await demo.Store.Get<TagQueries>().CountsAsync(Reach.All, _cancellationToken)).Values.Sum(), 8, 20);
        Assert.Contains(open, ticket => ticket.Priority is TicketPriority.Urgent);
        Assert.False(automation.IsEnabled);
        Assert.Equal(1, await demo.Store.ReadAsync(db => db.Messages.CountAsync(m => m.Direction == MessageDirection.Internal, _cancellationToken), _cancellationToken));
    }

    [Fact]
    public async Task Programs_AreToldFromPeople()
    {
        var kinds = await demo.Store.ReadAsync(
            db => db.Messages.GroupBy(m => m.Automatic).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, _cancellationToken),
            _cancellationToken);

        Assert.Equal(2, kinds[AutomaticKind.Bounce]);
        Assert.True(kinds[AutomaticKind.AutoReply] >= 2);
        Assert.True(kinds[AutomaticKind.Bulk] >= 10);
    }

    [Fact]
    public async Task TheAdmin_CanSignIn_AndTheFirstRunIsClosed()
    {
        var person = Assert.Single(await demo.Store.Get<Accounts>().ListAsync(_cancellationToken));

        Assert.Equal((DemoContents.Email, Roles.Admin), (person.Email, person.Role));
        Assert.Null(PasswordRules.ProblemWith(demo.Filling.Password, person.Email));
        Assert.False(await demo.Store.Get<Accounts>().IsFirstRunOpenAsync(_cancellationToken));
    }

    [Fact]
    public async Task History_AnnouncesNothing()
    {
        var activity = await demo.Store.ActivityAsync(_cancellationToken);

        Assert.DoesNotContain(activity, entry => entry.Kind is ActivityKind.MessageReceived or ActivityKind.TicketCreated);
        Assert.Equal(3, activity.Count(entry => entry is { Kind: ActivityKind.MailboxAdded, Origin: "demo" }));
    }
}

/// <summary>The demo's contents in a database, once for all of the tests above.</summary>
public sealed class FilledDemo : IAsyncLifetime
{
    public MailboxStore Store { get; } = new();

    internal DemoFilling Filling { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Store.InitializeAsync();
        Filling = await new DemoContents(Store.Get<MailImport>(), Store.Get<Accounts>(), DeskOf(Store), TimeProvider.System)
            .FillAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    internal static DemoDesk DeskOf(MailboxStore store) => new(
        store.Get<TagEditing>(), store.Get<TicketTagging>(), store.Get<TicketEditing>(), store.Get<NoteWriting>(), store.Get<AutomationEditing>(), store.Get<TicketQueries>());
}
