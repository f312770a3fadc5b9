using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>Puts messages back into the tickets they were in, which come back as they were. Within a transaction of the writer lane.</summary>
internal sealed class RegroupingUndo(EnneoDbContext db, TimeProvider clock, Regrouping done, Actor actor, string origin)
{
    /// <returns>False if there was nothing to put back; nothing has changed then.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (!done.Former.All(former => reach.Covers(former.Row.MailboxId)))
        {
            return false;
        }

        var involved = done.Former.Select(former => former.Id).Append(done.TicketId).ToList();
        var existing = await db.Tickets.Where(t => involved.Contains(t.Id)).Select(t => t.Id).ToHashSetAsync(cancellationToken);
        var returned = false;
        foreach (var former in done.Former)
        {
            var strayed = await db.Messages
                .Where(m => former.MessageIds.Contains(m.Id) && m.TicketId != former.Id && involved.Contains(m.TicketId))
                .Select(m => new { m.Id, m.TicketId })
                .ToListAsync(cancellationToken);
            if (strayed.Count == 0)
            {
                continue;
            }

            returned = true;
            var isNew = !existing.Contains(former.Id);
            if (isNew)
            {
                await ReviveAsync(former, cancellationToken);
            }

            foreach (var group in strayed.GroupBy(m => m.TicketId, m => m.Id))
            {
                await MessageTransfer.MoveAsync(db, [.. group], group.Key, former.Id, cancellationToken);
                Announce(former, group.Key, isNew);
            }
        }

        if (!returned)
        {
            return false;
        }

        await RestoreAsync(existing, cancellationToken);
        await TicketRegrouping.FinishAsync(db, involved, cancellationToken);
        return true;
    }

    private async Task ReviveAsync(FormerTicket former, CancellationToken cancellationToken)
    {
        db.Tickets.Add(former.Copy());
        await db.SaveChangesAsync(cancellationToken);
        var folded = JsonSerializer.Serialize(former.FoldedIn);
        var linked = JsonSerializer.Serialize(former.LinkedFrom);
        var drafts = JsonSerializer.Serialize(former.DraftIds);
        foreach (var statement in (FormattableString[])
        [
            $"DELETE FROM ticket_merges WHERE TicketId = {former.Id}",
            $"UPDATE ticket_merges SET IntoId = {former.Id} WHERE TicketId IN (SELECT value FROM json_each({folded}))",
            $"UPDATE tickets SET LinkedTicketId = {former.Id} WHERE Id IN (SELECT value FROM json_each({linked}))",
            $"UPDATE drafts SET TicketId = {former.Id} WHERE Id IN (SELECT value FROM json_each({drafts}))",
        ])
        {
            await db.Database.ExecuteSqlAsync(statement, cancellationToken);
        }
    }

    private async Task RestoreAsync(HashSet<long> existing, CancellationToken cancellationToken)
    {
        await RestoreReferencesAsync(cancellationToken);
        await RestoreTagsAsync(cancellationToken);
        await RestoreExternalsAsync(cancellationToken);
        foreach (var former in done.Former.Where(former => existing.Contains(former.Id)))
        {
            await RestoreStateAsync(former, cancellationToken);
        }

        if (done.CreatedId is { } created && !await db.Messages.AnyAsync(m => m.TicketId == created, cancellationToken))
        {
            TicketMerging.Fold(db, done.Former[0].Id, created);
        }
    }

    /// <summary>What its messages only refer to leads to a ticket again, and to no other that had no such message.</summary>
    private async Task RestoreReferencesAsync(CancellationToken cancellationToken)
    {
        foreach (var former in done.Former)
        {
            var ids = JsonSerializer.Serialize(former.ReferredIds);
            await db.Database.ExecuteSqlAsync(
                $"INSERT OR IGNORE INTO thread_keys (MailboxId, InternetMessageId, TicketId) SELECT {former.Row.MailboxId}, value, {former.Id} FROM json_each({ids})",
                cancellationToken);
        }

        if (done.After is not null)
        {
            var first = done.Former[0];
            var foreign = done.Former.Skip(1).SelectMany(other => other.ReferredIds).Except(first.ReferredIds, StringComparer.Ordinal).ToList();
            await db.ThreadKeys.Where(k => k.TicketId == first.Id && k.MessageId == null && foreign.Contains(k.InternetMessageId)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    /// <summary>Each has its own again; what came with another goes with it.</summary>
    private async Task RestoreTagsAsync(CancellationToken cancellationToken)
    {
        foreach (var former in done.Former)
        {
            foreach (var other in done.Former.Where(other => other != former))
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    DELETE FROM ticket_tags WHERE TicketId = {former.Id}
                        AND TagId IN (SELECT json_extract(value, '$[0]') FROM json_each({other.Tags}))
                        AND TagId NOT IN (SELECT json_extract(value, '$[0]') FROM json_each({former.Tags}))
                    """,
                    cancellationToken);
            }

            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT OR IGNORE INTO ticket_tags (TicketId, TagId, Source, PersonId, Reason, At, IsTakenOff)
                SELECT t.Id, tags.Id, json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]')
                FROM json_each({former.Tags}) JOIN tags ON tags.Id = json_extract(value, '$[0]') JOIN tickets t ON t.Id = {former.Id}
                """,
                cancellationToken);
        }
    }

    /// <summary>Other systems find each ticket by their own number again, with what they know of it. What they said of it since it was merged stays.</summary>
    private async Task RestoreExternalsAsync(CancellationToken cancellationToken)
    {
        var facts = $"[{string.Join(',', done.Former.Select(former => former.Facts))}]";
        var involved = JsonSerializer.Serialize(done.Former.Select(former => former.Id));
        foreach (var former in done.Former)
        {
            foreach (var statement in (FormattableString[])
            [
                $"""
                UPDATE external_tickets SET TicketId = {former.Id}
                WHERE TicketId IN (SELECT value FROM json_each({involved})) AND EXISTS (SELECT 1 FROM tickets WHERE Id = {former.Id})
                    AND (OwnerId, ExternalId) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({former.ExternalIds}))
                """,
                $"""
                DELETE FROM ticket_facts
                WHERE TicketId = {former.Id} AND {former.Facts} = '[]' AND {done.After is not null}
                    AND json_array(ContractId, Channel, AdditionalData, WorkedOnBy) IN (SELECT fact.value FROM json_each({facts}) one, json_each(one.value) fact)
                """,
                $"""
                INSERT OR IGNORE INTO ticket_facts (TicketId, ContractId, Channel, AdditionalData, WorkedOnBy)
                SELECT t.Id, json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')
                FROM json_each({former.Facts}) JOIN tickets t ON t.Id = {former.Id}
                """,
            ])
            {
                await db.Database.ExecuteSqlAsync(statement, cancellationToken);
            }
        }
    }

    private async Task RestoreStateAsync(FormerTicket former, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => t.Id == former.Id, cancellationToken) is not { } ticket)
        {
            return;
        }

        var before = TicketState.Of(ticket);
        var after = done.After is { } change && change.TicketId == former.Id ? before.Without(change) : before;
        (ticket.IsKeptApart, ticket.LinkedTicketId) = (former.Row.IsKeptApart, ticket.LinkedTicketId ?? former.Row.LinkedTicketId);
        after.ApplyTo(ticket);
        if (done.After is not null && ticket.SpamStatus == done.SpamStatus && ticket.SpamStatus != former.Row.SpamStatus)
        {
            ticket.SpamStatus = former.Row.SpamStatus;
            db.Activity.Add(TicketRegrouping.JudgedEntryOf(ticket, done.SpamStatus, actor, origin, clock));
        }

        db.Activity.AddRange(TicketEditing.EntriesOf(ticket, before, after, actor, origin, clock));
    }

    private void Announce(FormerTicket former, long from, bool isNew)
    {
        if (isNew)
        {
            Add(ActivityKind.TicketSplit, from);
            Add(ActivityKind.TicketCreated, former.Id);
        }
        else if (from == done.CreatedId)
        {
            Add(ActivityKind.TicketsMerged, former.Id);
        }
        else
        {
            Add(ActivityKind.MessagesLeft, from);
            Add(ActivityKind.MessagesJoined, former.Id);
        }

        void Add(ActivityKind kind, long ticketId) => db.Activity.Add(ActivityEntry.Of(
            kind, actor, origin, clock, former.Row.MailboxId, ticketId, changes: ("ticket", from, former.Id)));
    }
}
