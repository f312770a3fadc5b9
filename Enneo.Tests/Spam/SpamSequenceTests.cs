using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Integrations;
using Enneo.Core.Processing;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Spam;

/// <summary>
/// Arrivals, both stages, agents, moves of the server, reprocessing and steps broken off, in any order: what a person said
/// stands, and spam gets tags for spam and nothing else by itself.
/// </summary>
[Trait("Category", "Server")]
public sealed class SpamSequenceTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const int Operations = 120;

    /// <summary>As often may one processing ask for the time before it is broken off.</summary>
    private const int MostAsked = 30;

    private static readonly Actor s_anna = Actor.User(SyncedMailbox.Person);
    private readonly EndingClock _clock = new();
    private int _brokenOff;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AManualStatusNeverChangesByItself(int seed)
    {
        Random random = new(seed);
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, _clock, "earlier");
        await mailbox.SetAsync(spam => spam.JunkMovesCount = false); // its server moves mail by itself, which is no person's word
        await SpamSequence.DoByItselfAsync(mailbox.Store.Get<TagEditing>(), mailbox.Store.Get<AutomationEditing>(), mailbox.Id, Cancelled);
        Dictionary<long, SpamStatus> said = [];
        List<uint> inInbox = [];
        for (var i = 0; i < Operations; i++)
        {
            var before = await SpamAsync(mailbox);
            await (random.Next(8) switch
            {
                0 or 1 => ArriveAsync(mailbox, random, i, inInbox),
                2 => DecideAsync(mailbox, random, said),
                3 => BreakOffAsync(mailbox, random),
                4 => MoveToJunkAsync(mailbox, random, inInbox),
                5 => ReprocessAsync(mailbox, random),
                6 => mailbox.ProcessAsync(),
                _ => mailbox.Store.Get<SpamLearning>().CatchUpAsync(Cancelled),
            });
            var after = await SpamAsync(mailbox);
            Assert.All(after.Values, ticket => Assert.Equal("", ticket.OtherTags));
            Assert.All(after.Where(ticket => before.ContainsKey(ticket.Key)), ticket => Assert.Equal(before[ticket.Key], ticket.Value)); // nothing was done with it
            foreach (var (ticketId, status) in said)
            {
                Assert.Equal(status, await mailbox.Store.ReadAsync(db => db.Tickets.Where(t => t.Id == ticketId).Select(t => t.SpamStatus).SingleAsync(Cancelled), Cancelled));
            }
        }

        await mailbox.ProcessAsync();
        var tickets = await mailbox.Store.ReadAsync(db => db.Tickets.AsNoTracking().ToListAsync(Cancelled), Cancelled);
        Assert.True(tickets.Count > 10, "too little happened");
        Assert.True(said.Count > 2, "nobody said anything");
        Assert.True(_brokenOff > 2, $"it was broken off {_brokenOff} times");
        Assert.True(await mailbox.Store.ReadAsync(db => db.AutomationRuns.AnyAsync(r => !r.IsProposed, Cancelled), Cancelled), "nothing was done by itself");
        Assert.True(await mailbox.Store.ReadAsync(db => db.Outbox.AnyAsync(Cancelled), Cancelled), "nothing was answered by itself");
        Assert.All(tickets, ticket => Assert.Equal(ticket.SpamStatus.IsSpam(), ticket.Place is TicketPlace.Junk));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.ProcessingRuns.CountAsync(r => r.FinishedAt == null, Cancelled), Cancelled));
    }

    /// <summary>Of each ticket that is spam the automatic tags that are not for spam, and how often something was done with it or answered.</summary>
    private static async Task<Dictionary<long, DoneWithSpam>> SpamAsync(SyncedMailbox mailbox) => await mailbox.Store.ReadAsync(
        async db =>
        {
            var spam = await db.Tickets.AsNoTracking()
                .Where(t => t.SpamStatus == SpamStatus.AutoSpam || t.SpamStatus == SpamStatus.AutoProgrammatic || t.SpamStatus == SpamStatus.ManualSpam)
                .Select(t => new
                {
                    t.Id,
                    Tags = db.TicketTags.Where(g => g.TicketId == t.Id && !g.IsTakenOff && g.Source != TagSource.Person).Join(db.Tags.Where(tag => !tag.IsSpam), g => g.TagId, tag => tag.Id, (_, tag) => tag.Name).ToList(),
                    Runs = db.AutomationRuns.Count(r => !r.IsProposed && db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == t.Id)),
                    Answers = db.Outbox.Count(o => o.TicketId == t.Id),
                })
                .ToListAsync(Cancelled);
            return spam.ToDictionary(ticket => ticket.Id, ticket => new DoneWithSpam(string.Join(' ', ticket.Tags), ticket.Runs, ticket.Answers));
        },
        Cancelled);

    private async Task MoveToJunkAsync(SyncedMailbox mailbox, Random random, List<uint> inInbox)
    {
        if (inInbox.Count > 0)
        {
            var uid = inInbox[random.Next(inInbox.Count)];
            inInbox.Remove(uid);
            await dovecot.MoveAsync(mailbox.User, [uid], "INBOX", "Junk", Cancelled);
            await mailbox.SyncAsync();
        }
    }

    private static async Task ReprocessAsync(SyncedMailbox mailbox, Random random)
    {
        var ids = await mailbox.Store.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(Cancelled), Cancelled);
        await mailbox.Store.Get<Reprocessing>().RunAsync(ids[random.Next(ids.Count)], onlyNewest: false, performActions: random.Next(2) == 0, s_anna, "api", Cancelled);
    }

    private async Task ArriveAsync(SyncedMailbox mailbox, Random random, int number, List<uint> inInbox)
    {
        var answered = random.Next(3) == 0
            ? await mailbox.Store.ReadAsync(db => SpamSequence.AnyReceivedAsync(db, random, Cancelled), Cancelled)
            : null;
        var mail = SpamSequence.Mail(random, number, answered);
        mail.To.Add(MailboxAddress.Parse(mailbox.User));
        var inJunk = random.Next(8) == 0;
        var uid = await dovecot.ArriveAsync(mailbox, mail, inJunk ? "Junk" : "INBOX");
        if (!inJunk)
        {
            inInbox.Add(uid);
        }

        await mailbox.SyncAsync();
    }

    private static async Task DecideAsync(SyncedMailbox mailbox, Random random, Dictionary<long, SpamStatus> said)
    {
        var ids = await mailbox.Store.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(Cancelled), Cancelled);
        var (ticketId, isSpam) = (ids[random.Next(ids.Count)], random.Next(2) == 0);
        await mailbox.Store.Get<SpamDecisions>().MarkAsync([ticketId], isSpam, s_anna, "web", Cancelled);
        said[ticketId] = isSpam ? SpamStatus.ManualSpam : SpamStatus.ManualClean;
    }

    /// <summary>The program ends while mail goes through its steps: between two of them, or in the middle of what one writes.</summary>
    private async Task BreakOffAsync(SyncedMailbox mailbox, Random random)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        _clock.StopAfter(random.Next(1, MostAsked), stop);
        try
        {
            await mailbox.Store.Get<MailProcessing>().RunDueAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
        {
            _brokenOff++;
        }
        finally
        {
            _clock.StopAfter(0, null);
        }
    }

    /// <summary>Stops whoever asks it what time it is once too often: all that is written down says when.</summary>
    private sealed class EndingClock : TimeProvider
    {
        private CancellationTokenSource? _stop;
        private int _left;

        public void StopAfter(int questions, CancellationTokenSource? stop) => (_stop, _left) = (stop, questions);

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _stop?.Cancel();
            }

            return base.GetUtcNow();
        }
    }

    private sealed record DoneWithSpam(string OtherTags, int Runs, int Answers);
}
