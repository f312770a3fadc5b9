using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class TicketRegroupingTests : IAsyncLifetime
{
    private const string Bob = "bob@elsewhere.example";
    private static readonly Actor s_me = Actor.Operator;

    private readonly Correspondence _mail = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TicketRegrouping Regrouping => _mail.Store.Get<TicketRegrouping>();

    public ValueTask InitializeAsync() => _mail.InitializeAsync();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task MergedTicketsAreOneUnderTheOldest()
    {
        var (older, newer) = await TwoAsync();
        await _mail.SetStatusAsync(older.TicketId, TicketStatus.Closed);

        var merged = await MergeAsync(newer.TicketId, older.TicketId);

        Assert.Equal(older.TicketId, merged.TicketId);
        var thread = await _mail.ThreadAsync(older.TicketId);
        Assert.Equal([older.MessageId, newer.MessageId], thread.Messages.Select(m => m.Id));
        Assert.Equal(("Where is my order?", TicketStatus.Open), (thread.Ticket.Subject, thread.Ticket.Status));
        Assert.Null(await _mail.Queries.FindThreadAsync(Reach.All, newer.TicketId, Cancelled));
        Assert.Equal(older.TicketId, await _mail.Queries.FindSurvivorAsync(Reach.All, newer.TicketId, Cancelled));
        Assert.Equal([newer.TicketId], thread.FoldedIn);
    }

    [Fact]
    public async Task LaterMailFindsAMergedTicketByAnyOfItsIdsAndMarks()
    {
        var (older, newer) = await TwoAsync();
        var token = await _mail.Store.Get<TicketTokens>().CreateAsync(newer.TicketId, Cancelled);
        await MergeAsync(older.TicketId, newer.TicketId);

        var byId = await _mail.ReceiveAsync(Letter("3@c", Bob, answers: "2@c"));
        var byMark = await _mail.ReceiveAsync(Letter("4@c", Bob) with { TicketToken = token });

        Assert.Equal((older.TicketId, older.TicketId), (byId.TicketId, byMark.TicketId));
    }

    [Fact]
    public async Task UndoingAMergeBringsBackTheExactTickets()
    {
        var (older, newer) = await TwoAsync();
        await _mail.ReceiveAsync(Letter("3@c", Bob, answers: "2@c"));
        await _mail.SetStatusAsync(older.TicketId, TicketStatus.Pending);
        var anna = await _mail.AddPersonAsync("Anna");
        await _mail.Store.Get<TicketEditing>().AssignAsync([newer.TicketId], anna, s_me, "web", Cancelled);
        var draft = await _mail.Store.Get<Drafts>().StartReplyAsync(newer.MessageId, DraftMode.Reply, anna, Cancelled);
        var before = await PictureAsync();

        var merged = await MergeAsync(older.TicketId, newer.TicketId);
        Assert.Equal(older.TicketId, (await _mail.Store.Get<Drafts>().FindAsync(draft!.Id, anna, Cancelled))!.TicketId);
        Assert.True(await Regrouping.UndoAsync(merged, s_me, "web", Cancelled));

        Assert.Equal(before, await PictureAsync());
        Assert.Equal(newer.TicketId, (await _mail.Store.Get<Drafts>().FindAsync(draft.Id, anna, Cancelled))!.TicketId);
        Assert.Null(await _mail.Queries.FindSurvivorAsync(Reach.All, newer.TicketId, Cancelled));
        Assert.False(await Regrouping.UndoAsync(merged, s_me, "web", Cancelled));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UndoingAMergeGivesEachBackWhatItWasJudgedAndWhatOthersKnowOfIt(bool ofBoth)
    {
        var (older, newer) = await TwoAsync();
        var owner = await _mail.AddPersonAsync("Anna");
        await _mail.Store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                (await db.Tickets.SingleAsync(t => t.Id == newer.TicketId, token)).SpamStatus = SpamStatus.ManualClean;
                db.AddRange(
                    new ExternalTicket { OwnerId = owner, ExternalId = "Z-2", TicketId = newer.TicketId },
                    new TicketFacts { TicketId = newer.TicketId, ContractId = "C-2", Channel = TicketChannel.Phone, AdditionalData = """{"of":2}""" });
                if (ofBoth)
                {
                    db.AddRange(
                        new ExternalTicket { OwnerId = owner, ExternalId = "Z-1", TicketId = older.TicketId },
                        new TicketFacts { TicketId = older.TicketId, ContractId = "C-1" });
                }

                return await db.SaveChangesAsync(token);
            },
            Cancelled);
        var before = await PictureAsync();

        var merged = await MergeAsync(older.TicketId, newer.TicketId);
        Assert.Equal(SpamStatus.ManualClean, (await _mail.ThreadAsync(older.TicketId)).Ticket.SpamStatus);
        Assert.True(await Regrouping.UndoAsync(merged, s_me, "web", Cancelled));

        Assert.Equal(before, await PictureAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UndoingAMergeKeepsWhatAnotherSystemSaidSince(bool knewOneBefore)
    {
        var (older, newer) = await TwoAsync();
        if (knewOneBefore)
        {
            await KnowAsync(newer.TicketId, "C-2");
        }

        var merged = await MergeAsync(older.TicketId, newer.TicketId);
        await KnowAsync(older.TicketId, "C-3");
        Assert.True(await Regrouping.UndoAsync(merged, s_me, "web", Cancelled));

        var known = await _mail.Store.ReadAsync(db => db.Set<TicketFacts>().ToDictionaryAsync(f => f.TicketId, f => f.ContractId, Cancelled), Cancelled);
        Assert.Equal("C-3", known[older.TicketId]);
        Assert.Equal(knewOneBefore ? "C-2" : null, known.GetValueOrDefault(newer.TicketId));
    }

    [Fact]
    public async Task TicketsOfTwoMailboxesAreNeverMerged()
    {
        var here = await _mail.ReceiveAsync(Letter("1@c", Anna));
        var there = await _mail.ReceiveAsync(await _mail.AddMailboxAsync("sales@workshop.example"), Letter("2@c", Anna));

        var result = await Regrouping.MergeAsync([here.TicketId, there.TicketId], s_me, "web", Cancelled);

        Assert.Equal((null, RegroupingRefusal.OtherMailbox), (result.Done, result.Refusal));
        Assert.Equal(RegroupingRefusal.OtherMailbox, (await Regrouping.MoveAsync(here.MessageId, there.TicketId, s_me, "web", Cancelled)).Refusal);
        Assert.Single((await _mail.ThreadAsync(there.TicketId)).Messages);
    }

    [Fact]
    public async Task OneTicketAloneIsNotMergedAndOneThatIsGoneIsSaidSo()
    {
        var mail = await _mail.ReceiveAsync(Letter("1@c", Anna));

        Assert.Equal(RegroupingRefusal.NothingToDo, (await Regrouping.MergeAsync([mail.TicketId], s_me, "web", Cancelled)).Refusal);
        Assert.Equal(RegroupingRefusal.Gone, (await Regrouping.MergeAsync([mail.TicketId, 4711], s_me, "web", Cancelled)).Refusal);
        Assert.Equal(RegroupingRefusal.Gone, (await Regrouping.SplitAsync(4711, andLater: false, s_me, "web", Cancelled)).Refusal);
    }

    [Fact]
    public async Task LaterMailFollowsWhatWasSplitOff()
    {
        var (root, second, third) = await ThreeAsync();

        var split = (await Regrouping.SplitAsync(second.MessageId, andLater: true, s_me, "web", Cancelled)).Done!;
        var toSplit = await _mail.ReceiveAsync(Letter("4@c", Anna, answers: "3@c") with { References = ["1@c", "2@c", "3@c"] });
        var toRoot = await _mail.ReceiveAsync(Letter("5@c", Anna, answers: "1@c"));

        Assert.NotEqual(root.TicketId, split.TicketId);
        Assert.Equal([second.MessageId, third.MessageId, toSplit.MessageId], (await _mail.ThreadAsync(split.TicketId)).Messages.Select(m => m.Id));
        Assert.Equal([root.MessageId, toRoot.MessageId], (await _mail.ThreadAsync(root.TicketId)).Messages.Select(m => m.Id));
    }

    [Fact]
    public async Task HistoryThatComesLaterDoesNotJoinWhatAPersonSplit()
    {
        var (root, second, _) = await ThreeAsync();
        var split = (await Regrouping.SplitAsync(second.MessageId, andLater: true, s_me, "web", Cancelled)).Done!;

        await _mail.ReceiveAsync(Letter("0@c", Anna, answers: "1@c") with { References = ["1@c", "2@c"] }, TimeSpan.FromDays(1), isHistory: true);

        Assert.NotNull(await _mail.Queries.FindThreadAsync(Reach.All, root.TicketId, Cancelled));
        Assert.NotNull(await _mail.Queries.FindThreadAsync(Reach.All, split.TicketId, Cancelled));
    }

    [Fact]
    public async Task UndoingASplitLeavesOneTicketToWhichTheOtherLeads()
    {
        var (root, second, _) = await ThreeAsync();
        var before = await PictureAsync();

        var split = (await Regrouping.SplitAsync(second.MessageId, andLater: false, s_me, "web", Cancelled)).Done!;
        Assert.Equal(2, (await _mail.ThreadAsync(root.TicketId)).Messages.Count);
        Assert.True(await Regrouping.UndoAsync(split, s_me, "web", Cancelled));

        Assert.Equal(before, await PictureAsync());
        Assert.Equal(root.TicketId, await _mail.Queries.FindSurvivorAsync(Reach.All, split.TicketId, Cancelled));
    }

    [Fact]
    public async Task WhatWouldLeaveNothingBehindIsNotSplit()
    {
        var (root, _, _) = await ThreeAsync();

        Assert.Equal(RegroupingRefusal.NothingToDo, (await Regrouping.SplitAsync(root.MessageId, andLater: true, s_me, "web", Cancelled)).Refusal);
    }

    [Fact]
    public async Task AMessageGoesOverToAnotherTicketWithWhatAnswersIt()
    {
        var (_, second, _) = await ThreeAsync();
        var other = await _mail.ReceiveAsync(Letter("9@c", Bob, subject: "Invoice"), TimeSpan.FromDays(2));
        var before = await PictureAsync();

        var moved = (await Regrouping.MoveAsync(second.MessageId, other.TicketId, s_me, "web", Cancelled)).Done!;
        var later = await _mail.ReceiveAsync(Letter("4@c", Anna, answers: "2@c"));

        Assert.Equal(other.TicketId, later.TicketId);
        Assert.Equal([other.MessageId, second.MessageId, later.MessageId], (await _mail.ThreadAsync(other.TicketId)).Messages.Select(m => m.Id));

        Assert.True(await Regrouping.UndoAsync(moved, s_me, "web", Cancelled));
        Assert.DoesNotContain(second.MessageId, (await _mail.ThreadAsync(other.TicketId)).Messages.Select(m => m.Id));
        Assert.NotEqual("", before);
    }

    [Fact]
    public async Task ATicketWhoseOnlyMessageGoesOverIsFoldedIntoTheOther()
    {
        var (older, newer) = await TwoAsync();

        var moved = (await Regrouping.MoveAsync(older.MessageId, newer.TicketId, s_me, "web", Cancelled)).Done!;

        Assert.Equal(newer.TicketId, moved.TicketId);
        Assert.Equal(newer.TicketId, await _mail.Queries.FindSurvivorAsync(Reach.All, older.TicketId, Cancelled));
        Assert.True(await Regrouping.UndoAsync(moved, s_me, "web", Cancelled));
        Assert.Single((await _mail.ThreadAsync(older.TicketId)).Messages);
    }

    [Fact]
    public async Task WhoTookPartOnlyByAMessageThatWentCannotWriteIntoTheTicket()
    {
        var root = await _mail.ReceiveAsync(Letter("1@c", Anna, cc: Bob));
        var ofBob = await _mail.ReceiveAsync(Letter("2@c", Bob, answers: "1@c"));
        var carl = await _mail.ReceiveAsync(Letter("3@c", Bob, answers: "1@c", cc: "carl@customer.example"));
        Assert.Equal(root.TicketId, ofBob.TicketId);
        await Regrouping.SplitAsync(carl.MessageId, andLater: false, s_me, "web", Cancelled);

        var late = await _mail.ReceiveAsync(Letter("4@c", "carl@customer.example", answers: "1@c"));

        Assert.NotEqual(root.TicketId, late.TicketId);
    }

    [Fact]
    public async Task EachTicketTellsWhatHappenedToIt()
    {
        var (root, second, _) = await ThreeAsync();
        var split = (await Regrouping.SplitAsync(second.MessageId, andLater: true, s_me, "web", Cancelled)).Done!;
        await MergeAsync(root.TicketId, split.TicketId);

        var history = await _mail.Store.Get<ActivityQueries>().HistoryAsync(Reach.All, [root.TicketId, split.TicketId], Cancelled);

        Assert.Equal(
            [ActivityKind.TicketCreated, ActivityKind.TicketSplit, ActivityKind.TicketCreated, ActivityKind.TicketsMerged],
            history.Select(entry => entry.Kind));
        Assert.Equal($$"""{"ticket":[{{split.TicketId}},{{root.TicketId}}]}""", history[^1].Changes);
    }

    private async Task<Regrouping> MergeAsync(params long[] tickets)
    {
        var result = await Regrouping.MergeAsync(tickets, s_me, "web", Cancelled);
        Assert.Null(result.Refusal);
        return result.Done!;
    }

    private async Task<(IntakeResult Older, IntakeResult Newer)> TwoAsync() => (
        await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromHours(2)),
        await _mail.ReceiveAsync(Letter("2@c", Bob, subject: "The same once more"), TimeSpan.FromHours(1)));

    private async Task<(IntakeResult Root, IntakeResult Second, IntakeResult Third)> ThreeAsync() => (
        await _mail.ReceiveAsync(Letter("1@c", Anna), TimeSpan.FromHours(3)),
        await _mail.ReceiveAsync(Letter("2@c", Anna, answers: "1@c"), TimeSpan.FromHours(2)),
        await _mail.ReceiveAsync(Letter("3@c", Anna, answers: "2@c"), TimeSpan.FromHours(1)));

    private Task KnowAsync(long ticket, string contract) => _mail.Store.Get<WriterLane>().RunAsync(
        (db, token) => db.Database.ExecuteSqlAsync($"INSERT OR REPLACE INTO ticket_facts (TicketId, ContractId, AdditionalData, WorkedOnBy) VALUES ({ticket}, {contract}, '{{}}', '[]')", token), Cancelled);

    /// <summary>Everything that regrouping may change, but for counters.</summary>
    private Task<string> PictureAsync() => _mail.Store.ReadAsync(
        async db =>
        {
            List<object> lines = [];
            lines.AddRange(await db.Tickets.OrderBy(t => t.Id)
                .Select(t => $"{t.Id} {t.Subject} {t.Status} {t.AssigneeId} {t.SnoozedUntil} {t.People} {t.MessageCount} {t.LinkedTicketId} {t.IsKeptApart} {t.SpamStatus}").ToListAsync(Cancelled));
            lines.AddRange(await db.Set<ExternalTicket>().OrderBy(e => e.ExternalId).Select(e => $"{e.ExternalId} is {e.TicketId}").ToListAsync(Cancelled));
            lines.AddRange(await db.Set<TicketFacts>().OrderBy(f => f.TicketId).Select(f => $"{f.TicketId} {f.ContractId} {f.Channel} {f.AdditionalData}").ToListAsync(Cancelled));
            lines.AddRange(await db.Messages.OrderBy(m => m.Id).Select(m => $"{m.Id} in {m.TicketId}").ToListAsync(Cancelled));
            lines.AddRange(await db.ThreadKeys.OrderBy(k => k.InternetMessageId).ThenBy(k => k.TicketId).Select(k => $"{k.InternetMessageId} {k.TicketId} {k.MessageId}").ToListAsync(Cancelled));
            lines.AddRange(await db.TicketParticipants.OrderBy(p => p.TicketId).ThenBy(p => p.Address).Select(p => $"{p.TicketId} {p.Address} {p.HasWritten}").ToListAsync(Cancelled));
            return string.Join('\n', lines);
        },
        Cancelled);
}
