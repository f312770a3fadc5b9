using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>
/// Whatever of Core a screen calls: what it changes for everybody stands in the log, with who did it and where, in the same
/// transaction. By that, programs that asked for a ticket before see what it is now.
/// </summary>
public sealed class ChangesTellTests
{
    /// <summary>What nobody else sees, or is no content: typing, what is looked up anew, what is to be done.</summary>
    private static readonly HashSet<string> s_silent =
    [
        "activity", "drafts", "draft_attachments", "sources", "settings", "sessions", "contacts", "contact_words", "processing_runs", "processing_records", "search_backlog",
        "mailbox_statuses", "spam_lessons", "learned_weights", "keyed_requests", "sqlite_sequence", "sqlite_stat1", "ai_calls",
    ];

    /// <summary>Reads, for which their cases prepare something.</summary>
    private static readonly HashSet<string> s_prepared =
    [
        "SpamQueries.OfTicketAsync", "SpamQueries.OfTicketsAsync", "SpamQueries.OfLaterMailAsync", "SpamSenders.FindAsync", "AutomationRuns.OfTicketAsync", "SpamSenders.HiddenOfAsync", "TrashErasing.CountAsync", "WaitingChanges.OfTicketAsync", "WaitingChanges.OfMailboxAsync", "AutomationProposals.OfTicketAsync",
    ];

    public static TheoryData<string> Cases => [.. AccessCases.All.OfType<OneCase>().Select(known => known.Method).Where(method => !s_prepared.Contains(method)).Distinct()];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AChangeStandsInTheLog(string method)
    {
        await using var house = await TwoMailboxes.OpenAsync();
        var visitor = house.Agent;
        foreach (var access in AccessCases.All.OfType<OneCase>().Where(known => known.Method == method))
        {
            var before = await DigestAsync(house);
            var tickets = await TicketsAsync(house, house.Get<TicketReading>(), visitor);
            var last = await house.ReadAsync(db => db.Activity.MaxAsync(e => e.Sequence, Cancel));
            await access.Ask(house, visitor, house.Of(TwoMailboxes.Granted, visitor));
            var after = await DigestAsync(house);
            var changed = after.Where(table => before.GetValueOrDefault(table.Key) != table.Value).Select(table => table.Key).ToList();
            var written = await house.ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.Sequence > last).ToListAsync(Cancel));

            Assert.True(changed.Count == 0 || written.Count > 0, $"{method} changed {string.Join(", ", changed)} and says so nowhere.");
            Assert.All(written.Where(e => e.ActorKind is ActorKind.User), e => Assert.Equal(visitor.Id, e.ActorUserId));
            Assert.All(written, e => Assert.True(e.MailboxId is not null || Audit.Shows(e.Kind), $"{method}: {e.Kind} is of no mailbox"));
            Assert.All(written, e => Assert.NotEmpty(e.Origin));
            Assert.Equal(await TicketsAsync(house, Unkept(house), visitor), await TicketsAsync(house, house.Get<TicketReading>(), visitor));
            Assert.NotEmpty(tickets);
        }
    }

    /// <summary>As programs are told of every ticket.</summary>
    private static async Task<string> TicketsAsync(TwoMailboxes house, TicketReading reading, Visitor visitor)
    {
        StringBuilder told = new();
        foreach (var ticketId in await house.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(Cancel)))
        {
            told.AppendLine(JsonSerializer.Serialize(await reading.FindAsync(Reach.All, ticketId, visitor.Id, (_, message, part) => $"{message}/{part}", Cancel)));
        }

        return told.ToString();
    }

    /// <summary>One that has not been asked before.</summary>
    private static TicketReading Unkept(TwoMailboxes house) => new(
        house.Get<IDbContextFactory<EnneoDbContext>>(), house.Get<MessageReader>(), house.Get<MailHtml>(), house.Get<Requesters>(), house.Get<TicketQueries>(), new KeptTickets());

    private static Task<Dictionary<string, string>> DigestAsync(TwoMailboxes house) => house.ReadAsync(async db =>
    {
        Dictionary<string, string> digests = [];
        var tables = await db.Database.SqlQueryRaw<string>("SELECT name AS Value FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'search%'").ToListAsync(Cancel);
        await db.Database.OpenConnectionAsync(Cancel);
        foreach (var table in tables.Where(table => !s_silent.Contains(table)))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            StringBuilder rows = new();
            await using var reader = await command.ExecuteReaderAsync(Cancel);
            while (await reader.ReadAsync(Cancel))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    rows.Append(reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i)).Append('|');
                }
            }

            digests[table] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(rows.ToString())));
        }

        return digests;
    });
}
