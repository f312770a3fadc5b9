using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>A ticket and all that led to it, as it was before messages changed their ticket.</summary>
/// <param name="Row">Detached.</param>
/// <param name="ReferredIds">Message-IDs to which its messages only refer.</param>
/// <param name="LinkedFrom">Tickets that were linked to it.</param>
/// <param name="FoldedIn">Tickets that had been folded into it.</param>
/// <param name="DraftIds">Drafts that were written in it.</param>
public sealed record FormerTicket(
    Ticket Row,
    IReadOnlyList<long> MessageIds,
    IReadOnlyList<string> ReferredIds,
    IReadOnlyList<long> LinkedFrom,
    IReadOnlyList<long> FoldedIn,
    IReadOnlyList<long> DraftIds)
{
    /// <summary>Its tags, as rows in JSON.</summary>
    public string Tags { get; init; } = "[]";

    /// <summary>What other systems call it, as rows in JSON.</summary>
    public string ExternalIds { get; init; } = "[]";

    /// <summary>What other systems know of it, as rows in JSON.</summary>
    public string Facts { get; init; } = "[]";

    public long Id => Row.Id;

    internal static async Task<FormerTicket> ReadAsync(EnneoDbContext db, Ticket row, CancellationToken cancellationToken) => new(
        row,
        await db.Messages.Where(m => m.TicketId == row.Id).Select(m => m.Id).ToListAsync(cancellationToken),
        await db.ThreadKeys.Where(k => k.TicketId == row.Id && k.MessageId == null).Select(k => k.InternetMessageId).ToListAsync(cancellationToken),
        await db.Tickets.Where(t => t.LinkedTicketId == row.Id).Select(t => t.Id).ToListAsync(cancellationToken),
        await db.TicketMerges.Where(m => m.IntoId == row.Id).Select(m => m.TicketId).ToListAsync(cancellationToken),
        await db.Database.SqlQuery<long>($"SELECT Id AS Value FROM drafts WHERE TicketId = {row.Id}").ToListAsync(cancellationToken))
    {
        Tags = await db.Database.SqlQuery<string>(
            $"SELECT json_group_array(json_array(TagId, Source, PersonId, Reason, At, IsTakenOff)) AS Value FROM ticket_tags WHERE TicketId = {row.Id}").SingleAsync(cancellationToken),
        ExternalIds = await db.Database.SqlQuery<string>(
            $"SELECT json_group_array(json_array(OwnerId, ExternalId)) AS Value FROM external_tickets WHERE TicketId = {row.Id}").SingleAsync(cancellationToken),
        Facts = await db.Database.SqlQuery<string>(
            $"SELECT json_group_array(json_array(ContractId, Channel, AdditionalData, WorkedOnBy)) AS Value FROM ticket_facts WHERE TicketId = {row.Id}").SingleAsync(cancellationToken),
    };

    /// <summary>The row anew, under its old id; its summary follows from its messages.</summary>
    internal Ticket Copy() => new()
    {
        Id = Row.Id,
        MailboxId = Row.MailboxId,
        Subject = Row.Subject,
        Status = Row.Status,
        SpamStatus = Row.SpamStatus,
        Priority = Row.Priority,
        AiSupportLevel = Row.AiSupportLevel,
        FirstResponseDueBy = Row.FirstResponseDueBy,
        DueBy = Row.DueBy,
        AssigneeId = Row.AssigneeId,
        SnoozedUntil = Row.SnoozedUntil,
        CreatedAt = Row.CreatedAt,
        LastMessageAt = Row.LastMessageAt,
        WokenAt = Row.WokenAt,
        People = Row.People,
        Snippet = Row.Snippet,
        LinkedTicketId = Row.LinkedTicketId,
        IsKeptApart = Row.IsKeptApart,
        Version = Row.Version + 1,
    };
}
