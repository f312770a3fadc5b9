using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;
using static Enneo.Tests.Tickets.Correspondence;

namespace Enneo.Tests.Tickets;

public sealed class CountingTests : IAsyncLifetime
{
    private readonly Correspondence _mail = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _mail.InitializeAsync();

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    [Fact]
    public async Task EachListIsCountedByMailbox()
    {
        var anna = await _mail.AddPersonAsync("Anna");
        List<long> tickets = [];
        for (var i = 0; i < 5; i++)
        {
            tickets.Add((await _mail.ReceiveAsync(Letter($"{i}@c", $"{i}@customer.example"))).TicketId);
        }

        var editing = _mail.Store.Get<TicketEditing>();
        await editing.AssignAsync([tickets[0]], anna, Actor.Operator, "web", Cancelled);
        await editing.SnoozeAsync([tickets[1]], _mail.Now.AddDays(1), Actor.Operator, "web", Cancelled);
        await editing.SetStatusAsync([tickets[2]], TicketStatus.Closed, Actor.Operator, "web", Cancelled);
        await _mail.Store.Get<TicketFiling>().StarAsync([tickets[3]], starred: true, Actor.Operator, "web", Cancelled);

        var counts = await _mail.Queries.CountsAsync(Reach.All, anna, Cancelled);

        Assert.Equal([new MailboxCounts(_mail.Mailbox.Id, Open: 3, Unread: 3, Mine: 1, Unassigned: 2, Snoozed: 1)], counts.Mailboxes);
        Assert.Equal((1, 0, true), (counts.Starred, counts.Junk, counts.HasAny));
    }

    /// <summary>Navigation counts after every change, so counting must not read the tickets themselves.</summary>
    [Fact]
    public async Task CountingReadsAnIndexAlone()
    {
        var plan = await _mail.Store.ReadAsync(
            async db =>
            {
                var sql = db.Tickets.Where(t => t.Status != TicketStatus.Closed && t.Place == TicketPlace.Desk)
                    .GroupBy(t => t.MailboxId)
                    .Select(g => new { g.Key, Open = g.Count(t => t.SnoozedUntil == null), Unread = g.Count(t => t.UnreadCount > 0), Free = g.Count(t => t.AssigneeId == null) })
                    .ToQueryString();
                await using var command = db.Database.GetDbConnection().CreateCommand();
                await db.Database.OpenConnectionAsync(Cancelled);
                command.CommandText = "EXPLAIN QUERY PLAN " + sql;
                List<string> lines = [];
                await using var reader = await command.ExecuteReaderAsync(Cancelled);
                while (await reader.ReadAsync(Cancelled))
                {
                    lines.Add(reader.GetString(3));
                }

                return lines;
            },
            Cancelled);

        Assert.Contains(plan, line => line.Contains("COVERING INDEX IX_tickets_desk", StringComparison.Ordinal));
    }
}
