using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>
/// Takes messages from one ticket to another of the same mailbox, and with them what leads to them:
/// ids by which later mail finds its ticket, drafts that answer them, how their sending goes.
/// Within a transaction of the writer lane.
/// </summary>
internal static class MessageTransfer
{
    public static async Task MoveAsync(EnneoDbContext db, IReadOnlyCollection<long> messageIds, long from, long into, CancellationToken cancellationToken)
    {
        var ids = JsonSerializer.Serialize(messageIds);
        foreach (var statement in (FormattableString[])
        [
            $"UPDATE messages SET TicketId = {into} WHERE TicketId = {from} AND Id IN (SELECT value FROM json_each({ids}))",
            $"""
            INSERT INTO thread_keys (MailboxId, InternetMessageId, TicketId, MessageId)
            SELECT MailboxId, InternetMessageId, {into}, MessageId FROM thread_keys WHERE TicketId = {from} AND MessageId IN (SELECT value FROM json_each({ids}))
            ON CONFLICT DO UPDATE SET MessageId = coalesce(MessageId, excluded.MessageId)
            """,
            $"DELETE FROM thread_keys WHERE TicketId = {from} AND MessageId IN (SELECT value FROM json_each({ids}))",
            $"UPDATE drafts SET TicketId = {into} WHERE TicketId = {from} AND AnsweredMessageId IN (SELECT value FROM json_each({ids}))",
            $"UPDATE outbox SET TicketId = {into} WHERE MessageId IN (SELECT value FROM json_each({ids}))",
        ])
        {
            await db.Database.ExecuteSqlAsync(statement, cancellationToken);
        }

        await RecountPeopleAsync(db, from, cancellationToken);
        await RecountPeopleAsync(db, into, cancellationToken);
    }

    /// <summary>Who takes part follows from the messages, so that nobody can write into a ticket by a message that has left it.</summary>
    private static async Task RecountPeopleAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken)
    {
        await db.TicketParticipants.Where(p => p.TicketId == ticketId).ExecuteDeleteAsync(cancellationToken);
        var messages = await db.Messages.AsNoTracking()
            .Where(m => m.TicketId == ticketId && m.Automatic != AutomaticKind.Bounce && m.Direction != MessageDirection.Internal)
            .Select(m => new { m.FromAddress, m.ReplyTo, m.To, m.Cc })
            .ToListAsync(cancellationToken);
        var wrote = messages.Select(m => m.FromAddress.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var everybody = messages
            .SelectMany(m => m.ReplyTo.Concat(m.To).Concat(m.Cc).Select(party => party.Address.ToLowerInvariant()))
            .Concat(wrote)
            .Where(address => address.Length > 0)
            .Distinct(StringComparer.Ordinal);
        using SqlStatement add = new(db, "INSERT INTO ticket_participants (TicketId, Address, HasWritten) VALUES (@0, @1, @2)");
        foreach (var address in everybody)
        {
            add.Execute(ticketId, address, wrote.Contains(address));
        }
    }
}
