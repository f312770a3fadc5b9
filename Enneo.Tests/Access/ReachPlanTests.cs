using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>What somebody may see narrows a query without making it walk more than before: the plans of the database say so.</summary>
public sealed class ReachPlanTests : IAsyncLifetime
{
    private TwoMailboxes _house = null!;

    public async ValueTask InitializeAsync() => _house = await TwoMailboxes.OpenAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData(TicketView.Open, "IX_tickets_MailboxId_IsClosed_ListedAt_Id", 2)]
    [InlineData(TicketView.Closed, "IX_tickets_MailboxId_IsClosed_ListedAt_Id", 2)]
    [InlineData(TicketView.Unassigned, "IX_tickets_MailboxId_IsClosed_ListedAt_Id", 2)]
    [InlineData(TicketView.Sent, "IX_tickets_sent", 1)]
    [InlineData(TicketView.Starred, "IX_tickets_starred", 1)]
    [InlineData(TicketView.Junk, "IX_tickets_junk", 1)]
    [InlineData(TicketView.Trash, "IX_tickets_trash", 1)]
    public async Task APageOfAListIsReadInTheOrderOfItsIndex(TicketView view, string index, int walks)
    {
        var plan = await PlanAsync(db => TicketLists.Page(
            db, Reach.Of(3_000_001, 7_000_001), new(null, view), tickets => tickets.Where(t => t.ListedAt <= DateTimeOffset.UnixEpoch).OrderByDescending(t => t.ListedAt).ThenByDescending(t => t.Id).Take(50)));

        Assert.Equal(walks, plan.Split(index).Length - 1);
        Assert.Equal(index.Contains("IsClosed", StringComparison.Ordinal), plan.Contains("IsClosed=? AND ListedAt<?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MessagesOfATicketAreFoundByIt()
    {
        List<long> tickets = [1, 2];
        var plan = await PlanAsync(db => Reach.Of(3_000_001).Of(db.Messages).Where(m => tickets.Contains(m.TicketId)));

        Assert.Contains("IX_messages_TicketId_ReceivedAt", plan, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "open")]
    [InlineData(true, "pending")]
    [InlineData(false, "closed")]
    [InlineData(true, "open", "pending")]
    [InlineData(false, "open", "closed")]
    public async Task WhatAProgramAsksForByStatusIsFoundByIndex_WhereThatLeavesMostTicketsOut(bool byIndex, params string[] statuses)
    {
        List<JsonElement> values = [.. statuses.Select(status => JsonSerializer.SerializeToElement(status))];
        TicketCondition condition = values is [var one] ? new("status", "=", one, null, null, null) : new("status", "in", null, values, null, null);
        var plan = await PlanAsync(db =>
        {
            var read = TicketFields.Find(condition.Key, db, 1)!.Read(condition);
            var tickets = db.Tickets.Where(read.Holds!);
            return read.Implied is { } implied ? tickets.Where(implied) : tickets;
        });

        Assert.Equal(byIndex, plan.Contains("(IsClosed=?", StringComparison.Ordinal));
    }

    private Task<string> PlanAsync<T>(Func<EnneoDbContext, IQueryable<T>> query) => _house.ReadAsync(async db =>
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = query(db).CreateDbCommand();
#pragma warning disable CA2100 // the text is Entity Framework's
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> lines = [];
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(rows.GetString(3));
        }

        return string.Join('\n', lines);
    });
}
