using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class TicketEditingTests : IAsyncLifetime
{
    private readonly Correspondence _mail = new();
    private long _annaId;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TicketEditing Editing => _mail.Store.Get<TicketEditing>();

    private Actor Me => Actor.User(_annaId);

    public async ValueTask InitializeAsync()
    {
        await _mail.InitializeAsync();
        _annaId = await _mail.AddPersonAsync("Anna");
    }

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task ClosingIsWrittenIntoTheLogAndCanBeTakenBack()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;

        var changes = await Editing.SetStatusAsync([ticket], TicketStatus.Closed, Me, "web", Cancelled);
        Assert.Equal(TicketStatus.Closed, await StatusAsync(ticket));

        await Editing.UndoAsync(changes, Me, "web", Cancelled);

        Assert.Equal(TicketStatus.Open, await StatusAsync(ticket));
        var told = (await _mail.Store.ActivityAsync(Cancelled)).Where(e => e.Kind is ActivityKind.TicketStatusChanged).ToList();
        Assert.Equal(["""{"status":["Open","Closed"]}""", """{"status":["Closed","Open"]}"""], told.Select(e => e.Changes));
        Assert.All(told, e => Assert.Equal((ticket, _annaId, "web"), (e.TicketId!.Value, e.ActorUserId!.Value, e.Origin)));
    }

    [Fact]
    public async Task ATicketIsAssignedToAPersonOrToNobody()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;

        var assigned = await Editing.AssignAsync([ticket], _annaId, Me, "web", Cancelled);
        Assert.Equal(ticket, Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(null, TicketView.Mine, _annaId), null, 10, Cancelled)).Id);
        Assert.Empty(await _mail.Queries.ListAsync(Reach.All, new(null, TicketView.Unassigned), null, 10, Cancelled));

        await Editing.UndoAsync(assigned, Me, "web", Cancelled);
        Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(null, TicketView.Unassigned), null, 10, Cancelled));
    }

    [Fact]
    public async Task SomebodyWhoDoesNotExistIsAssignedNothing()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;

        Assert.Empty(await Editing.AssignAsync([ticket], 4711, Me, "web", Cancelled));
        Assert.Null((await _mail.ThreadAsync(ticket)).Ticket.AssigneeId);
    }

    [Fact]
    public async Task WhatIsSnoozedIsOutOfSightAndClosingEndsIt()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;

        await Editing.SnoozeAsync([ticket], _mail.Now.AddDays(1), Me, "web", Cancelled);
        Assert.Empty(await _mail.Queries.ListAsync(Reach.All, new(null), null, 10, Cancelled));
        Assert.Single(await _mail.Queries.ListAsync(Reach.All, new(null, TicketView.Snoozed), null, 10, Cancelled));

        var closed = await Editing.SetStatusAsync([ticket], TicketStatus.Closed, Me, "web", Cancelled);
        Assert.Null((await _mail.ThreadAsync(ticket)).Ticket.SnoozedUntil);

        await Editing.UndoAsync(closed, Me, "web", Cancelled);
        Assert.Equal(_mail.Now.AddDays(1).ToUnixTimeMilliseconds(), (await _mail.ThreadAsync(ticket)).Ticket.SnoozedUntil?.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task SnoozingOpensWhatWasClosedAndTakesNoMomentThatHasPassed()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;
        await _mail.SetStatusAsync(ticket, TicketStatus.Closed);

        Assert.Empty(await Editing.SnoozeAsync([ticket], _mail.Now.AddMinutes(-1), Me, "web", Cancelled));
        await Editing.SnoozeAsync([ticket], _mail.Now.AddDays(1), Me, "web", Cancelled);

        Assert.Equal(TicketStatus.Open, await StatusAsync(ticket));
    }

    [Fact]
    public async Task UndoingLeavesAloneWhatWasChangedSince()
    {
        var ticket = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;
        var closed = await Editing.SetStatusAsync([ticket], TicketStatus.Closed, Me, "web", Cancelled);
        await Editing.SetStatusAsync([ticket], TicketStatus.Pending, Me, "web", Cancelled);

        Assert.Empty(await Editing.UndoAsync(closed, Me, "web", Cancelled));
        Assert.Equal(TicketStatus.Pending, await StatusAsync(ticket));
    }

    [Fact]
    public async Task HundredsOfTicketsAreOneTransaction()
    {
        var commits = 0;
        _mail.Store.Get<WriterLane>().Committed += () => Interlocked.Increment(ref commits);
        var mails = await _mail.ReceiveAsync([.. Enumerable.Range(0, 200).Select(i => new Arrival(Letter($"{i}@c", $"{i}@customer.example"), TimeSpan.Zero, IsHistory: false))]);
        List<long> tickets = [.. mails.Select(m => m.TicketId)];
        await EnneoStore.UntilAsync(() => Task.FromResult(Interlocked.Exchange(ref commits, 0) > 0), TimeSpan.FromSeconds(30), Cancelled); // told after the caller

        var changes = await Editing.SetStatusAsync([.. tickets, 999_999], TicketStatus.Closed, Me, "web", Cancelled);

        Assert.Equal(200, changes.Count);
        await EnneoStore.UntilAsync(() => Task.FromResult(Volatile.Read(ref commits) > 0), TimeSpan.FromSeconds(30), Cancelled); // told after the caller
        Assert.Equal(1, commits);
        Assert.Equal(200, (await _mail.Store.ActivityAsync(Cancelled)).Count(e => e.Kind is ActivityKind.TicketStatusChanged));
        Assert.Empty(await _mail.Queries.ListAsync(Reach.All, new(null), null, 10, Cancelled));

        Assert.Equal(200, (await Editing.UndoAsync(changes, Me, "web", Cancelled)).Count);
        await EnneoStore.UntilAsync(() => Task.FromResult(Volatile.Read(ref commits) > 1), TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(2, commits);
    }

    [Fact]
    public async Task ACustomersReplyBringsBackWhatIsSnoozedAndReopensWhatIsClosed()
    {
        var snoozed = (await _mail.ReceiveAsync(Letter("1@c", Anna))).TicketId;
        var closed = (await _mail.ReceiveAsync(Letter("2@c", Anna, subject: "Another"))).TicketId;
        await Editing.SnoozeAsync([snoozed], _mail.Now.AddDays(1), Me, "web", Cancelled);
        await Editing.SetStatusAsync([closed], TicketStatus.Closed, Me, "web", Cancelled);

        await _mail.ReceiveAsync(Letter("3@c", Anna, answers: "1@c"));
        await _mail.ReceiveAsync(Letter("4@c", Anna, answers: "2@c"));

        Assert.Equal(2, (await _mail.Queries.ListAsync(Reach.All, new(null), null, 10, Cancelled)).Count);
        var woken = (await _mail.Store.ActivityAsync(Cancelled)).Last(e => e.Kind is ActivityKind.TicketSnoozed);
        Assert.Equal((ActorKind.MailServer, snoozed), (woken.ActorKind, woken.TicketId!.Value));
    }

    private async Task<TicketStatus> StatusAsync(long ticketId) => (await _mail.ThreadAsync(ticketId)).Ticket.Status;
}
