using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>A ticket as it is here now.</summary>
/// <param name="Tag">For a change of this very state.</param>
/// <param name="Sequence">The newest that the log said of it when it was read.</param>
internal sealed record OurTicket(long Id, string Tag, long Sequence, IReadOnlyDictionary<SyncedField, string?> Values, IReadOnlySet<string> Tags, bool IsSpam)
{
    public required string Subject { get; init; }

    /// <summary>Somebody or something said how it stands; else it is closed only because its mail was old, or ours, when it came in.</summary>
    public bool IsStatusDecided { get; init; } = true;

    /// <summary>Somebody gave it its subject; else that is the one of its first mail.</summary>
    public bool IsRenamed { get; init; } = true;

    /// <summary>What could be given there, oldest first.</summary>
    public required IReadOnlyList<OurMessage> Messages { get; init; }
}

/// <summary>A message as it is here.</summary>
/// <param name="Delivery">Null for what does not leave from here.</param>
/// <param name="ExternalIds">What the other system calls it.</param>
internal sealed record OurMessage(Message Row, DeliveryState? Delivery, DateTimeOffset? LeavesAt, IReadOnlyList<string> ExternalIds)
{
    /// <summary>It lies in the trash, or is gone from its mail server.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>Reads our side of the comparison.</summary>
internal sealed class OurTicketReading(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Null if there is no such ticket any more.</returns>
    public async Task<OurTicket?> FindAsync(ActingIntegration acting, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var sequence = await db.Activity.Where(e => e.TicketId == ticketId).MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0; // first: what happens meanwhile comes later
        if (await TicketVersions.FindTagAsync(db, ticketId, cancellationToken) is not { } tag
            || await db.Tickets.AsNoTracking().SingleOrDefaultAsync(t => t.Id == ticketId && t.MailboxId == acting.Integration.MailboxId, cancellationToken) is not { } ticket)
        {
            return null;
        }

        var assignee = ticket.AssigneeId is { } person ? await db.Users.Where(u => u.Id == person).Select(u => u.Email ?? u.DisplayName).SingleOrDefaultAsync(cancellationToken) : null;
        var tags = await db.TicketTags.Where(g => g.TicketId == ticketId && !g.IsTakenOff).Join(db.Tags, g => g.TagId, t => t.Id, (_, t) => t.Name).ToListAsync(cancellationToken);
        Dictionary<SyncedField, string?> values = new()
        {
            [SyncedField.Status] = TicketWords.Of(ticket.Status),
            [SyncedField.Priority] = TicketWords.Of(ticket.Priority),
            [SyncedField.Assignee] = assignee,
            [SyncedField.Subject] = ticket.Subject,
        };
        return new OurTicket(ticketId, tag, sequence, values, tags.ToHashSet(StringComparer.OrdinalIgnoreCase), ticket.SpamStatus.IsSpam())
        {
            Subject = ticket.Subject,
            IsStatusDecided = ticket.Status is not TicketStatus.Closed || await db.Activity.AnyAsync(e => e.TicketId == ticketId && e.Kind == ActivityKind.TicketStatusChanged, cancellationToken),
            IsRenamed = ticket.GivenSubject is not null,
            Messages = await MessagesAsync(db, acting.OwnerId, ticketId, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<OurMessage>> MessagesAsync(EnneoDbContext db, long ownerId, long ticketId, CancellationToken cancellationToken)
    {
        var rows = await db.Messages.AsNoTracking().Where(m => m.TicketId == ticketId).OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id).ToListAsync(cancellationToken);
        var names = (await db.Set<ExternalMessage>().AsNoTracking().Where(e => e.OwnerId == ownerId && db.Messages.Any(m => m.Id == e.MessageId && m.TicketId == ticketId)).ToListAsync(cancellationToken))
            .ToLookup(e => e.MessageId, e => e.ExternalId);
        var leaving = await db.Outbox.AsNoTracking().Where(o => o.TicketId == ticketId).ToDictionaryAsync(o => o.MessageId, o => (o.State, o.NextAttemptAt), cancellationToken);
        var deleted = await DeletedMail.AtAsync(db, rows.FindAll(row => names.Contains(row.Id)), cancellationToken);
        List<OurMessage> messages = [];
        foreach (var row in rows)
        {
            var outgoing = leaving.TryGetValue(row.Id, out var known) ? known : ((DeliveryState State, DateTimeOffset NextAttemptAt)?)null;
            messages.Add(new OurMessage(row, outgoing?.State, outgoing?.NextAttemptAt, [.. names[row.Id]]) { IsDeleted = deleted.ContainsKey(row.Id) });
        }

        return messages;
    }
}
