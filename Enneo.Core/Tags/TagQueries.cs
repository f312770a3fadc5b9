using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tags;

/// <summary>A tag in its tree.</summary>
/// <param name="FullName">With the names of those above it, such as "Billing / Refunds".</param>
/// <param name="Depth">How many stand above it.</param>
/// <param name="MailboxIds">Where it applies; none for all.</param>
public sealed record TagListing(
    long Id, string Name, string FullName, int Depth, long? ParentId, TagColour Colour, TagType Type, TagVisibility Visibility, TagReference Reference,
    TagDetectionMode Detection, bool IsDefault, bool IsSpam, IReadOnlyList<long> MailboxIds)
{
    public bool IsOffered => Visibility is TagVisibility.Public && Reference is TagReference.Ticket;

    public bool AppliesTo(long mailboxId) => MailboxIds.Count == 0 || MailboxIds.Contains(mailboxId);

    public bool Equals(TagListing? other) => other is not null
        && (Id, FullName, Colour, Type, Visibility, Reference, Detection, ParentId) == (other.Id, other.FullName, other.Colour, other.Type, other.Visibility, other.Reference, other.Detection, other.ParentId)
        && (IsDefault, IsSpam) == (other.IsDefault, other.IsSpam) && MailboxIds.SequenceEqual(other.MailboxIds);

    public override int GetHashCode() => HashCode.Combine(Id, FullName, Colour);
}

/// <summary>A tag that a ticket has, and why.</summary>
public sealed record GivenTag(long TicketId, long TagId, TagSource Source, long? PersonId, TagReason Reason, DateTimeOffset At);

/// <summary>The reads of tags. That there are tags everybody may know; what has them is read within reach.</summary>
public sealed class TagQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>The tree from the top, those of the same parent in their order.</returns>
    public async Task<IReadOnlyList<TagListing>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return TagTree.Of(await db.Tags.AsNoTracking().ToListAsync(cancellationToken));
    }

    /// <returns>Null if there is no such tag.</returns>
    public async Task<Tag?> FindAsync(long tagId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Tags.AsNoTracking().SingleOrDefaultAsync(t => t.Id == tagId, cancellationToken);
    }

    /// <returns>All that is known of each, in no order.</returns>
    public async Task<IReadOnlyList<Tag>> DetailsAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Tags.AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>The tags of tickets, but for those that are disabled.</summary>
    public async Task<ILookup<long, GivenTag>> OfTicketsAsync(Reach reach, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var given = await (
            from ticket in reach.Of(db.Tickets)
            join row in db.TicketTags on ticket.Id equals row.TicketId
            join tag in db.Tags on row.TagId equals tag.Id
            where ticketIds.Contains(ticket.Id) && !row.IsTakenOff && tag.Visibility != TagVisibility.Disabled
            select row).AsNoTracking().ToListAsync(cancellationToken);
        return given.ToLookup(row => row.TicketId, row => new GivenTag(row.TicketId, row.TagId, row.Source, row.PersonId, TagReason.FromJson(row.Reason), row.At));
    }

    /// <returns>By tag, how many open conversations have it; those without any are left out.</returns>
    public async Task<IReadOnlyDictionary<long, int>> CountsAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from ticket in reach.Of(db.Tickets)
            join row in db.TicketTags on ticket.Id equals row.TicketId
            where ticket.Status != TicketStatus.Closed && ticket.Place == TicketPlace.Desk && ticket.SnoozedUntil == null && !row.IsTakenOff
            group row by row.TagId into tags
            select new { tags.Key, Count = tags.Count() }).ToDictionaryAsync(tag => tag.Key, tag => tag.Count, cancellationToken);
    }
}
