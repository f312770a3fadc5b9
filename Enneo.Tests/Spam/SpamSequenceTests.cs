using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Spam.SpamMail;

namespace Enneo.Tests.Spam;

/// <summary>Arrivals, both stages, agents, other mail programs and steps broken off, in any order: what a person said stands.</summary>
[Trait("Category", "Server")]
public sealed class SpamSequenceTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const int Operations = 120;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AManualStatusNeverChangesByItself(int seed)
    {
        Random random = new(seed);
        await using var mailbox = await SyncedMailbox.ConnectAsync(dovecot, "earlier");
        Dictionary<long, SpamStatus> said = [];
        for (var i = 0; i < Operations; i++)
        {
            await (random.Next(6) switch
            {
                0 or 1 => ArriveAsync(mailbox, random, i),
                2 => DecideAsync(mailbox, random, said),
                3 => BreakOffAsync(mailbox, random),
                4 => mailbox.ProcessAsync(),
                _ => mailbox.Store.Get<SpamLearning>().CatchUpAsync(Cancelled),
            });
            foreach (var (ticketId, status) in said)
            {
                Assert.Equal(status, await mailbox.Store.ReadAsync(db => db.Tickets.Where(t => t.Id == ticketId).Select(t => t.SpamStatus).SingleAsync(Cancelled), Cancelled));
            }
        }

        await mailbox.ProcessAsync();
        var tickets = await mailbox.Store.ReadAsync(db => db.Tickets.AsNoTracking().ToListAsync(Cancelled), Cancelled);
        Assert.True(tickets.Count > 10, "too little happened");
        Assert.True(said.Count > 2, "nobody said anything");
        Assert.All(tickets, ticket => Assert.Equal(ticket.SpamStatus.IsSpam(), ticket.Place is TicketPlace.Junk));
        Assert.Equal(0, await mailbox.Store.ReadAsync(db => db.ProcessingRuns.CountAsync(r => r.FinishedAt == null, Cancelled), Cancelled));
    }

    private async Task ArriveAsync(SyncedMailbox mailbox, Random random, int number)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"mail {number}");
        var mail = random.Next(4) switch
        {
            0 => Obvious(subject, $"deals{number}@pills.top"),
            1 => Wanted(subject).With("X-Spam-Flag", "YES"),
            _ => Wanted(subject, $"person{number}@customer.example"),
        };
        if (random.Next(3) == 0
            && await mailbox.Store.ReadAsync(db => db.Messages.OrderByDescending(m => m.Id).Select(m => m.InternetMessageId).FirstOrDefaultAsync(Cancelled), Cancelled) is { Length: > 0 } answered)
        {
            mail.With("In-Reply-To", $"<{answered}>");
        }

        await dovecot.ArriveAsync(mailbox, mail, random.Next(8) == 0 ? "Junk" : "INBOX");
        await mailbox.SyncAsync();
    }

    private static async Task DecideAsync(SyncedMailbox mailbox, Random random, Dictionary<long, SpamStatus> said)
    {
        var ids = await mailbox.Store.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(Cancelled), Cancelled);
        var (ticketId, isSpam) = (ids[random.Next(ids.Count)], random.Next(2) == 0);
        await mailbox.Store.Get<SpamDecisions>().MarkAsync([ticketId], isSpam, Actor.User(SyncedMailbox.Person), "web", Cancelled);
        said[ticketId] = isSpam ? SpamStatus.ManualSpam : SpamStatus.ManualClean;
    }

    /// <summary>As a crash between two steps leaves them: some are to be taken once more.</summary>
    private static async Task BreakOffAsync(SyncedMailbox mailbox, Random random)
    {
        var one = random.Next(1, 4);
        await mailbox.Store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var runs = await db.ProcessingRuns.Where(r => r.Id % one == 0).ToListAsync(token);
                foreach (var run in runs)
                {
                    (run.NextStep, run.FinishedAt) = (null, null);
                    await db.ProcessingRecords.Where(record => record.RunId == run.Id).ExecuteDeleteAsync(token);
                }

                await db.SaveChangesAsync(token);
            },
            Cancelled);
    }
}
